"""Who asks, for what, and where they were going: what all views want to know of a request."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest
from django.urls import reverse

from events import permissions, selectors
from events.accounts import is_own_url
from events.models import Event, User
from hopin_backstage.realtime import Refused


def signed_in(request: HttpRequest) -> User:
    """The person behind a view that `login_required` guards."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def visible_event(request: HttpRequest, slug: str) -> Event:
    shown = selectors.event_for(request.user, slug)
    if shown is None:
        raise Http404
    return shown


def invitation_address(request: HttpRequest) -> Callable[[str], str]:
    """From the secret of an invitation to its page, on the host that was asked."""
    return lambda token: request.build_absolute_uri(reverse("events:invitation", args=[token]))


def page_of(request: HttpRequest, event: Event) -> str:
    """The whole address of the event's page."""
    return request.build_absolute_uri(reverse("events:event", args=[event.slug]))


def onward(request: HttpRequest) -> str:
    """Where the person was going when they were sent here; empty where that is not on this site."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    return wanted if is_own_url(request, wanted) else ""


def event_to_run(request: HttpRequest, slug: str) -> Event:
    """404 also where there is an event whose dashboard the person may not open: they are not told."""
    event = selectors.event_to_run(request.user, slug)
    if event is None:
        raise Http404
    return event


def event_frame(request: HttpRequest, event: Event, tab: str) -> dict[str, object]:
    """What every page of an event's dashboard is given."""
    return {
        "frame": selectors.dashboard_frame(signed_in(request), event.organization),
        "event": event,
        "tab": tab,
        "may_change": permissions.may_change_event(request.user, event),
    }


def carry_out(request: HttpRequest, work: Callable[[], object], done: str = "") -> bool:
    """Does it, and says so on the next page; or says what a rule answered. False: it was refused."""
    try:
        work()
    except Refused as refusal:
        messages.warning(request, refusal.text)
        return False
    if done:
        messages.success(request, done)
    return True
