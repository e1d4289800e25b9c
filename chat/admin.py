"""Support's view of the chats: to look at. Organizers delete and mute where they read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backstage.models import BackstageSession
from chat.models import ChatMute, Mention, Message, Room
from events.admin.offers import offer_list
from events.admin.support import ReadOnlyAdmin, ReadOnlyInline, link_to, linked
from events.models import Event, User


@admin.register(Room)
class RoomAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        "kind",
        linked("event", _("event")),
        linked("backstage_session", _("Backstage")),
        "last_number",
        "created_at",
    ]
    list_select_related = ["event", "backstage_session__stage"]
    list_filter = ["kind", "created_at"]
    search_fields = ["=id", "event__name", "event__slug"]


class MentionsOfMessage(ReadOnlyInline):
    model = Mention
    readonly_fields = ["name", "account"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Mention]":
        return super().get_queryset(request).select_related("person")

    @admin.display(description=_("person"))
    def account(self, mention: Mention) -> str:
        return link_to(mention.person)


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = [
        "created_at",
        linked("author", _("author")),
        "role",
        "text",
        linked("room", _("chat room")),
        "deleted_at",
        linked("deleted_by", _("deleted by")),
    ]
    list_select_related = ["author", "room__event", "deleted_by"]
    list_filter = ["room__kind", "role", ("deleted_at", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["=id", "text", "author__email", "author__display_name", "room__event__name"]
    date_hierarchy = "created_at"
    inlines = [MentionsOfMessage]


@admin.register(ChatMute)
class ChatMuteAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        linked("user", _("person")),
        linked("event", _("event")),
        linked("by", _("muted by")),
        "created_at",
    ]
    list_select_related = ["user", "event", "by"]
    list_filter = ["created_at"]
    search_fields = ["user__email", "user__display_name", "event__name", "event__slug"]


offer_list(Event, Room, "event__id__exact")
offer_list(Event, Message, "room__event__id__exact")
offer_list(Event, ChatMute, "event__id__exact")
offer_list(BackstageSession, Room, "backstage_session__id__exact")
offer_list(BackstageSession, Message, "room__backstage_session__id__exact")
offer_list(Room, Message, "room__id__exact")
offer_list(User, Message, "author__id__exact")
offer_list(User, ChatMute, "user__id__exact")
