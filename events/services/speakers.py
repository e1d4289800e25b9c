"""Speakers whom an event's public page names. Being one says nothing about who may come in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from events.deeds import Deed
from events.models import DISPLAY_NAME_LENGTH, Event, Speaker, SpeakerLink, User
from events.pictures import Choice, put_picture
from events.services.rules import check_organizer
from events.signals import dashboard_acted
from events.text import one_line
from hopin_backstage.realtime import Refused

#: Speakers of an event, and links of a speaker, at most.
MOST_SPEAKERS, MOST_LINKS = 200, 4
TITLE_LENGTH, LABEL_LENGTH, ADDRESS_LENGTH = 120, 40, 300

_is_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Link:
    """An address of a speaker; `label` may be empty."""

    label: str
    url: str


@transaction.atomic
def add_speaker(
    *,
    actor: User,
    event: Event,
    name: str,
    title: str = "",
    photo: Choice = None,
    links: Sequence[Link] = (),
) -> Speaker:
    """Puts a speaker behind the others; `photo` as PictureField gives it. It is logged.

    Raises Refused: `event.not_yours`, `event.archived`, and `speaker.` `name`, `title`, `link`, `too_many`.
    """
    event = _locked(event)
    check_organizer(actor, event)
    positions = list(event.speakers.values_list("position", flat=True))
    if len(positions) >= MOST_SPEAKERS:
        raise Refused("speaker.too_many", _("An event has at most 200 speakers. Remove one first."))
    speaker = Speaker(event=event, position=max(positions, default=-1) + 1)
    _fill(speaker, name, title, photo, links)
    _log(Deed.SPEAKER_ADDED, actor, speaker)
    return speaker


@transaction.atomic
def edit_speaker(
    *, actor: User, speaker: Speaker, name: str, title: str, links: Sequence[Link], photo: Choice = None
) -> Speaker:
    """Says everything about a speaker anew; `photo` None leaves the photo, False takes it away. It is logged.

    A photo that is replaced is deleted on commit. Raises Refused as `add_speaker`.
    """
    check_organizer(actor, speaker.event)
    _fill(speaker, name, title, photo, links)
    _log(Deed.SPEAKER_EDITED, actor, speaker)
    return speaker


@transaction.atomic
def move_speaker(*, actor: User, speaker: Speaker, places: int) -> None:
    """Forward (negative) or back in the order; it is logged. At either end, nothing happens.

    Raises Refused: `event.not_yours`, `event.archived`.
    """
    event = _locked(speaker.event)
    check_organizer(actor, event)
    order = list(event.speakers.all())
    now = order.index(speaker)
    wanted = min(max(now + places, 0), len(order) - 1)
    if wanted == now:
        return
    order.insert(wanted, order.pop(now))
    # All of them: where two had the same position, the name decided until now.
    for position, each in enumerate(order):
        each.position = position
    Speaker.objects.bulk_update(order, ["position"])
    _log(Deed.SPEAKER_MOVED, actor, speaker)


@transaction.atomic
def remove_speaker(*, actor: User, speaker: Speaker) -> None:
    """With links and photo. It is logged. Raises Refused: `event.not_yours`, `event.archived`."""
    check_organizer(actor, speaker.event)
    _log(Deed.SPEAKER_REMOVED, actor, speaker)
    put_picture(speaker, "photo", False)
    speaker.delete()


def _locked(event: Event) -> Event:
    return Event.objects.select_for_update(of=("self",)).select_related("organization").get(pk=event.pk)


def _fill(speaker: Speaker, name: str, title: str, photo: Choice, links: Sequence[Link]) -> None:
    speaker.name, speaker.title = one_line(name), one_line(title)
    if not speaker.name or len(speaker.name) > DISPLAY_NAME_LENGTH:
        raise Refused("speaker.name", _("Give the speaker a name of at most 80 characters."))
    if len(speaker.title) > TITLE_LENGTH:
        raise Refused("speaker.title", _("Shorten the title to 120 characters."))
    checked = [_checked(link) for link in links]
    if len(checked) > MOST_LINKS:
        raise Refused("speaker.link", _("A speaker has at most four links. Remove one."))
    put_picture(speaker, "photo", photo)
    speaker.save()
    speaker.links.all().delete()
    for position, link in enumerate(checked):
        SpeakerLink.objects.create(speaker=speaker, label=link.label, url=link.url, position=position)


def _checked(link: Link) -> Link:
    """A link is followed by people: no other scheme than http and https, which run nothing."""
    url = link.url.strip()
    try:
        _is_web_address(url)
    except ValidationError:
        url = ""
    if not url or len(url) > ADDRESS_LENGTH:
        raise Refused(
            "speaker.link", _("Enter a web address that begins with https://, of at most 300 characters.")
        )
    return Link(label=one_line(link.label)[:LABEL_LENGTH], url=url)


def _log(deed: Deed, actor: User, speaker: Speaker) -> None:
    dashboard_acted.send(
        sender=Event, deed=deed, actor=actor, event=speaker.event, user=None, detail=speaker.name
    )
