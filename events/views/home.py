"""The first page: my events and organizations, or what this place is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events import selectors
from events.models import User


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
