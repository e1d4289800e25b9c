"""What all pages of an event's dashboard have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events.views.asking import event_to_run

View = Callable[..., HttpResponseBase]


def dashboard_page(*methods: str) -> Callable[[View], View]:
    """The view gets the event in place of its slug; whoever may not run it gets 404, as if there were none.

    `methods`: those it answers, HEAD besides GET.
    """
    allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)

    def guard(view: View) -> View:
        @login_required
        @never_cache
        @require_http_methods(allowed)
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, **named: Any) -> HttpResponseBase:
            return view(request, event_to_run(request, slug), **named)

        return guarded

    return guard
