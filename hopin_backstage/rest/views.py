"""What all views of the API are."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from rest_framework import exceptions, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from hopin_backstage.rest.etags import tagged
from hopin_backstage.rest.fields import Strict
from hopin_backstage.rest.filters import Filters
from hopin_backstage.rest.pagination import Pages


class ApiView(APIView):
    """Counts also those whom it turns away: guessing tokens is asking, too."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        try:
            self.perform_authentication(request)
        except exceptions.APIException:
            request.user = AnonymousUser()
            self.check_throttles(request)
            raise
        super().initial(request, *args, **kwargs)

    def body(self, request: Request, form: type[Strict], *, partial: bool = False) -> dict[str, Any]:
        """The body as `form` has it. Raises ValidationError."""
        filled = form(data=request.data, partial=partial)
        filled.is_valid(raise_exception=True)
        return dict(filled.validated_data)


class ApiViewSet(ApiView, viewsets.GenericViewSet[Any]):
    """Reads: `list` and `retrieve` of what `get_queryset` lets the asker see; what it does not is not there (404).

    `page_order`: fields that a list is in the order of.
    """

    pagination_class = Pages
    filter_backends = [Filters]
    page_order: tuple[str, ...] = ("pk",)

    def show(self, thing: Any) -> dict[str, Any]:
        """A thing as the asker is shown it."""
        serializer: BaseSerializer[Any] = self.get_serializer(thing)
        return dict(serializer.data)


class Listed:
    """GET of many."""

    def list(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        found: QuerySet[Any] = self.filter_queryset(self.get_queryset())
        page = self.paginate_queryset(found)
        return tagged(request, self.get_paginated_response(self.get_serializer(page, many=True).data))


class Retrieved:
    """GET of one."""

    def retrieve(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        return tagged(request, Response(self.show(self.get_object())))


class NothingHere(ApiView):
    """Below /api/ where nothing is: said as JSON, not as a page."""

    schema = None
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise exceptions.NotFound
