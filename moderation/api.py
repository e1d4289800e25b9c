"""`/api/v1/`: requests to share, and the audit log; for organizers. Translates only: rules are the services'."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backstage.actions import Action
from backstage.api import OfBackstage
from events.api.asking import EVENT, OfEvent
from events.api.asking import UUID as UUID_PATTERN
from hopin_backstage.rest.fields import Strict, TextField
from hopin_backstage.rest.filters import MomentFilter
from hopin_backstage.rest.idempotency import idempotent
from hopin_backstage.rest.views import ApiViewSet, Listed, Retrieved
from moderation import selectors, services
from moderation.messages import WORD_LENGTH
from moderation.models import AuditEntry, ShareRequest

SESSION = OpenApiParameter(
    "session", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The Backstage session."
)


# --- Requests to share ----------------------------
class RequestShown(serializers.ModelSerializer[ShareRequest]):
    name = serializers.CharField(source="participant.user.display_name", read_only=True)
    muted = serializers.BooleanField(source="participant.muted", read_only=True)
    decided_by = serializers.CharField(
        source="decided_by.display_name", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = ShareRequest
        fields = [
            *("id", "participant", "name", "state", "asked_at", "microphone", "camera", "measured"),
            *("level_seen", "uplink", "path", "browser", "muted", "word", "decided_at", "decided_by"),
        ]
        read_only_fields = fields


class Word(Strict):
    word = TextField(
        required=False,
        allow_blank=True,
        max_length=WORD_LENGTH,
        help_text="Shown to the person who asked.",
    )


class RequestFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=ShareRequest.State.choices)

    class Meta:
        model = ShareRequest
        fields: list[str] = []


@extend_schema(tags=["requests"], parameters=[EVENT, SESSION])
class Requests(OfBackstage, Listed, Retrieved, ApiViewSet):
    """Who asks to come on screen, first come first; `state=waiting` is the queue."""

    serializer_class = RequestShown
    filterset_class = RequestFilter
    lookup_value_regex = UUID_PATTERN
    page_order = ("asked_at", "pk")
    queryset = ShareRequest.objects.none()

    def get_queryset(self) -> QuerySet[ShareRequest]:
        return selectors.requests_of(self.session())

    @extend_schema(request=None, responses=RequestShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def accept(self, request: Request, event: str, session: str, pk: str) -> Response:
        """Puts the person on screen. 409: `request.gone`, `stage.full`."""
        services.accept(actor=self.director(request), request_id=self._theirs(pk))
        return Response(self.show(self.get_object()))

    @extend_schema(request=Word, responses=RequestShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def decline(self, request: Request, event: str, session: str, pk: str) -> Response:
        """With a word for the person, if you like. 409: `request.gone`."""
        word = self.body(request, Word).get("word", "")
        services.decline(actor=self.director(request), request_id=self._theirs(pk), word=word)
        return Response(self.show(self.get_object()))

    def _theirs(self, pk: str) -> UUID:
        """404 where it is none of this Backstage, before it is `request.gone`."""
        if not self.get_queryset().filter(pk=pk).exists():
            raise Http404
        return UUID(pk)


# --- Audit log ----------------------------
class EntryShown(serializers.ModelSerializer[AuditEntry]):
    backstage_session = serializers.UUIDField(source="backstage_session_id", read_only=True, allow_null=True)
    said = serializers.CharField(
        source="get_action_display", read_only=True, help_text="The action in words."
    )

    class Meta:
        model = AuditEntry
        fields = [
            *("id", "at", "action", "said", "actor_name", "target_name", "detail", "backstage_session"),
        ]
        read_only_fields = fields


class EntryFilter(filters.FilterSet):
    action = filters.ChoiceFilter(choices=Action.choices)
    backstage_session = filters.UUIDFilter(field_name="backstage_session_id")
    after = MomentFilter(field_name="at", lookup_expr="gte")
    before = MomentFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = AuditEntry
        fields: list[str] = []


@extend_schema(tags=["audit log"], parameters=[EVENT])
class AuditLog(OfEvent, Listed, Retrieved, ApiViewSet):
    """Who did what, when, to whom; the newest first. Nothing changes or deletes it."""

    serializer_class = EntryShown
    filterset_class = EntryFilter
    lookup_value_regex = UUID_PATTERN
    page_order = ("-at", "-pk")
    queryset = AuditEntry.objects.none()

    def get_queryset(self) -> QuerySet[AuditEntry]:
        return selectors.audit_log_of(self.event_to_run())
