"""ETags: `If-None-Match` on reads saves an answer that is known, `If-Match` on edits keeps one from being lost.

An ETag is of what the asker is shown, so an edit of what they do not see does not disturb them.
"""

import hashlib
from typing import Any

from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from hopin_backstage.rest.errors import ApiError


def etag_of(shown: Any) -> str:
    return quote_etag(hashlib.sha256(JSONRenderer().render(shown)).hexdigest()[:32])


def check_if_match(request: Request, shown: Any) -> None:
    """To be asked inside the transaction of the edit, with the row locked: `shown` is how it stands now."""
    wanted = request.headers.get("If-Match")
    if wanted is None:
        return
    tags = parse_etags(wanted)
    if "*" not in tags and etag_of(shown) not in tags:
        raise ApiError(
            412, "changed_meanwhile", _("Somebody has changed this meanwhile. Read it anew, then edit.")
        )


def tagged(request: Request, response: Response) -> Response:
    """A read with its ETag; 304 without a body where the asker has it already."""
    etag = etag_of(response.data)
    known = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
    if etag in known or "*" in known:
        response = Response(status=304)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Authorization", "Cookie"])
    return response
