"""The public page of an event, and registering there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from events import selectors, services
from events.models import Event
from events.views.asking import onward, signed_in, visible_event
from hopin_backstage.realtime import Refused


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    return _event_page(request, visible_event(request, slug))


@login_required
@require_POST
def register(request: HttpRequest, slug: str) -> HttpResponse:
    shown = visible_event(request, slug)
    try:
        services.register(actor=signed_in(request), event=shown)
    except Refused as refusal:
        messages.warning(request, refusal.text)
        return redirect("events:event", slug)
    messages.success(request, _("You are registered for %(event)s.") % {"event": shown})
    return redirect(onward(request) or resolve_url("events:event", slug))


@login_required
@require_POST
def unregister(request: HttpRequest, slug: str) -> HttpResponse:
    shown = visible_event(request, slug)
    services.unregister(actor=signed_in(request), event=shown)
    messages.info(request, _("You are no longer registered for %(event)s.") % {"event": shown})
    return redirect("events:event", slug)


def _event_page(request: HttpRequest, shown: Event) -> HttpResponse:
    standing = selectors.standing(request.user, shown)
    may_watch = standing in (selectors.Standing.ORGANIZER, selectors.Standing.REGISTERED)
    return render(
        request,
        "events/event.html",
        {
            "event": shown,
            "stages": selectors.stages_of(shown),
            "standing": standing.value,
            "may_watch": may_watch,
            "onward": onward(request),
        },
    )
