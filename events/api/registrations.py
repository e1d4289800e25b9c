"""Who comes to an event."""

from typing import ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from events import selectors, services
from events.api.asking import EVENT, NUMBER, OfEvent, asker
from events.models import Registration
from events.views.asking import page_of
from hopin_backstage.rest.etags import tagged
from hopin_backstage.rest.filters import YesNoFilter
from hopin_backstage.rest.idempotency import idempotent
from hopin_backstage.rest.views import ApiViewSet, Listed, Retrieved


class RegistrationShown(serializers.ModelSerializer[Registration]):
    name = serializers.CharField(source="user.display_name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)
    is_blocked = serializers.BooleanField(read_only=True)
    is_organizer = serializers.BooleanField(read_only=True)

    class Meta:
        model = Registration
        fields: ClassVar[list[str]] = [
            "id",
            "name",
            "email",
            "created_at",
            "came_at",
            "is_blocked",
            "is_organizer",
        ]
        read_only_fields = fields


class MyRegistration(serializers.ModelSerializer[Registration]):
    class Meta:
        model = Registration
        fields: ClassVar[list[str]] = ["created_at"]
        read_only_fields = fields


class RegistrationFilter(filters.FilterSet):
    search = filters.CharFilter(method="named_so", help_text="In the name or the e-mail address.")
    is_blocked = YesNoFilter()

    class Meta:
        model = Registration
        fields: ClassVar[list[str]] = []

    def named_so(self, found: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        return found.filter(Q(user__display_name__icontains=value) | Q(user__email__icontains=value))


@extend_schema(tags=["registrations"], parameters=[EVENT])
class Registrations(OfEvent, Listed, Retrieved, ApiViewSet):
    """Who comes to an event; for its organizers."""

    serializer_class = RegistrationShown
    filterset_class = RegistrationFilter
    lookup_value_regex = NUMBER
    page_order = ("created_at", "pk")
    queryset = Registration.objects.none()

    def get_queryset(self) -> QuerySet[Registration]:
        return selectors.registrations_of(self.event_to_run())

    @extend_schema(request=None, responses=RegistrationShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def block(self, request: Request, event: str, pk: str) -> Response:
        """Keeps the person out of the event at once; the registration stays, its place is free."""
        user = self.get_object().user
        services.block(actor=asker(request), event=self.event_to_run(), user=user)
        return Response(self.show(self.get_object()))

    @extend_schema(request=None, responses=RegistrationShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def unblock(self, request: Request, event: str, pk: str) -> Response:
        """Lets the person in again, who takes a place again. 409: `registration.full`."""
        user = self.get_object().user
        services.unblock(actor=asker(request), event=self.event_to_run(), user=user)
        return Response(self.show(self.get_object()))

    @extend_schema(request=None, responses=RegistrationShown)
    @action(detail=True, methods=["post"], url_path="organizer/make")
    @idempotent
    def make_organizer(self, request: Request, event: str, pk: str) -> Response:
        """The person may do everything in the event that the asker may; a block ends. 409: `registration.full`."""
        user = self.get_object().user
        services.add_organizer(actor=asker(request), event=self.event_to_run(), user=user)
        return Response(self.show(self.get_object()))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="organizer/take-back")
    @idempotent
    def take_organizer_back(self, request: Request, event: str, pk: str) -> Response:
        """What only organizers may do ends for the person at once. 409: `organizer.by_role`."""
        user = self.get_object().user
        services.remove_organizer(actor=asker(request), event=self.event_to_run(), user=user)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["registrations"], parameters=[EVENT], request=None, responses=MyRegistration)
class MyRegistrationView(OfEvent):
    """The asker's own registration for an event."""

    def get(self, request: Request, event: str) -> Response:
        """404 where there is none."""
        mine = selectors.registration_of(asker(request), self.event())
        if mine is None:
            raise Http404
        return tagged(request, Response(MyRegistration(mine).data))

    def put(self, request: Request, event: str) -> Response:
        """Registers; asking twice is asking once."""
        shown = self.event()
        mine = services.register(actor=asker(request), event=shown, page=page_of(request, shown))
        return Response(MyRegistration(mine).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, event: str) -> Response:
        """Gives the place back."""
        services.unregister(actor=asker(request), event=self.event())
        return Response(status=status.HTTP_204_NO_CONTENT)
