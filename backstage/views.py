"""The Backstage page and the Stage page."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backstage import permissions, selectors, services
from backstage.frames import allowing_frames, host_without_port
from events import selectors as events_selectors
from events.models import Event, Stage, User
from events.players import player_of
from hopin_backstage.realtime import Refused


class SignedIn(HttpRequest):
    """What `login_required` lets through."""

    user: User


@login_required
@never_cache
@require_safe
def room(request: SignedIn, link_token: str) -> HttpResponse:
    """The Backstage behind a link. The sockets ask everything again: this page alone lets nobody in."""
    session = selectors.by_link(link_token, request.user)
    try:
        session = services.check_entry(session=session, actor=request.user)
    except Refused as refusal:
        return _unavailable(request, refusal, session.stage.event if session else None)
    event = session.stage.event
    organizer = permissions.is_organizer(request.user, event)
    return render(
        request,
        "backstage/room.html",
        {
            "backstage_session": session,
            "event": event,
            "stage": session.stage,
            "participant_role": "organizer" if organizer else "speaker",
            "full": selectors.would_wait(session, request.user, organizer=organizer),
            "places": settings.BACKSTAGE_PLACES,
            "config": {
                "backstage_socket": f"/ws/backstage/{link_token}/",
                "moderation_socket": f"/ws/moderation/{link_token}/",
                "media_socket": f"/ws/backstage-media/{link_token}/",
                "preview_socket": f"/ws/backstage-preview/{link_token}/",
                "organizer": organizer,
                "sign_in": _sign_in(request),
                "leave": reverse("events:event", args=[event.slug]),
            },
        },
    )


def _unavailable(request: SignedIn, refusal: Refused, event: Event | None) -> HttpResponse:
    if refusal.code == "not_registered" and event is not None:
        event_page = reverse("events:event", args=[event.slug])
        return HttpResponseRedirect(f"{event_page}?{urlencode({'next': request.path})}")
    title, text, status = {
        "link.dead": (
            _("This link no longer works"),
            _("Ask the organizer of the event for the current one."),
            404,
        ),
    }.get(refusal.code, (_("You cannot come in"), refusal.text, 403))
    context = {
        "title": title,
        "text": text,
        "back": {"url": reverse("events:home"), "label": _("My events")},
    }
    return render(request, "backstage/unavailable.html", context, status=status)


@login_required
@never_cache
@require_safe
def stage(request: SignedIn, slug: str, stage_id: UUID) -> HttpResponse:
    """The Stage, for those who are registered: our own player, or another provider's in a frame."""
    shown = selectors.stage(stage_id)
    if shown is None or shown.event.slug != slug:
        raise Http404
    event = shown.event
    try:
        services.check_watching(stage_id=stage_id, actor=request.user)
    except Refused as refusal:
        return _unavailable(request, refusal, event)
    player = player_of(shown.provider, shown.video_address)
    is_elsewhere = shown.provider != Stage.Provider.HOPIN
    response = render(
        request,
        "backstage/stage_elsewhere.html" if is_elsewhere else "backstage/stage.html",
        {
            "event": event,
            "stage": shown,
            "stages": events_selectors.stages_of(event),
            "player": player,
            "parent": host_without_port(request),
            "config": {
                "socket": f"/ws/stage/{shown.id}/",
                "starts_at": event.starts_at.isoformat(),
                "sign_in": _sign_in(request),
                "shown": selectors.shown_on(shown),
            },
        },
    )
    return allowing_frames(request, response, [player])


def _sign_in(request: SignedIn) -> str:
    return f"{reverse('account_login')}?{urlencode({'next': request.path})}"
