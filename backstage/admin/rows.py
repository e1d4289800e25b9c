"""The rows of the Backstage."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from backstage import selectors
from backstage.admin.media_servers import media_servers_view
from backstage.admin.mending import ACTS, may_mend
from backstage.messages import ShowState
from backstage.models import BackstageSession, Broadcast, MediaEvent, Movement, Participant, Slot
from events.admin.acts import Act, ActingAdmin, act_path, offer_acts
from events.admin.offers import offer_list, offer_tool
from events.admin.support import ReadOnlyAdmin, linked
from events.models import Event, Stage, User

#: As organizers read them.
SHOW_STATES = {
    ShowState.OFF_AIR: _("Off air"),
    ShowState.GOING_LIVE: _("Going live…"),
    ShowState.LIVE: _("LIVE"),
    ShowState.ENDING: _("Going off air"),
}
MILLISECONDS = "%Y-%m-%d %H:%M:%S.%f"


@admin.register(BackstageSession)
class BackstageSessionAdmin(ActingAdmin):
    """Without its link, which is the key to the room: organizers copy it, support resets it."""

    list_display = [
        "__str__",
        linked("stage", _("Stage")),
        linked("stage.event", _("event")),
        "room",
        "dummy_feed",
        "mountpoint_ready",
        "peak_people",
        "created_at",
    ]
    list_select_related = ["stage__event"]
    list_filter = ["mountpoint_ready", ("dummy_feed", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["=id", "stage__name", "stage__event__name", "stage__event__slug", "=room"]
    search_help_text = _("Event, Stage, or the number of the room in Janus.")
    fields = [
        "stage",
        "to_event",
        "show",
        ("people_inside", "peak_people"),
        "room",
        ("dummy_feed", "mountpoint_ready"),
        "aired_layout",
        ("revision", "requests_revision", "stage_revision"),
        "created_at",
    ]
    readonly_fields = ["to_event", "show", "people_inside"]
    acts: ClassVar[dict[str, Act]] = ACTS

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(media_servers_view)
        return [path("media-servers/", view, name="backstage_media_servers"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BackstageSession]:
        return super().get_queryset(request).select_related("stage__event")

    to_event = staticmethod(linked("stage.event", _("event")))

    @admin.display(description=_("the show"))
    def show(self, session: BackstageSession) -> str:
        return str(SHOW_STATES[selectors.show(session).state])

    @admin.display(description=_("people inside now"))
    def people_inside(self, session: BackstageSession) -> int:
        return selectors.people_inside(session)


@admin.register(Participant)
class ParticipantAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        linked("user", _("person")),
        linked("backstage_session", _("Backstage")),
        "is_organizer",
        "muted",
        "may_return",
        "entered_at",
        "away_since",
        "left_at",
    ]
    list_select_related = ["user", "backstage_session__stage"]
    list_filter = [
        "is_organizer",
        "muted",
        ("left_at", admin.EmptyFieldListFilter),
        ("away_since", admin.EmptyFieldListFilter),
        ("waiting_since", admin.EmptyFieldListFilter),
    ]
    search_fields = ["=id", "user__email", "user__display_name", "backstage_session__stage__event__name"]
    exclude = ["link_token"]


@admin.register(Slot)
class SlotAdmin(ActingAdmin):
    """`acts`: what the layer above does to a place."""

    acts: ClassVar[dict[str, Act]] = {}
    list_display = [
        "__str__",
        linked("backstage_session", _("Backstage")),
        linked("participant.user", _("person")),
        "kind",
        "feed",
        "microphone_on",
        "camera_on",
        "weak_link",
        "taken_at",
    ]
    list_select_related = ["participant__user", "backstage_session__stage"]
    list_filter = ["kind", "weak_link", ("feed", admin.EmptyFieldListFilter)]
    search_fields = ["participant__user__email", "participant__user__display_name", "=feed"]
    search_help_text = _("Person, or the number of the feed in Janus.")


@admin.register(Broadcast)
class BroadcastAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        linked("backstage_session", _("Backstage")),
        "started_at",
        linked("started_by", _("started by")),
        "on_air_at",
        "stopped_at",
        "cut_at",
        "ended_at",
        "delay_s",
        "peak_viewers",
    ]
    list_select_related = ["backstage_session__stage", "started_by"]
    list_filter = [
        "started_at",
        ("ended_at", admin.EmptyFieldListFilter),
        ("cut_at", admin.EmptyFieldListFilter),
        "delay_s",
    ]
    search_fields = [
        "=id",
        "backstage_session__stage__event__name",
        "backstage_session__stage__name",
        "started_by__email",
    ]
    date_hierarchy = "started_at"


class _Kept(ReadOnlyAdmin):
    """Rows of a timeline, one by one."""

    list_filter = ["kind", "at"]
    list_select_related = [
        "backstage_session__stage",
        "participant__user",
        "participant__backstage_session__stage",
    ]
    search_fields = [
        "participant__user__email",
        "participant__user__display_name",
        "backstage_session__stage__event__name",
    ]
    date_hierarchy = "at"

    @admin.display(description=_("time"), ordering="at")
    def exactly(self, row: Movement | MediaEvent) -> str:
        """To the millisecond, UTC."""
        return row.at.strftime(MILLISECONDS)[:-3]


@admin.register(Movement)
class MovementAdmin(_Kept):
    list_display = [
        "exactly",
        "kind",
        linked("participant.user", _("person")),
        linked("backstage_session", _("Backstage")),
        "slot",
    ]


@admin.register(MediaEvent)
class MediaEventAdmin(_Kept):
    list_display = [
        "exactly",
        "kind",
        "medium",
        linked("participant.user", _("person")),
        linked("backstage_session", _("Backstage")),
        "feed",
        "detail",
    ]
    search_fields = [*_Kept.search_fields, "=feed"]


def _act_on_running(broadcast: Broadcast, name: str) -> str | None:
    act = BackstageSessionAdmin.acts[name]
    session = broadcast.backstage_session
    return act_path(session, name) if broadcast.ended_at is None and act.possible(session) else None


offer_list(Event, BackstageSession, "stage__event__id__exact")
offer_list(Event, Broadcast, "backstage_session__stage__event__id__exact")
offer_list(Event, Participant, "backstage_session__stage__event__id__exact")
offer_list(Stage, BackstageSession, "stage__id__exact")
for _of_session in (Participant, Slot, Broadcast, Movement, MediaEvent):
    offer_list(BackstageSession, _of_session, "backstage_session__id__exact")
for _of_person in (Slot, Movement, MediaEvent):
    offer_list(Participant, _of_person, "participant__id__exact")
offer_list(User, Participant, "user__id__exact")
offer_list(User, Broadcast, "started_by__id__exact", label=_("broadcasts they started"))
offer_acts(BackstageSessionAdmin, BackstageSession)
for _name in ("stop", "cut"):
    offer_tool(
        Broadcast,
        BackstageSessionAdmin.acts[_name].label,
        lambda broadcast, name=_name: _act_on_running(broadcast, name),  # type: ignore[misc]
        may_mend,
    )
