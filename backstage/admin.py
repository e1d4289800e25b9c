"""Support's view of the Backstage. Read-only: a row changed here would be a lie about what Janus does."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from backstage.models import BackstageSession, Broadcast, Participant, Slot


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(BackstageSession)
class BackstageSessionAdmin(ReadOnlyAdmin):
    list_display = ["stage", "event", "room", "dummy_feed", "mountpoint_ready", "created_at"]
    list_select_related = ["stage__event"]
    list_filter = ["mountpoint_ready"]
    search_fields = ["stage__name", "stage__event__name", "room"]
    # The link is the key to the room: organizers copy it, support resets it.
    exclude = ["link_token"]

    @admin.display(ordering="stage__event__name")
    def event(self, session: BackstageSession) -> str:
        return session.stage.event.name


@admin.register(Participant)
class ParticipantAdmin(ReadOnlyAdmin):
    list_display = [
        "user",
        "backstage_session",
        "is_organizer",
        "may_return",
        "entered_at",
        "away_since",
        "left_at",
    ]
    list_select_related = ["user", "backstage_session__stage"]
    list_filter = ["is_organizer", "may_return"]
    search_fields = ["user__email", "user__display_name", "backstage_session__stage__event__name"]
    exclude = ["link_token"]


@admin.register(Slot)
class SlotAdmin(ReadOnlyAdmin):
    list_display = ["index", "participant", "kind", "feed", "microphone_on", "camera_on", "taken_at"]
    list_select_related = ["participant__user", "participant__backstage_session__stage"]
    list_filter = ["kind"]
    search_fields = ["participant__user__email", "participant__user__display_name", "feed"]


@admin.register(Broadcast)
class BroadcastAdmin(ReadOnlyAdmin):
    list_display = [
        "backstage_session",
        "started_at",
        "started_by",
        "on_air_at",
        "stopped_at",
        "ended_at",
        "delay_s",
        "peak_viewers",
    ]
    list_select_related = ["backstage_session__stage", "started_by"]
    list_filter = ["delay_s", "started_at"]
    search_fields = ["backstage_session__stage__event__name", "started_by__email"]
    date_hierarchy = "started_at"
