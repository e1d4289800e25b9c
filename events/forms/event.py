"""What is asked of an event, when it is made and in its settings."""

import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import cache, partial
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import selectors
from events.forms.pictures import PictureField
from events.models import EVENT_NAME_LENGTH, Event
from events.services.events import DESCRIPTION_LENGTH, EventChanges, check_order, check_places
from hopin_backstage.moments import EARLIEST, LATEST, out_of_range
from hopin_backstage.realtime import Refused

#: Pixels of an event's picture: two for each that the public page has on a dense screen.
PICTURE_SIDE = 1600

#: The field that a refusal of a service belongs to.
FIELD_OF = {
    "event.name": "name",
    "event.description": "description",
    "event.ends_before_start": "ends",
    "event.time_zone": "time_zone",
    "event.capacity": "capacity",
}


@cache
def time_zones() -> list[tuple[str, Any]]:
    """Zones by part of the world, each by its city: the form of them that browsers let people type their way into."""
    names = sorted(
        name
        for name in zoneinfo.available_timezones()
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))
    )
    groups = groupby(names, key=lambda name: name.split("/", 1)[0])
    return [
        ("UTC", "UTC"),
        *((region, [(name, _city(name)) for name in members]) for region, members in groups),
    ]


def _city(name: str) -> str:
    return name.split("/", 1)[1].replace("_", " ").replace("/", ", ")


class WallClockField(forms.DateTimeField):
    """Day and time as a clock on the wall shows them, without a zone: that is a field of its own."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(widget=widget, **options)

    def to_python(self, value: Any) -> datetime | None:
        # Read in UTC, which has every hour once.
        with timezone.override(UTC):
            read = super().to_python(value)
        # Here, too: before the zone is known, and with a time that no zone could be put to.
        if read and not EARLIEST <= read <= LATEST:
            raise forms.ValidationError(out_of_range())
        return read.replace(tzinfo=None) if read else None


class EventForm(forms.Form):
    """`event`: the one that is changed; None: a new one, in `zone` until something else is chosen."""

    name = forms.CharField(
        label=_("Name"),
        max_length=EVENT_NAME_LENGTH,
        error_messages={"required": _("Give the event a name.")},
    )
    starts = WallClockField(
        label=_("Starts"), error_messages={"required": _("Choose when the event starts.")}
    )
    ends = WallClockField(label=_("Ends"), error_messages={"required": _("Choose when the event ends.")})
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("The times above are in this zone. Everybody reads them in their own."),
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=DESCRIPTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Plain text. Web addresses become links."),
    )
    picture = PictureField(label=_("Picture"), longest_side=PICTURE_SIDE)
    tell = forms.BooleanField(required=False, initial=True)
    registration_open = forms.BooleanField(label=_("Registration is open"), required=False, initial=True)
    capacity = forms.IntegerField(
        label=_("Capacity"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("How many people may register. Empty: as many as like."),
    )

    def __init__(self, *args: Any, event: Event | None = None, zone: str = "UTC", **options: Any) -> None:
        self.event = event
        #: How many are written to where the times change.
        self.to_tell = selectors.people_to_mail(event) if event else 0
        options["initial"] = _as_typed(event) if event else {"time_zone": zone}
        super().__init__(*args, **options)
        if not self.to_tell:
            del self.fields["tell"]
        choices = time_zones()
        if event and event.time_zone not in _all_names():
            # Set before by somebody who knew an older name of it.
            choices = [(event.time_zone, event.time_zone), *choices]
        self.fields["time_zone"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if zone := cleaned.get("time_zone"):
            for field in ("starts", "ends"):
                if wall := cleaned.get(field):
                    cleaned[field] = self._in_zone(field, wall, zoneinfo.ZoneInfo(zone))
        self._ask_ahead(cleaned)
        return cleaned

    def _ask_ahead(self, typed: dict[str, Any]) -> None:
        """What the service would refuse, as far as it can be asked: past another mistake it never gets there."""
        if {"starts", "ends"} <= typed.keys():
            self._ask(partial(check_order, typed["starts"], typed["ends"]))
        # As the service: places that were too few before are no reason to refuse everything else.
        if self.event and typed.get("capacity") != self.event.capacity:
            self._ask(partial(check_places, self.event, typed.get("capacity")))

    def _ask(self, check: Callable[[], None]) -> None:
        try:
            check()
        except Refused as refusal:
            self.refuse(refusal.code, refusal.text)

    def _in_zone(self, field: str, wall: datetime, zone: tzinfo) -> datetime:
        """An hour that the clock shows twice is the first of the two; one that it jumps over is no time at all."""
        there = wall.replace(tzinfo=zone)
        if there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
            self.add_error(
                field, _("Clocks are put forward over this time there. Choose an earlier or later one.")
            )
        # In UTC, so that two times of one zone are compared by when they are.
        return there.astimezone(UTC)

    def changes(self) -> EventChanges:
        """Everything but the picture, and whether people are told."""
        typed = self.cleaned_data
        return EventChanges(
            name=typed["name"],
            description=typed["description"].replace("\r\n", "\n"),
            starts_at=typed["starts"],
            ends_at=typed["ends"],
            time_zone=typed["time_zone"],
            registration_open=typed["registration_open"],
            capacity=typed["capacity"],
        )

    def refuse(self, code: str, text: str) -> None:
        """What a service said, beside the field that it is about."""
        self.add_error(FIELD_OF.get(code), text)


@cache
def _all_names() -> frozenset[str]:
    return frozenset({"UTC"} | {name for _region, names in time_zones()[1:] for name, _label in names})


def _as_typed(event: Event) -> dict[str, Any]:
    zone = zoneinfo.ZoneInfo(event.time_zone)
    return {
        "name": event.name,
        "description": event.description,
        "picture": event.picture,
        "starts": event.starts_at.astimezone(zone).replace(tzinfo=None),
        "ends": event.ends_at.astimezone(zone).replace(tzinfo=None),
        "time_zone": event.time_zone,
        "registration_open": event.registration_open,
        "capacity": event.capacity,
    }
