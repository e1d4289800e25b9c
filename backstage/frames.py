"""Other providers' players on our pages: which page may frame what."""

from collections.abc import Iterable
from typing import cast
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from events.players import Player


def allowing_frames(
    request: HttpRequest, response: HttpResponse, players: Iterable[Player | None]
) -> HttpResponse:
    """The response, whose Content-Security-Policy lets these players in and nothing else; without any, no frame."""
    origins = sorted({player.origin for player in players if player is not None})
    if not origins:
        return response

    @csp_update({"frame-src": origins})
    def answer(request: HttpRequest) -> HttpResponseBase:
        return response

    return cast("HttpResponse", answer(request))


def host_without_port(request: HttpRequest) -> str:
    """As providers want to be told which page is around their player."""
    return urlsplit(f"//{request.get_host()}").hostname or ""
