"""Who runs an event."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from events import selectors, services
from events.api.asking import EVENT, NUMBER, PERSON, OfEvent, asker
from events.models import Membership, User
from events.permissions import RUNS_ALL_EVENTS
from hopin_backstage.rest.views import ApiViewSet, Listed, Retrieved


class OrganizerShown(serializers.ModelSerializer[User]):
    name = serializers.CharField(source="display_name", read_only=True)
    role = serializers.ChoiceField(
        choices=[*(choice for choice in Membership.Role.choices if choice[0] in RUNS_ALL_EVENTS), ("", "")],
        read_only=True,
        help_text="In the organization, where that makes them an organizer; empty: of this event alone.",
    )

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["id", "name", "email", "role"]
        read_only_fields = fields


@extend_schema(tags=["organizers"], parameters=[EVENT])
class Organizers(OfEvent, Listed, Retrieved, ApiViewSet):
    """Who runs an event: assigned to it, or by a role in its organization. For its organizers."""

    serializer_class = OrganizerShown
    filter_backends = []
    lookup_url_kwarg = "person"
    lookup_value_regex = NUMBER
    page_order = ("pk",)
    queryset = User.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        return selectors.people_organizing(self.event_to_run())

    @extend_schema(parameters=[PERSON])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(parameters=[PERSON], request=None, responses=OrganizerShown)
    def update(self, request: Request, event: str, person: str) -> Response:
        """Makes the person an organizer; a block on them ends. Asking twice is asking once.

        Somebody who is registered, or a member of the organization, who need not be, where the asker is one, too.
        """
        shown, actor = self.event_to_run(), asker(request)
        wanted = selectors.person_to_assign(actor, shown, int(person))
        if wanted is None:
            raise Http404
        services.add_organizer(actor=actor, event=shown, user=wanted)
        return Response(self.show(self.get_object()))

    @extend_schema(parameters=[PERSON], request=None, responses={204: None})
    def destroy(self, request: Request, event: str, person: str) -> Response:
        """What only organizers may do ends for the person at once. 409: `organizer.by_role`."""
        services.remove_organizer(actor=asker(request), event=self.event_to_run(), user=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
