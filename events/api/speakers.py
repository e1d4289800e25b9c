"""Whom an event's page names."""

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from events import selectors, services
from events.api.asking import EVENT, PICTURE, UUID, OfEvent, address_of, asker
from events.models import DISPLAY_NAME_LENGTH, Event, Speaker, SpeakerLink
from events.services import Link
from events.services.speakers import ADDRESS_LENGTH, LABEL_LENGTH, MOST_LINKS, MOST_SPEAKERS, TITLE_LENGTH
from hopin_backstage.rest.etags import check_if_match
from hopin_backstage.rest.fields import Strict, TextField, WholeField, named
from hopin_backstage.rest.idempotency import idempotent
from hopin_backstage.rest.views import ApiViewSet, Listed, Retrieved


class LinkShown(serializers.ModelSerializer[SpeakerLink]):
    class Meta:
        model = SpeakerLink
        fields: ClassVar[list[str]] = ["label", "url"]
        read_only_fields = fields


class SpeakerShown(serializers.ModelSerializer[Speaker]):
    photo = serializers.SerializerMethodField()
    links = LinkShown(many=True, read_only=True)

    class Meta:
        model = Speaker
        fields: ClassVar[list[str]] = ["id", "name", "title", "photo", "position", "links"]
        read_only_fields = fields

    @extend_schema_field(PICTURE)
    def get_photo(self, speaker: Speaker) -> str | None:
        return address_of(self, speaker.photo)


class LinkGiven(Strict):
    url = named(ADDRESS_LENGTH, help_text="http or https; 409 where it is neither: `speaker.link`.")
    # A field of ours, and not the label that every field of the library has.
    label = TextField(required=False, allow_blank=True, max_length=LABEL_LENGTH)  # type: ignore[assignment]


class SpeakerEdit(Strict):
    name = named(DISPLAY_NAME_LENGTH)
    title = TextField(required=False, allow_blank=True, max_length=TITLE_LENGTH)
    links = serializers.ListField(child=LinkGiven(), required=False, max_length=MOST_LINKS)


class Move(Strict):
    places = WholeField(
        min_value=-MOST_SPEAKERS, max_value=MOST_SPEAKERS, help_text="Negative: forward. Ends at either end."
    )


@extend_schema(tags=["speakers"], parameters=[EVENT])
class Speakers(OfEvent, Listed, Retrieved, ApiViewSet):
    """Whom the event's page names, for whoever may see that page."""

    serializer_class = SpeakerShown
    lookup_value_regex = UUID
    page_order = ("position", "pk")
    queryset = Speaker.objects.none()

    def get_queryset(self) -> QuerySet[Speaker]:
        return selectors.speakers_of(self.event())

    @extend_schema(request=SpeakerEdit, responses={201: SpeakerShown})
    @idempotent
    def create(self, request: Request, event: str) -> Response:
        """Behind the others, without a photo: that is chosen on the page. 409: `speaker.too_many`."""
        changed, wanted = self.event_to_run(), _typed(self.body(request, SpeakerEdit))
        speaker = services.add_speaker(actor=asker(request), event=changed, **wanted)
        return Response(self._shown(speaker), status=status.HTTP_201_CREATED)

    @extend_schema(request=SpeakerEdit, responses=SpeakerShown)
    @transaction.atomic
    def partial_update(self, request: Request, event: str, pk: str) -> Response:
        """What is given changes, the rest stays; `links` are all of them."""
        speaker = self._locked(self.event_to_run(), pk)
        check_if_match(request, self.show(speaker))
        wanted = {
            "name": speaker.name,
            "title": speaker.title,
            "links": [Link(label=link.label, url=link.url) for link in speaker.links.all()],
            **_typed(self.body(request, SpeakerEdit, partial=True)),
        }
        services.edit_speaker(actor=asker(request), speaker=speaker, **wanted)
        return Response(self._shown(speaker))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, event: str, pk: str) -> Response:
        """With links and photo. Who may come backstage does not change."""
        services.remove_speaker(actor=asker(request), speaker=self._theirs(pk))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=Move, responses=SpeakerShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def move(self, request: Request, event: str, pk: str) -> Response:
        """So many places on in the order, or forward."""
        speaker, wanted = self._theirs(pk), self.body(request, Move)
        services.move_speaker(actor=asker(request), speaker=speaker, places=wanted["places"])
        return Response(self._shown(speaker))

    def _theirs(self, pk: str) -> Speaker:
        """404 for whoever does not organize the event."""
        return self._of(self.event_to_run(), pk)

    def _locked(self, event: Event, pk: str) -> Speaker:
        """The row is the lock: what `If-Match` names must not change before the edit."""
        Speaker.objects.select_for_update().filter(event=event, pk=pk).first()
        return self._of(event, pk)

    def _of(self, event: Event, pk: str) -> Speaker:
        speaker = selectors.speakers_of(event).filter(pk=pk).first()
        if speaker is None:
            raise Http404
        speaker.event = event
        return speaker

    def _shown(self, speaker: Speaker) -> dict[str, Any]:
        return self.show(selectors.speakers_of(speaker.event).get(pk=speaker.pk))


def _typed(wanted: dict[str, Any]) -> dict[str, Any]:
    """As the services take it."""
    if "links" not in wanted:
        return wanted
    links = [Link(label=link.get("label", ""), url=link["url"]) for link in wanted["links"]]
    return {**wanted, "links": links}
