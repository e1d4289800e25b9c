"""Events: making, changing, publishing, putting away; and who organizes them."""

import zoneinfo
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import permissions, selectors
from events.deeds import Deed
from events.models import EVENT_NAME_LENGTH, Event, LetterKind, Organization, User
from events.pictures import Choice, put_picture
from events.services.access import ask_again, ask_again_at, open_up
from events.services.blocks import end_block
from events.services.mailings import call_on_again, hold, mail_everybody
from events.services.rules import check_organizer, check_runs, new_slug, not_your_organization
from events.signals import dashboard_acted
from events.text import one_line
from hopin_backstage.moments import check_moment
from hopin_backstage.realtime import Refused

#: What `description` keeps, in characters.
DESCRIPTION_LENGTH = 10_000


class EventChanges(TypedDict, total=False):
    """What can be changed of an event; what is not given stays."""

    name: str
    description: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    registration_open: bool
    capacity: int | None


@transaction.atomic
def create_event(
    *,
    actor: User,
    organization: Organization,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    time_zone: str = "UTC",
    description: str = "",
    status: str = Event.Status.DRAFT,
    registration_open: bool = True,
    capacity: int | None = None,
    slug: str = "",
) -> Event:
    """Makes an event without stages; it is logged.

    Raises Refused: `organization.not_yours`, and `event.` `name`, `description`, `ends_before_start`, `time_zone`,
    `capacity`, and `time.out_of_range`.
    """
    if not permissions.may_create_event(actor, organization):
        raise not_your_organization()
    event = Event(
        organization=organization,
        name=one_line(name),
        description=description,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=time_zone,
        status=status,
        registration_open=registration_open,
        capacity=capacity,
    )
    _check_sound(event)
    event.slug = slug or new_slug(Event.objects.all(), event.name, longest=80)
    event.save()
    _log(Deed.CREATED, actor, event)
    return event


@transaction.atomic
def edit_event(*, actor: User, event: Event, tell: str = "", **changes: Unpack[EventChanges]) -> Event:
    """Changes what is given, logs the names of what is new, and returns the event as it is now.

    `tell`: the whole address of the event's page, if everybody who is registered is to be written to where a published
    event has other times now; empty: nobody is.
    Raises Refused: `event.not_yours`, `event.archived`, `event.mailed_often`, and as `create_event`.
    """
    event = _locked(event)
    check_organizer(actor, event)
    if "name" in changes:
        changes["name"] = one_line(changes["name"])
    changed = [name for name, value in changes.items() if getattr(event, name) != value]
    for name in changed:
        setattr(event, name, changes[name])  # type: ignore[literal-required]
    _check_sound(event)
    if "capacity" in changed:
        check_places(event, event.capacity)
    if changed:
        is_rescheduled = not {"starts_at", "ends_at"}.isdisjoint(changed)
        event.calendar_sequence += is_rescheduled
        event.save(update_fields=[*changed, "calendar_sequence"])
        _log(Deed.EDITED, actor, event, detail=", ".join(sorted(changed)))
        if tell and is_rescheduled and permissions.is_public(event):
            mail_everybody(event=event, kind=LetterKind.RESCHEDULED, page=tell)
    return event


@transaction.atomic
def set_event_picture(*, actor: User, event: Event, picture: Choice) -> None:
    """Puts a picture in place of the one before, takes it away, or leaves it, as PictureField says.

    The file before is deleted on commit. Raises Refused: `event.not_yours`, `event.archived`.
    """
    check_organizer(actor, event)
    if picture or (picture is False and event.picture):
        put_picture(event, "picture", picture)
        event.save(update_fields=["picture"])
        _log(Deed.EDITED, actor, event, detail="picture")


@transaction.atomic
def publish_event(*, actor: User, event: Event, page: str = "") -> None:
    """Everybody may see the event's page, and register; its chat opens before whoever has it open.

    Whoever was written to that it is off is written to that it is on again; `page`: the whole address of its page.
    Raises Refused: `event.not_yours`, `event.archived`.
    """
    if _set_status(actor, event, Event.Status.PUBLISHED, Deed.PUBLISHED):
        open_up(event)
        call_on_again(event=_locked(event), page=page)


@transaction.atomic
def unpublish_event(*, actor: User, event: Event, tell: str = "") -> None:
    """Nobody but its organizers sees the event and comes to it any more. Whoever has registered stays so.

    Everybody else is put out of its Stages, Backstages and chats at once. `tell`: the whole address of the event's
    page, if everybody who is registered is to be written to; empty: nobody is.
    Raises Refused: `event.not_yours`, `event.archived`, `event.mailed_often`.
    """
    if _set_status(actor, event, Event.Status.DRAFT, Deed.UNPUBLISHED):
        ask_again_at(event)
        event = _locked(event)
        if tell:
            mail_everybody(event=event, kind=LetterKind.CALLED_OFF, page=tell)
        else:
            hold(event=event)


@transaction.atomic
def archive_event(*, actor: User, event: Event) -> None:
    """Puts the event away: out of lists, its page gone for attendees; nobody comes in any more, whoever is in goes.

    Raises Refused `event.not_yours`.
    """
    check_runs(actor, event)
    if Event.objects.filter(pk=event.pk, archived_at__isnull=True).update(archived_at=timezone.now()):
        _log(Deed.ARCHIVED, actor, event)
        ask_again_at(event)
        hold(event=event)


@transaction.atomic
def restore_event(*, actor: User, event: Event) -> None:
    """The event is again what it was before it was archived. Raises Refused `event.not_yours`."""
    check_runs(actor, event)
    if Event.objects.filter(pk=event.pk, archived_at__isnull=False).update(archived_at=None):
        _log(Deed.RESTORED, actor, event)


@transaction.atomic
def add_organizer(*, actor: User, event: Event, user: User) -> None:
    """The person may run the event from now on; a block on them ends, as `unblock` ends it. It is logged.

    Raises Refused: `event.not_yours`, `event.archived`, `registration.full`.
    """
    check_organizer(actor, event)
    if event.organizers.filter(pk=user.pk).exists():
        return
    end_block(actor=actor, event=_locked(event), user=user)
    event.organizers.add(user)
    _log(Deed.ORGANIZER_ADDED, actor, event, user=user)
    ask_again(user)


@transaction.atomic
def remove_organizer(*, actor: User, event: Event, user: User) -> None:
    """The person runs the event no longer; what only organizers may do ends at once. It is logged.

    Raises Refused: `event.not_yours`, `event.archived`, `organizer.by_role`.
    """
    check_organizer(actor, event)
    if permissions.may_run_organization(user, event.organization):
        raise Refused(
            "organizer.by_role",
            _(
                "%(name)s is an owner or admin of %(organization)s and so an organizer of all its events. "
                "Change the role among the organization's members."
            )
            % {"name": user, "organization": event.organization},
        )
    if not event.organizers.filter(pk=user.pk).exists():
        return
    event.organizers.remove(user)
    _log(Deed.ORGANIZER_REMOVED, actor, event, user=user)
    ask_again(user)


def _locked(event: Event) -> Event:
    """The row is the lock, as for registering: capacity and registrations are never changed side by side."""
    return Event.objects.select_for_update(of=("self",)).select_related("organization").get(pk=event.pk)


def _set_status(actor: User, event: Event, status: Event.Status, deed: Deed) -> bool:
    """Whether it was another one before."""
    check_organizer(actor, event)
    # A calendar takes no notice of a file that is no newer than the one before.
    another = Event.objects.filter(pk=event.pk).exclude(status=status)
    if not another.update(status=status, calendar_sequence=F("calendar_sequence") + 1):
        return False
    _log(deed, actor, event)
    return True


def _check_sound(event: Event) -> None:
    if not event.name or len(event.name) > EVENT_NAME_LENGTH:
        raise Refused("event.name", _("Give the event a name of at most 160 characters."))
    if len(event.description) > DESCRIPTION_LENGTH:
        raise Refused("event.description", _("Shorten the description to 10,000 characters."))
    for moment in (event.starts_at, event.ends_at):
        check_moment(moment)
    check_order(event.starts_at, event.ends_at)
    if event.time_zone not in zoneinfo.available_timezones():
        raise Refused("event.time_zone", _("There is no time zone of this name. Choose one from the list."))
    if event.capacity is not None and event.capacity < 1:
        raise Refused("event.capacity", _("Enter at least one place, or leave it empty for no limit."))


def check_order(starts_at: datetime, ends_at: datetime) -> None:
    """Raises Refused `event.ends_before_start`. Forms ask it, too, to say all that is wrong at once."""
    if ends_at <= starts_at:
        raise Refused(
            "event.ends_before_start", _("An event has to end after it starts. Change one of the two.")
        )


def check_places(event: Event, capacity: int | None) -> None:
    """Raises Refused `event.capacity`. Forms ask it, too; what counts is asked within the lock of the event's row."""
    registered = selectors.with_places(event).count()
    if capacity is not None and capacity < registered:
        raise Refused(
            "event.capacity",
            ngettext(
                "%(count)s person is registered already. Enter at least as many places.",
                "%(count)s people are registered already. Enter at least as many places.",
                registered,
            )
            % {"count": registered},
        )


def _log(deed: Deed, actor: User, event: Event, *, user: User | None = None, detail: str = "") -> None:
    dashboard_acted.send(sender=Event, deed=deed, actor=actor, event=event, user=user, detail=detail)
