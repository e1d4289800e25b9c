"""`/api/v1/`: organizations, events, registrations, speakers. Translates only: rules are the services'."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from events import selectors, services
from events.models import Event, Membership, Organization, Registration, Speaker, SpeakerLink, User
from hopin_backstage.rest.etags import check_if_match, tagged
from hopin_backstage.rest.fields import MomentField, Strict, TextField, WholeField, YesNoField, named
from hopin_backstage.rest.filters import MomentFilter
from hopin_backstage.rest.idempotency import idempotent
from hopin_backstage.rest.views import ApiView, ApiViewSet, Listed, Retrieved

SLUG = r"[-a-zA-Z0-9_]+"
UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
#: In the path of everything that belongs to an event.
EVENT = OpenApiParameter(
    "event",
    {"type": "string", "pattern": f"^{SLUG}$", "maxLength": 80},
    OpenApiParameter.PATH,
    description="Its slug.",
)
#: An address of a picture.
PICTURE = {"type": "string", "format": "uri", "nullable": True}
THING = OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)


def asker(request: Request) -> User:
    """Whoever is signed in: views that ask this let nobody else in."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def address_of(serializer: serializers.Serializer[Any], picture: Any) -> str | None:
    """Whole, as programs need it. Pictures are served to whoever is signed in."""
    if not picture:
        return None
    url: str = serializer.context["request"].build_absolute_uri(picture.url)
    return url


class OfEvent(ApiView):
    """Views below `/events/SLUG/`."""

    def event(self) -> Event:
        """404 also where there is a draft that the asker may not see."""
        found = selectors.event_for(self.request.user, self.kwargs["event"])
        if found is None:
            raise Http404
        return found

    def event_to_run(self) -> Event:
        """404 also where there is one that they do not organize: what only organizers see is not there for others."""
        found = selectors.event_to_run(self.request.user, self.kwargs["event"])
        if found is None:
            raise Http404
        return found


# --- Organizations ----------------------------
class OrganizationShown(serializers.ModelSerializer[Organization]):
    role = serializers.ChoiceField(
        choices=[*Membership.Role.choices, ("", "")],
        read_only=True,
        help_text="The asker's; empty: organizes events of it without being a member.",
    )

    class Meta:
        model = Organization
        fields = ["slug", "name", "role"]
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(tags=["organizations"]), retrieve=extend_schema(tags=["organizations"])
)
class Organizations(Listed, Retrieved, ApiViewSet):
    """Those the asker belongs to, and those whose events they organize."""

    serializer_class = OrganizationShown
    lookup_field = "slug"
    lookup_value_regex = SLUG
    page_order = ("name", "pk")
    queryset = Organization.objects.none()

    def get_queryset(self) -> QuerySet[Organization]:
        user = asker(self.request)
        return selectors.with_role(selectors.organizations_of(user), user)


# --- Events ----------------------------
class EventShown(serializers.ModelSerializer[Event]):
    organization = serializers.SlugRelatedField[Organization](slug_field="slug", read_only=True)
    organizes = serializers.BooleanField(read_only=True, help_text="Whether the asker may run it.")
    is_registered = serializers.BooleanField(read_only=True, help_text="Whether the asker is.")
    capacity = serializers.SerializerMethodField(help_text="To organizers only, else null.")
    picture = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = [
            *("slug", "organization", "name", "description", "picture", "starts_at", "ends_at", "time_zone"),
            *("status", "registration_open", "organizes", "is_registered", "capacity"),
            "archived_at",
        ]
        read_only_fields = fields

    def get_capacity(self, event: Any) -> int | None:
        return event.capacity if event.organizes else None

    @extend_schema_field(PICTURE)
    def get_picture(self, event: Event) -> str | None:
        return address_of(self, event.picture)


class EventEdit(Strict):
    name = named(160)
    description = TextField(required=False, allow_blank=True, max_length=10_000)
    starts_at = MomentField()
    ends_at = MomentField()
    time_zone = named(64, required=False)
    registration_open = YesNoField(required=False)
    capacity = WholeField(required=False, allow_null=True, min_value=1, max_value=1_000_000)


class EventNew(EventEdit):
    organization = named(50, help_text="Its slug.")


class EventFilter(filters.FilterSet):
    organization = filters.CharFilter(field_name="organization__slug")
    status = filters.ChoiceFilter(choices=Event.Status.choices)
    starts_after = MomentFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = MomentFilter(field_name="starts_at", lookup_expr="lt")

    class Meta:
        model = Event
        fields: list[str] = []


class NumbersShown(serializers.Serializer[selectors.EventNumbers]):
    registrations = serializers.IntegerField()
    came = serializers.IntegerField(help_text="Of them, who was seen at a Stage or Backstage.")
    capacity = serializers.IntegerField(allow_null=True)
    blocked = serializers.IntegerField()
    stages = serializers.IntegerField()


@extend_schema(tags=["events"])
class Events(OfEvent, Listed, Retrieved, ApiViewSet):
    """The list: events that the asker runs or attends. One event: also any that is published, by its slug."""

    serializer_class = EventShown
    filterset_class = EventFilter
    lookup_field = "slug"
    lookup_url_kwarg = "event"
    lookup_value_regex = SLUG
    page_order = ("starts_at", "pk")
    queryset = Event.objects.none()

    def get_queryset(self) -> QuerySet[Event]:
        user = asker(self.request)
        return selectors.with_standing(selectors.events_of(user), user)

    def get_object(self) -> Event:
        """As it stands now, for whoever may see it."""
        return self._standing(self.event())

    def _standing(self, event: Event) -> Event:
        every = Event.objects.select_related("organization")
        return selectors.with_standing(every, asker(self.request)).get(pk=event.pk)

    @extend_schema(parameters=[EVENT])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(request=EventNew, responses={201: EventShown})
    @idempotent
    def create(self, request: Request) -> Response:
        wanted = self.body(request, EventNew)
        organization = selectors.organization_for(request.user, wanted.pop("organization"))
        if organization is None:
            raise Http404
        event = services.create_event(actor=asker(request), organization=organization, **wanted)
        return Response(self.show(self._standing(event)), status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[EVENT], request=EventEdit, responses=EventShown)
    @transaction.atomic
    def partial_update(self, request: Request, event: str) -> Response:
        """What is given changes, the rest stays."""
        changed = self._locked()
        check_if_match(request, self.show(changed))
        wanted = self.body(request, EventEdit, partial=True)
        services.edit_event(actor=asker(request), event=changed, **wanted)
        return self._shown()

    @extend_schema(parameters=[EVENT], request=None, responses=EventShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def publish(self, request: Request, event: str) -> Response:
        """Everybody may see its page, and register."""
        services.publish_event(actor=asker(request), event=self.event_to_run())
        return self._shown()

    @extend_schema(parameters=[EVENT], request=None, responses=EventShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def unpublish(self, request: Request, event: str) -> Response:
        """Only organizers see its page. Whoever has registered stays so."""
        services.unpublish_event(actor=asker(request), event=self.event_to_run())
        return self._shown()

    def _locked(self) -> Event:
        """The row is the lock: what `If-Match` names must not change before the edit."""
        shown = self._standing(self.event_to_run())
        Event.objects.select_for_update().get(pk=shown.pk)
        return self._standing(shown)

    def _shown(self) -> Response:
        return Response(self.show(self._standing(self.event_to_run())))

    @extend_schema(parameters=[EVENT], responses=NumbersShown, filters=False)
    @action(detail=True, methods=["get"])
    def numbers(self, request: Request, event: str) -> Response:
        """Of its registrations and stages, for organizers."""
        return tagged(request, Response(NumbersShown(selectors.numbers(self.event_to_run())).data))


# --- Registrations ----------------------------
class RegistrationShown(serializers.ModelSerializer[Registration]):
    name = serializers.CharField(source="user.display_name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)
    is_blocked = serializers.BooleanField(read_only=True)

    class Meta:
        model = Registration
        fields = ["id", "name", "email", "created_at", "came_at", "is_blocked"]
        read_only_fields = fields


class MyRegistration(serializers.ModelSerializer[Registration]):
    class Meta:
        model = Registration
        fields = ["created_at"]
        read_only_fields = fields


class RegistrationFilter(filters.FilterSet):
    search = filters.CharFilter(method="named_so", help_text="In the name or the e-mail address.")
    is_blocked = filters.BooleanFilter()

    class Meta:
        model = Registration
        fields: list[str] = []

    def named_so(self, found: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        return found.filter(Q(user__display_name__icontains=value) | Q(user__email__icontains=value))


PERSON = OpenApiParameter("id", OpenApiTypes.INT64, OpenApiParameter.PATH)


@extend_schema(tags=["registrations"], parameters=[EVENT])
class Registrations(OfEvent, Listed, Retrieved, ApiViewSet):
    """Who comes to an event; for its organizers."""

    serializer_class = RegistrationShown
    filterset_class = RegistrationFilter
    lookup_value_regex = r"[0-9]{1,18}"
    page_order = ("created_at", "pk")
    queryset = Registration.objects.none()

    def get_queryset(self) -> QuerySet[Registration]:
        return selectors.registrations_of(self.event_to_run())

    @extend_schema(request=None, responses=RegistrationShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def block(self, request: Request, event: str, pk: str) -> Response:
        """Keeps the person out of the event at once; the registration stays."""
        user = self.get_object().user
        services.block(actor=asker(request), event=self.event_to_run(), user=user)
        return Response(self.show(self.get_object()))

    @extend_schema(request=None, responses=RegistrationShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def unblock(self, request: Request, event: str, pk: str) -> Response:
        """Lets the person in again."""
        user = self.get_object().user
        services.unblock(actor=asker(request), event=self.event_to_run(), user=user)
        return Response(self.show(self.get_object()))


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
        mine = services.register(actor=asker(request), event=self.event())
        return Response(MyRegistration(mine).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, event: str) -> Response:
        """Gives the place back."""
        services.unregister(actor=asker(request), event=self.event())
        return Response(status=status.HTTP_204_NO_CONTENT)


# --- Speakers ----------------------------
class LinkShown(serializers.ModelSerializer[SpeakerLink]):
    class Meta:
        model = SpeakerLink
        fields = ["label", "url"]
        read_only_fields = fields


class SpeakerShown(serializers.ModelSerializer[Speaker]):
    photo = serializers.SerializerMethodField()
    links = LinkShown(many=True, read_only=True)

    class Meta:
        model = Speaker
        fields = ["id", "name", "title", "photo", "position", "links"]
        read_only_fields = fields

    @extend_schema_field(PICTURE)
    def get_photo(self, speaker: Speaker) -> str | None:
        return address_of(self, speaker.photo)


@extend_schema(tags=["speakers"], parameters=[EVENT])
class Speakers(OfEvent, Listed, Retrieved, ApiViewSet):
    """Whom the event's page names, for whoever may see that page."""

    serializer_class = SpeakerShown
    lookup_value_regex = UUID
    page_order = ("position", "pk")
    queryset = Speaker.objects.none()

    def get_queryset(self) -> QuerySet[Speaker]:
        return selectors.speakers_of(self.event())
