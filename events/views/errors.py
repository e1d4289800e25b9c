"""The page for our own failures."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: asks neither the database nor the person's session, since one of them may be what broke."""
    return HttpResponseServerError(
        render_to_string("500.html", {"support_email": settings.SUPPORT_EMAIL}),
    )
