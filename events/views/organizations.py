"""The dashboard of an organization."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events import selectors
from events.views.asking import signed_in


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
