"""The organizers' page of an event's webhooks."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from events.models import Event
from events.views.asking import event_frame, signed_in
from events.views.dashboard_pages import dashboard_page
from hopin_backstage.realtime import Refused
from hopin_backstage.rest import shown_once
from moderation.models import Webhook
from moderation.webhooks import selectors, services


class WebhookForm(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        error_messages={"required": gettext_lazy("Enter the address that should be told.")},
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )


@dashboard_page("GET", "POST")
@sensitive_variables()
def webhooks(request: HttpRequest, event: Event) -> HttpResponse:
    """POST makes one, and sends on to where its secret is shown, once: who loads that again makes no second one."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _make(request, event, form.cleaned_data["url"])
        except Refused as refusal:
            form.add_error("url", refusal.text)
    return render(
        request,
        "moderation/webhooks.html",
        {
            # Reached from the Activity tab, whose log is what webhooks are told of.
            **event_frame(request, event, "activity"),
            "form": form,
            **shown_once.take(request),
            "webhooks": selectors.webhooks_of(event),
        },
    )


@sensitive_variables()
@transaction.atomic
def _make(request: HttpRequest, event: Event, url: str) -> HttpResponse:
    """One whose secret could not be shown is not made."""
    made = services.create_webhook(actor=signed_in(request), event=event, url=url)
    page = reverse("moderation:webhooks", args=[event.slug])
    return shown_once.redirect_to_show(request, page, made.secret)


@dashboard_page("POST")
def change(request: HttpRequest, event: Event, webhook_id: UUID) -> HttpResponse:
    """`do`: `test`, `pause`, `resume` or `delete`."""
    webhook = selectors.webhook_of(event, webhook_id)
    if webhook is None:
        raise Http404
    try:
        messages.success(request, _do(request, webhook, request.POST.get("do", "")))
    except Refused as refusal:
        messages.warning(request, refusal.text)
    return redirect("moderation:webhooks", event.slug)


def _do(request: HttpRequest, webhook: Webhook, wanted: str) -> str:
    actor = signed_in(request)
    match wanted:
        case "test":
            services.send_test(actor=actor, webhook=webhook)
            return _("A test is on its way. Load this page again to see whether it arrived.")
        case "pause":
            services.set_active(actor=actor, webhook=webhook, active=False)
            return _("The webhook is paused. Nothing is sent.")
        case "resume":
            services.set_active(actor=actor, webhook=webhook, active=True)
            return _("The webhook is told again what happens.")
        case "delete":
            services.delete_webhook(actor=actor, webhook=webhook)
            return _("The webhook is deleted.")
    raise Http404
