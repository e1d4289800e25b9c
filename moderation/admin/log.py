"""Requests to share, the audit log, and the way to a timeline."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from backstage.models import BackstageSession, Broadcast, Participant, Slot
from events.admin.offers import offer_list, offer_tool
from events.admin.support import ReadOnlyAdmin, link_to, linked
from events.models import Event, User
from moderation.admin.timeline import may_look, path_of, timeline_view
from moderation.models import AuditEntry, ShareRequest


@admin.register(ShareRequest)
class ShareRequestAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        linked("participant.user", _("person")),
        linked("participant.backstage_session", _("Backstage")),
        "state",
        "asked_at",
        "decided_at",
        linked("decided_by", _("decided by")),
        "microphone",
        "camera",
        "uplink",
    ]
    list_select_related = [
        "participant__user",
        "participant__backstage_session__stage__event",
        "decided_by",
    ]
    list_filter = ["state", "uplink", "asked_at"]
    search_fields = [
        "=id",
        "participant__user__email",
        "participant__user__display_name",
        "participant__backstage_session__stage__event__name",
    ]
    date_hierarchy = "asked_at"


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Shown by the names that stand in the entry: the rows it points at may be gone."""

    list_display = ["at", "action", "to_actor", "to_target", "detail", "to_event", "to_session"]
    list_select_related = ["event", "backstage_session", "actor", "target"]
    list_filter = ["action", "at", ("event", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["actor_name", "target_name", "event_name", "detail", "actor__email", "target__email"]
    date_hierarchy = "at"
    fields = ["at", "action", "to_actor", "to_target", "detail", "to_event", "to_session"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(timeline_view)
        own = path("timeline/<uuid:session_id>/", view, name="moderation_timeline")
        return [own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        # For the page of one entry, too: a key whose row is gone is found out by a join, and raises without one.
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description=_("who did it"), ordering="actor_name")
    def to_actor(self, entry: AuditEntry) -> str:
        return link_to(entry.actor, entry.actor_name) if entry.actor else entry.actor_name

    @admin.display(description=_("to whom"), ordering="target_name")
    def to_target(self, entry: AuditEntry) -> str:
        return link_to(entry.target, entry.target_name) if entry.target else entry.target_name

    @admin.display(description=_("event"), ordering="event_name")
    def to_event(self, entry: AuditEntry) -> str:
        return link_to(entry.event, entry.event_name) if entry.event else entry.event_name

    @admin.display(description=_("Backstage"), ordering="backstage_session")
    def to_session(self, entry: AuditEntry) -> str:
        return link_to(entry.backstage_session, _("Open"))


offer_list(Event, AuditEntry, "event__id__exact")
offer_list(BackstageSession, AuditEntry, "backstage_session__id__exact")
offer_list(BackstageSession, ShareRequest, "participant__backstage_session__id__exact")
offer_list(Participant, ShareRequest, "participant__id__exact")
offer_list(User, ShareRequest, "participant__user__id__exact")
offer_list(User, AuditEntry, "actor__id__exact", label=_("what they did"))
offer_list(User, AuditEntry, "target__id__exact", label=_("what was done to them"))


def _of_event(event: Event) -> str | None:
    """Where there is but one Backstage; else its list leads to each."""
    sessions = BackstageSession.objects.filter(stage__event=event)[:2]
    return path_of(sessions[0].pk) if len(sessions) == 1 else None


offer_tool(BackstageSession, _("Timeline"), lambda session: path_of(session.pk), may_look)
offer_tool(
    Participant,
    _("Timeline of this person"),
    lambda person: path_of(person.backstage_session_id, person=person.user_id),
    may_look,
)
offer_tool(
    ShareRequest,
    _("Timeline of this person"),
    lambda request: path_of(request.participant.backstage_session_id, person=request.participant.user_id),
    may_look,
)
offer_tool(Broadcast, _("Timeline"), lambda broadcast: path_of(broadcast.backstage_session_id), may_look)
offer_tool(Slot, _("Timeline"), lambda slot: path_of(slot.backstage_session_id), may_look)
offer_tool(Event, _("Timeline"), _of_event, may_look)
