"""The organizers' page of an event's webhooks."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from events import selectors as events_selectors
from events.models import Event
from events.views.asking import signed_in
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


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret", "made")
def webhooks(request: HttpRequest, slug: str) -> HttpResponse:
    """POST makes one, and shows its secret, this once, in the very answer."""
    event = _event_to_run(request, slug)
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
            "frame": events_selectors.dashboard_frame(signed_in(request), event.organization),
            "event": event,
            # Reached from the Activity tab, whose log is what webhooks are told of.
            "tab": "activity",
            "form": form,
            "secret": secret,
            "webhooks": selectors.webhooks_of(event),
        },
    )


@login_required
@require_POST
def change(request: HttpRequest, slug: str, webhook_id: UUID) -> HttpResponse:
    """`do`: `test`, `pause`, `resume` or `delete`."""
    event = _event_to_run(request, slug)
    webhook = selectors.webhook_of(event, webhook_id)
    if webhook is None:
        raise Http404
    try:
        messages.success(request, _do(request, webhook, request.POST.get("do", "")))
    except Refused as refusal:
        messages.warning(request, refusal.text)
    return redirect("moderation:webhooks", slug)


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


def _event_to_run(request: HttpRequest, slug: str) -> Event:
    event = events_selectors.event_to_run(request.user, slug)
    if event is None:
        raise Http404
    return event
