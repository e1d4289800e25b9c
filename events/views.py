"""The public pages and the organization's: they translate; rules are in permissions, writes in services."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from events import selectors, services
from events.accounts import is_own_url
from events.models import Event, User
from hopin_backstage.realtime import Refused


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not isinstance(user, User):
        return render(request, "events/landing.html")
    run = selectors.upcoming(selectors.events_run_by(user))
    return render(
        request,
        "events/home.html",
        {
            "organizations": selectors.organizations_of(user),
            "run": run,
            "attended": selectors.upcoming(selectors.events_attended_by(user)),
            "attended_past": selectors.past(selectors.events_attended_by(user))[:10],
        },
    )


@login_required
@require_safe
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    shown = selectors.organization_for(user, slug)
    if shown is None:
        raise Http404
    events = selectors.events_run_by(user).filter(organization=shown)
    return render(
        request,
        "events/organization.html",
        {
            "frame": selectors.dashboard_frame(user, shown),
            "upcoming": selectors.upcoming(events),
            "past": selectors.past(events),
        },
    )


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    return _event_page(request, _visible(request, slug))


@login_required
@require_POST
def register(request: HttpRequest, slug: str) -> HttpResponse:
    shown = _visible(request, slug)
    try:
        services.register(actor=signed_in(request), event=shown)
    except Refused as refusal:
        messages.warning(request, refusal.text)
        return redirect("events:event", slug)
    messages.success(request, _("You are registered for %(event)s.") % {"event": shown})
    return redirect(_onward(request) or resolve_url("events:event", slug))


@login_required
@require_POST
def unregister(request: HttpRequest, slug: str) -> HttpResponse:
    shown = _visible(request, slug)
    services.unregister(actor=signed_in(request), event=shown)
    messages.info(request, _("You are no longer registered for %(event)s.") % {"event": shown})
    return redirect("events:event", slug)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: asks neither the database nor the person's session, since one of them may be what broke."""
    return HttpResponseServerError(
        render_to_string("500.html", {"support_email": settings.SUPPORT_EMAIL}),
    )


def signed_in(request: HttpRequest) -> User:
    """The person behind a view that `login_required` guards."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _visible(request: HttpRequest, slug: str) -> Event:
    shown = selectors.event_for(request.user, slug)
    if shown is None:
        raise Http404
    return shown


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
            "onward": _onward(request),
        },
    )


def _onward(request: HttpRequest) -> str:
    """Where the person was going when they were sent here; empty where that is not on this site."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    return wanted if is_own_url(request, wanted) else ""
