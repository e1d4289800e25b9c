"""Lists come a page at a time. Where the next one begins is in `next`: what is added meanwhile shifts nothing."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import pagination
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from hopin_backstage.rest.errors import ApiError

PAGE, LONGEST_PAGE = 50, 200


class Pages(pagination.CursorPagination):
    page_size = PAGE
    page_size_query_param = "page_size"
    max_page_size = LONGEST_PAGE

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, ValidationError, ValueError, OverflowError, DataError) as error:
            # Somebody made it up: a cursor names a value of the column that orders the list.
            raise ApiError(400, "cursor", _("This cursor is none of ours. Begin without one.")) from error

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: APIView) -> tuple[str, ...]:
        """As the view says: not null, and the last of them unique or nearly so."""
        order: tuple[str, ...] = view.page_order  # type: ignore[attr-defined]
        return order

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get("page_size")
        if asked is None:
            return PAGE
        if not asked.isdecimal() or not asked.isascii() or not 1 <= int(asked[:6]) <= LONGEST_PAGE:
            raise ApiError(
                400, "page_size", _("A page has from 1 to %(most)s things.") % {"most": LONGEST_PAGE}
            )
        return int(asked)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "From `next` or `previous`.",
                "schema": {"type": "string"},
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "schema": {"type": "integer", "minimum": 1, "maximum": LONGEST_PAGE, "default": PAGE},
            },
        ]
