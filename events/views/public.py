"""The public page of an event, and registering there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import permissions, selectors, services
from events.calendars import FILE_NAME, calendar_file
from events.models import Event
from events.views.asking import onward, page_of, signed_in, visible_event
from events.views.questions import Question, ask_in_public
from hopin_backstage.realtime import Refused


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    return _event_page(request, visible_event(request, slug))


@login_required
@require_POST
def register(request: HttpRequest, slug: str) -> HttpResponse:
    shown = visible_event(request, slug)
    try:
        services.register(actor=signed_in(request), event=shown, page=page_of(request, shown))
    except Refused as refusal:
        messages.warning(request, refusal.text)
        return redirect("events:event", slug)
    messages.success(
        request,
        _("You are registered for %(event)s. An e-mail with its times is on the way to you.")
        % {"event": shown},
    )
    return redirect(onward(request) or resolve_url("events:event", slug))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unregister(request: HttpRequest, slug: str) -> HttpResponse:
    """GET asks."""
    shown = visible_event(request, slug)
    if request.method == "POST":
        services.unregister(actor=signed_in(request), event=shown)
        messages.info(request, _("You are no longer registered for %(event)s.") % {"event": shown})
        return redirect("events:event", slug)
    question = Question(
        title=_("Give your place at %(event)s back?") % {"event": shown},
        text=_(
            "You can no longer watch or come backstage. Register again if you change your mind and a place is free."
        ),
        yes=_("Give my place back"),
        back=resolve_url("events:event", slug),
    )
    return ask_in_public(request, question)


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The event for the reader's own calendar."""
    shown = visible_event(request, slug)
    return HttpResponse(
        calendar_file(shown, page=page_of(request, shown)),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"'},
    )


def _event_page(request: HttpRequest, shown: Event) -> HttpResponse:
    standing = selectors.standing(request.user, shown)
    welcome = standing in (selectors.Standing.ORGANIZER, selectors.Standing.REGISTERED)
    may_watch = welcome and not permissions.is_archived(shown)
    return render(
        request,
        "events/event.html",
        {
            "event": shown,
            "stages": selectors.stages_of(shown),
            "standing": standing.value,
            "speakers": selectors.speakers_of(shown),
            "may_watch": may_watch,
            "onward": onward(request),
        },
    )
