"""Events."""

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from events import selectors, services
from events.api.asking import EVENT, PICTURE, SLUG, OfEvent, address_of, asker
from events.models import Event, Organization
from events.views.asking import page_of
from hopin_backstage.rest.etags import check_if_match, tagged
from hopin_backstage.rest.fields import MomentField, Strict, TextField, WholeField, YesNoField, named
from hopin_backstage.rest.filters import MomentFilter, YesNoFilter
from hopin_backstage.rest.idempotency import idempotent
from hopin_backstage.rest.views import ApiViewSet, Listed, Retrieved


class EventShown(serializers.ModelSerializer[Event]):
    organization = serializers.SlugRelatedField[Organization](slug_field="slug", read_only=True)
    organizes = serializers.BooleanField(read_only=True, help_text="Whether the asker may run it.")
    is_registered = serializers.BooleanField(read_only=True, help_text="Whether the asker is.")
    capacity = serializers.SerializerMethodField(help_text="To organizers only, else null.")
    picture = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = [
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
    archived = YesNoFilter(
        field_name="archived_at",
        lookup_expr="isnull",
        exclude=True,
        help_text="`true`: instead, those that were put away, of those the asker runs.",
    )

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Without what was put away, where nobody asks for that."""
        found = super().filter_queryset(queryset)
        asked = self.form.cleaned_data["archived"] is not None
        return found if asked else found.filter(archived_at__isnull=True)


class NumbersShown(serializers.Serializer[selectors.EventNumbers]):
    registrations = serializers.IntegerField(help_text="Who takes a place: the blocked do not.")
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
        """Everybody may see its page, and register. Who was told that it is off is told that it is on again."""
        wanted = self.event_to_run()
        services.publish_event(actor=asker(request), event=wanted, page=page_of(request, wanted))
        return self._shown()

    @extend_schema(parameters=[EVENT], request=None, responses=EventShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def unpublish(self, request: Request, event: str) -> Response:
        """Nobody but organizers sees it; whoever else watches or is backstage leaves. Registrations stay."""
        services.unpublish_event(actor=asker(request), event=self.event_to_run())
        return self._shown()

    @extend_schema(parameters=[EVENT], request=None, responses=EventShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def archive(self, request: Request, event: str) -> Response:
        """Puts it away: its page is gone for attendees, a show ends, whoever is backstage leaves, nobody comes in."""
        services.archive_event(actor=asker(request), event=self.event_to_run())
        return self._shown()

    @extend_schema(parameters=[EVENT], request=None, responses=EventShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def restore(self, request: Request, event: str) -> Response:
        """It is again what it was before it was archived."""
        services.restore_event(actor=asker(request), event=self.event_to_run())
        return self._shown()

    @extend_schema(parameters=[EVENT], request=None, responses={201: EventShown})
    @action(detail=True, methods=["post"])
    @idempotent
    def duplicate(self, request: Request, event: str) -> Response:
        """A draft with the same stages, speakers and organizers, and nobody registered; the answer is the copy."""
        copy = services.duplicate_event(actor=asker(request), event=self.event_to_run())
        return Response(self.show(self._standing(copy)), status=status.HTTP_201_CREATED)

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
