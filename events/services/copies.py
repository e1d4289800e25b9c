"""Making an event like another one."""

from pathlib import Path

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils.translation import gettext as _

from events import permissions
from events.deeds import Deed
from events.models import EVENT_NAME_LENGTH, Event, Speaker, SpeakerLink, Stage, User
from events.services.rules import check_runs, new_slug, not_your_organization
from events.signals import dashboard_acted


@transaction.atomic
def duplicate_event(*, actor: User, event: Event) -> Event:
    """A draft with the same description, times, picture, stages, speakers and organizers, and nobody registered.

    Its stages have Backstages, and so links, of their own. Pictures are copied as files; it is logged.
    Raises Refused: `event.not_yours`, `organization.not_yours`.
    """
    check_runs(actor, event)
    if not permissions.may_create_event(actor, event.organization):
        raise not_your_organization()
    name = (_("Copy of %(event)s") % {"event": event.name})[:EVENT_NAME_LENGTH]
    copy = Event.objects.create(
        organization=event.organization,
        name=name,
        slug=new_slug(Event.objects.all(), name, longest=80),
        description=event.description,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        time_zone=event.time_zone,
        registration_open=event.registration_open,
        capacity=event.capacity,
    )
    _copy_file(event, copy, "picture")
    copy.organizers.set(event.organizers.all())
    _copy_stages(event, copy)
    _copy_speakers(event, copy)
    dashboard_acted.send(
        sender=Event, deed=Deed.CREATED, actor=actor, event=copy, user=None, detail=event.name
    )
    return copy


def _copy_stages(event: Event, copy: Event) -> None:
    Stage.objects.bulk_create(
        Stage(
            event=copy,
            name=stage.name,
            position=stage.position,
            provider=stage.provider,
            video_address=stage.video_address,
            delay_s=stage.delay_s,
        )
        for stage in event.stages.filter(archived_at__isnull=True)
    )


def _copy_speakers(event: Event, copy: Event) -> None:
    for speaker in event.speakers.prefetch_related("links"):
        twin = Speaker.objects.create(
            event=copy, name=speaker.name, title=speaker.title, position=speaker.position
        )
        _copy_file(speaker, twin, "photo")
        SpeakerLink.objects.bulk_create(
            SpeakerLink(speaker=twin, label=link.label, url=link.url, position=link.position)
            for link in speaker.links.all()
        )


def _copy_file(row: models.Model, twin: models.Model, field: str) -> None:
    """A file of its own: whoever changes one of the two must not take the other's. One that is lost is not copied."""
    original = getattr(row, field)
    if original and original.storage.exists(original.name):
        with original.open("rb") as file:
            getattr(twin, field).save(Path(original.name).name, ContentFile(file.read()), save=True)
