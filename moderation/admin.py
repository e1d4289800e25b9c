"""Support's view of requests to share."""

from django.contrib import admin

from backstage.admin import ReadOnlyAdmin
from moderation.models import ShareRequest


@admin.register(ShareRequest)
class ShareRequestAdmin(ReadOnlyAdmin):
    list_display = ["participant", "state", "asked_at", "decided_at", "decided_by", "microphone", "camera"]
    list_select_related = ["participant__user", "participant__backstage_session__stage", "decided_by"]
    list_filter = ["state", "asked_at"]
    search_fields = [
        "participant__user__email",
        "participant__user__display_name",
        "participant__backstage_session__stage__event__name",
    ]
    date_hierarchy = "asked_at"
