"""What support staff look up and mend."""

from typing import cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events import permissions, services
from events.forms.pictures import PictureField
from events.forms.profile import PHOTO_SIDE
from events.models import Block, Event, Membership, Organization, Registration, Stage, User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    ordering = ["email"]
    list_display = ["email", "display_name", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff", "date_joined"]
    search_fields = ["email", "display_name"]
    readonly_fields = ["date_joined", "last_login"]
    formfield_overrides = {
        models.ImageField: {"form_class": PictureField, "longest_side": PHOTO_SIDE},
    }
    fieldsets = [
        (None, {"fields": ["email", "password", "display_name", "photo"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        (_("Dates"), {"fields": ["date_joined", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["email", "display_name", "password1", "password2"]}),
    ]


class MembershipInline(admin.TabularInline):
    model = Membership
    autocomplete_fields = ["user"]
    extra = 0


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "created_at"]
    list_filter = ["created_at"]
    search_fields = ["name", "slug", "memberships__user__email"]
    readonly_fields = ["created_at"]
    inlines = [MembershipInline]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["user", "organization", "role"]
    list_filter = ["role"]
    list_select_related = ["user", "organization"]
    search_fields = ["user__email", "user__display_name", "organization__name"]
    autocomplete_fields = ["user", "organization"]


class StageInline(admin.TabularInline):
    model = Stage
    fields = ["name", "position", "provider", "delay_s", "archived_at"]
    extra = 0
    show_change_link = True


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    list_display = ["name", "organization", "status", "starts_at", "ends_at", "registration_open", "capacity"]
    list_filter = ["status", "registration_open", "starts_at"]
    list_select_related = ["organization"]
    search_fields = ["name", "slug", "organization__name"]
    autocomplete_fields = ["organization", "organizers"]
    readonly_fields = ["created_at"]
    date_hierarchy = "starts_at"
    inlines = [StageInline]


@admin.register(Registration)
class RegistrationAdmin(admin.ModelAdmin):
    list_display = ["user", "event", "created_at"]
    list_filter = ["created_at"]
    list_select_related = ["user", "event"]
    search_fields = ["user__email", "user__display_name", "event__name", "event__slug"]
    autocomplete_fields = ["user", "event"]
    readonly_fields = ["created_at"]


@admin.register(Block)
class BlockAdmin(admin.ModelAdmin):
    """Rows are not made or changed here: that would put nobody out, and stand in no audit log."""

    list_display = ["user", "event", "by", "created_at"]
    list_filter = ["created_at"]
    list_select_related = ["user", "event", "by"]
    search_fields = ["user__email", "user__display_name", "event__name", "event__slug"]
    actions = ["unblock"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Block | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Block | None = None) -> bool:
        return False

    def has_unblock_permission(self, request: HttpRequest) -> bool:
        return permissions.is_support_for_blocks(request.user)

    @admin.action(description=_("Unblock"), permissions=["unblock"])
    def unblock(self, request: HttpRequest, blocks: QuerySet[Block]) -> None:
        support = cast("User", request.user)
        for block in blocks.select_related("event", "user"):
            services.unblock(actor=support, event=block.event, user=block.user)
            self.message_user(request, _("%(name)s may come in again.") % {"name": block.user})


@admin.register(Stage)
class StageAdmin(admin.ModelAdmin):
    list_display = ["name", "event", "provider", "delay_s", "position", "archived_at"]
    list_filter = ["provider", "archived_at"]
    list_select_related = ["event"]
    search_fields = ["=id", "name", "event__name", "event__slug"]
    autocomplete_fields = ["event"]
