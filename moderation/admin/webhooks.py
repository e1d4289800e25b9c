"""Webhooks, and what became of what they were told. Never with the secret that signs it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.admin.offers import offer_list
from events.admin.support import ReadOnlyAdmin, linked
from events.models import Event
from moderation.models import Webhook, WebhookDelivery


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    list_display = ["url", linked("event", _("event")), "active", "created_at", linked("created_by", _("by"))]
    list_select_related = ["event", "created_by"]
    list_filter = ["active", "created_at"]
    search_fields = ["=id", "url", "event__name", "event__slug"]
    fields = ["url", "event", "active", "created_at", "created_by"]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    list_display = [
        "kind",
        linked("webhook.event", _("event")),
        linked("webhook", _("webhook")),
        "status",
        "attempts",
        "answer",
        "created_at",
        "done_at",
    ]
    list_select_related = ["webhook__event"]
    list_filter = ["status", "kind", "created_at"]
    search_fields = ["=id", "webhook__url", "webhook__event__name"]


offer_list(Event, Webhook, "event__id__exact")
offer_list(Webhook, WebhookDelivery, "webhook__id__exact")
