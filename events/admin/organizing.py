"""Organizations, their events, and what belongs to those: to look at. Organizers change them on their own pages."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.admin.offers import offer_list
from events.admin.support import ReadOnlyAdmin, ReadOnlyInline, linked
from events.models import (
    Block,
    Event,
    Invitation,
    Membership,
    Organization,
    Registration,
    Speaker,
    SpeakerLink,
    Stage,
)


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug", "created_at"]
    list_filter = ["created_at"]
    search_fields = ["name", "slug", "memberships__user__email"]
    fields = ["name", "slug", "created_at"]


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = [
        "name",
        linked("organization", _("organization")),
        "status",
        "starts_at",
        "ends_at",
        "registration_open",
        "capacity",
        "archived_at",
    ]
    list_filter = ["status", "registration_open", "starts_at"]
    list_select_related = ["organization"]
    search_fields = ["name", "slug", "organization__name"]
    date_hierarchy = "starts_at"
    fields = [
        "name",
        "organization",
        "slug",
        "status",
        ("starts_at", "ends_at", "time_zone"),
        ("registration_open", "capacity"),
        "organizers",
        "description",
        "picture",
        ("created_at", "archived_at"),
    ]


@admin.register(Stage)
class StageAdmin(ReadOnlyAdmin):
    """With Hopin without the address that is kept for whoever goes back: that is shown to organizers alone."""

    list_display = ["name", linked("event", _("event")), "provider", "delay_s", "position", "archived_at"]
    list_filter = ["provider", ("archived_at", admin.EmptyFieldListFilter)]
    list_select_related = ["event"]
    search_fields = ["=id", "name", "event__name", "event__slug"]
    readonly_fields = ["address_shown"]
    fields = [
        "id",
        "event",
        "name",
        "position",
        "provider",
        "address_shown",
        "delay_s",
        "peak_elsewhere",
        "archived_at",
    ]

    @admin.display(description=_("Address of the video"))
    def address_shown(self, stage: Stage) -> str:
        return stage.shown_address


class LinksOfSpeaker(ReadOnlyInline):
    model = SpeakerLink
    readonly_fields = ["label", "url"]


@admin.register(Speaker)
class SpeakerAdmin(ReadOnlyAdmin):
    list_display = ["name", "title", linked("event", _("event")), "position"]
    list_filter = ["event__status", ("photo", admin.EmptyFieldListFilter)]
    list_select_related = ["event"]
    search_fields = ["name", "title", "event__name", "event__slug"]
    inlines = [LinksOfSpeaker]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Without the digest of its link."""

    list_display = [
        "email",
        linked("organization", _("organization")),
        "role",
        linked("invited_by", _("invited by")),
        "created_at",
        "expires_at",
        "accepted_at",
        "withdrawn_at",
    ]
    list_filter = [
        "role",
        ("accepted_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["organization", "invited_by"]
    search_fields = ["email", "organization__name", "invited_by__email"]
    exclude = ["token_digest"]


for _of_organization in (Event, Membership, Invitation):
    offer_list(Organization, _of_organization, "organization__id__exact")
for _of_event in (Stage, Registration, Block, Speaker):
    offer_list(Event, _of_event, "event__id__exact")
