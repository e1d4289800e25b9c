"""`/api/v1/`: what is written in the chats. Translates only: rules are the services'."""

import uuid
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from backstage.api import OfBackstage
from chat import selectors, services
from chat.messages import LONGEST_MESSAGE
from chat.models import Mention, Message, Room
from events.api.asking import EVENT, UUID, OfEvent, asker
from hopin_backstage.rest.fields import Strict, named
from hopin_backstage.rest.idempotency import idempotent_creation
from hopin_backstage.rest.views import ApiViewSet, Listed, Retrieved

SESSION = OpenApiParameter(
    "session", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The Backstage session."
)


class MentionShown(serializers.ModelSerializer[Mention]):
    class Meta:
        model = Mention
        fields: ClassVar[list[str]] = ["person", "name"]
        read_only_fields = fields


class MessageShown(serializers.ModelSerializer[Message]):
    author = serializers.CharField(
        source="author.display_name",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="Null: the account is gone.",
    )
    role = serializers.ChoiceField(choices=Message.Role.choices, read_only=True)
    mentions = MentionShown(many=True, read_only=True)

    class Meta:
        model = Message
        fields: ClassVar[list[str]] = ["id", "number", "author", "role", "text", "created_at", "mentions"]
        read_only_fields = fields


class MessageNew(Strict):
    text = named(LONGEST_MESSAGE)


class Messages(Listed, Retrieved, ApiViewSet):
    """What is written, the newest first; deleted messages are gone."""

    serializer_class = MessageShown
    filter_backends = []
    lookup_value_regex = UUID
    page_order = ("-number",)
    queryset = Message.objects.none()

    def room(self) -> Room:
        """The chat, if the asker may read it."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Message]:
        return selectors.shown(self.room())

    @extend_schema(request=MessageNew, responses={201: MessageShown})
    @idempotent_creation
    def create(self, request: Request, **where: str) -> Response:
        """Everybody in the chat sees it at once. 409: `message.too_fast`."""
        wanted = self.body(request, MessageNew)
        post = services.Post(actor=asker(request), client_id=uuid.uuid4(), text=wanted["text"])
        message = services.send(room=self.room(), post=post)
        return Response(self._shown(message.pk), status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str, **where: str) -> Response:
        """From every screen: one's own for five minutes, organizers any."""
        message = self.get_object()
        services.delete(actor=asker(request), room=self.room(), message_id=message.pk)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _shown(self, message_id: Any) -> dict[str, Any]:
        return self.show(self.get_queryset().get(pk=message_id))


@extend_schema(tags=["messages"], parameters=[EVENT])
class EventMessages(OfEvent, Messages):
    """The event chat, for everybody registered. The newest message first."""

    def room(self) -> Room:
        return services.event_room(slug=self.event().slug, actor=asker(self.request))


@extend_schema(tags=["messages"], parameters=[EVENT, SESSION])
class BackstageMessages(OfBackstage, Messages):
    """The Backstage chat, for organizers who are inside (409: `not_inside`). The newest message first."""

    def room(self) -> Room:
        room = services.room_of_backstage(self.session())
        services.check_reading(room=room, actor=asker(self.request))
        return room
