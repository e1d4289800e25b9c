"""JSON bodies, of a size that somebody could have typed."""

import io
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from hopin_backstage.rest.errors import ApiError

LONGEST_BODY = 256 * 1024  # bytes


class BoundedJSONParser(parsers.JSONParser):
    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(LONGEST_BODY + 1)
        if len(body) > LONGEST_BODY:
            raise ApiError(413, "too_large", _("The body is too long: 256 KiB at most."))
        try:
            return super().parse(io.BytesIO(body), media_type, dict(parser_context or {}))
        except RecursionError as error:
            raise ParseError from error
