"""An event as a calendar file: https://www.rfc-editor.org/rfc/rfc5545"""

import zoneinfo
from datetime import UTC, timedelta, tzinfo

import icalendar
from django.utils import timezone

from events.models import Event

PRODUCT = "-//Hopin Backstage//Events//EN"
#: What the file is called where it is kept.
FILE_NAME = "event.ics"


def calendar_file(event: Event, *, page: str = "", is_off: bool = False) -> bytes:
    """`page`: the whole address of the event's page, or empty; `is_off`: takes the event out of the calendar.

    The same event has the same UID in every file, and a later one a SEQUENCE that is no lower, so that a calendar which
    is given a second one changes its entry: https://www.rfc-editor.org/rfc/rfc5546#section-2.1.4
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "PUBLISH")
    if zone := _rules(event):
        calendar.add_component(zone)
    entry = _entry(event, page)
    if is_off:
        entry.add("status", "CANCELLED")
    calendar.add_component(entry)
    return calendar.to_ical()


def _entry(event: Event, page: str) -> icalendar.Event:
    zone = _zone_of(event)
    entry = icalendar.Event()
    entry.add("uid", f"event-{event.pk}-{event.created_at:%Y%m%d%H%M%S}@hopin-backstage")
    entry.add("sequence", event.calendar_sequence)
    entry.add("dtstamp", timezone.now().astimezone(UTC))
    entry.add("dtstart", event.starts_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    entry.add("summary", event.name)
    entry.add("organizer", _organizer(event))
    if event.description:
        entry.add("description", event.description.replace("\r\n", "\n"))
    if page:
        entry.add("url", page)
        entry.add("location", page)
    return entry


def _organizer(event: Event) -> icalendar.vCalAddress:
    """The organization, by name alone: nobody's own address stands in a file that goes to everybody."""
    organizer = icalendar.vCalAddress("invalid:nomail")
    organizer.params["CN"] = icalendar.vText(event.organization.name)
    return organizer


def _rules(event: Event) -> icalendar.Timezone | None:
    """The zone's rules around the event, for calendars that do not know its name. UTC needs none."""
    zone = _zone_of(event)
    if zone is UTC:
        return None
    around = timedelta(days=366)
    return icalendar.Timezone.from_tzinfo(
        zone,
        tzid=event.time_zone,
        first_date=(event.starts_at - around).date(),
        last_date=(event.ends_at + around).date(),
    )


def _zone_of(event: Event) -> tzinfo:
    return UTC if event.time_zone in {"UTC", "Etc/UTC"} else zoneinfo.ZoneInfo(event.time_zone)
