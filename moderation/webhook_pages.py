"""The organizers' page of an event's webhooks."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from events.models import Event
from events.views.asking import event_frame, signed_in
from events.views.dashboard_pages import dashboard_page
from hopin_backstage.realtime import Refused
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
@sensitive_variables("secret", "made")
def webhooks(request: HttpRequest, event: Event) -> HttpResponse:
    """POST makes one, and shows its secret, this once, in the very answer."""
    form = WebhookForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_webhook(
                actor=signed_in(request), event=event, url=form.cleaned_data["url"]
            )
        except Refused as refusal:
            form.add_error("url", refusal.text)
        else:
            secret, form = made.secret, WebhookForm()
    return render(
        request,
        "moderation/webhooks.html",
        {
            # Reached from the Activity tab, whose log is what webhooks are told of.
            **event_frame(request, event, "activity"),
            "form": form,
            "secret": secret,
            "webhooks": selectors.webhooks_of(event),
        },
    )


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
