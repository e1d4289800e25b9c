"""Support's view of requests to share and of the audit log: to look at, never to change."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from backstage.admin import ReadOnlyAdmin
from moderation.models import AuditEntry, ShareRequest


@admin.register(ShareRequest)
class ShareRequestAdmin(ReadOnlyAdmin):
    list_display = ["participant", "state", "asked_at", "decided_at", "decided_by", "microphone", "camera"]
    list_select_related = [
        "participant__user",
        "participant__backstage_session__stage__event",
        "decided_by",
    ]
    list_filter = ["state", "asked_at"]
    search_fields = [
        "participant__user__email",
        "participant__user__display_name",
        "participant__backstage_session__stage__event__name",
    ]
    date_hierarchy = "asked_at"


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Shown by the names that stand in the entry: the rows it points at may be gone."""

    list_display = ["at", "action", "actor_name", "target_name", "detail", "to_event", "to_session"]
    list_select_related = ["event", "backstage_session"]
    list_filter = ["action", "at", ("event", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["actor_name", "target_name", "event_name", "detail", "actor__email", "target__email"]
    date_hierarchy = "at"
    fields = ["at", "action", "actor_name", "target_name", "detail", "to_event", "to_session"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        # For the page of one entry, too: a key whose row is gone is found out by a join, and raises without one.
        return super().get_queryset(request).select_related("event", "backstage_session")

    @admin.display(description=_("event"), ordering="event_name")
    def to_event(self, entry: AuditEntry) -> str:
        if entry.event is None:
            return entry.event_name
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:events_event_change", args=[entry.event_id]),
            entry.event_name,
        )

    @admin.display(description=_("Backstage"), ordering="backstage_session")
    def to_session(self, entry: AuditEntry) -> str:
        if entry.backstage_session is None:
            return "–"
        path = reverse("admin:backstage_backstagesession_change", args=[entry.backstage_session_id])
        return format_html('<a href="{}">{}</a>', path, _("Open"))
