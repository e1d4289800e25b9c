"""`/api/v1/`: Stages, Backstages and shows. Translates only: rules are the services'."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backstage import selectors, services
from backstage.messages import ShowState
from backstage.models import BackstageSession, Broadcast, Participant
from events import permissions as events_permissions
from events import selectors as events_selectors
from events import services as events_services
from events.api.asking import EVENT, OfEvent, asker
from events.api.asking import UUID as UUID_PATTERN
from events.models import DELAY_MAX_S, DELAY_MIN_S, Event, Stage
from events.players.address import LONGEST_PASTED
from events.services.stages import NAME_LENGTH
from hopin_backstage.realtime import Refused
from hopin_backstage.rest.etags import check_if_match
from hopin_backstage.rest.fields import Strict, TextField, WholeField, YesNoField, named
from hopin_backstage.rest.filters import YesNoFilter
from hopin_backstage.rest.idempotency import idempotent
from hopin_backstage.rest.views import ApiViewSet, Listed, Retrieved


# --- Stages ----------------------------
class StageShown(serializers.ModelSerializer[Stage]):
    delay_s = serializers.SerializerMethodField(help_text="To organizers only, else null.")
    video_address = serializers.SerializerMethodField(
        help_text="As an organizer pasted it, empty with Hopin. To organizers only, else null."
    )

    class Meta:
        model = Stage
        fields = ["id", "name", "position", "provider", "video_address", "delay_s", "archived_at"]
        read_only_fields = fields

    def get_delay_s(self, stage: Stage) -> int | None:
        return stage.delay_s if self.context["organizes"] else None

    def get_video_address(self, stage: Stage) -> str | None:
        return stage.shown_address if self.context["organizes"] else None


class StageEdit(Strict):
    name = named(NAME_LENGTH, required=False)
    provider = serializers.ChoiceField(choices=Stage.Provider.choices, required=False)
    video_address = TextField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_PASTED,
        help_text="With a provider other than Hopin. 409 where no video of it is there: `stage.address`, ….",
    )
    delay_s = WholeField(min_value=DELAY_MIN_S, max_value=DELAY_MAX_S, required=False)


class StageNew(StageEdit):
    name = named(NAME_LENGTH)


class StageOrder(Strict):
    order = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=1000,
        help_text="All that are not archived, the first first.",
    )


class StageFilter(filters.FilterSet):
    provider = filters.ChoiceFilter(choices=Stage.Provider.choices)
    archived = YesNoFilter(
        field_name="archived_at",
        lookup_expr="isnull",
        exclude=True,
        help_text="`true`: instead, those that were put away; for organizers.",
    )

    class Meta:
        model = Stage
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Stage]) -> QuerySet[Stage]:
        """Without what was put away, where nobody asks for that."""
        found = super().filter_queryset(queryset)
        asked = self.form.cleaned_data["archived"] is not None
        return found if asked else found.filter(archived_at__isnull=True)


@extend_schema(tags=["stages"], parameters=[EVENT])
class Stages(OfEvent, Listed, Retrieved, ApiViewSet):
    """The Stages that an event's page names, for whoever may see that page."""

    serializer_class = StageShown
    filterset_class = StageFilter
    lookup_value_regex = UUID_PATTERN
    page_order = ("position", "pk")
    queryset = Stage.objects.none()

    def get_queryset(self) -> QuerySet[Stage]:
        event = self.event()
        found = event.stages.all() if self._organizes(event) else events_selectors.stages_of(event)
        return found.select_related("event")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The list alone: one Stage is there for its organizers, put away or not."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def get_serializer_context(self) -> dict[str, Any]:
        organizes = self.request is not None and self._organizes(self.event())
        return {**super().get_serializer_context(), "organizes": organizes}

    def _organizes(self, event: Event) -> bool:
        return events_permissions.may_see_dashboard(self.request.user, event)

    @extend_schema(request=StageNew, responses={201: StageShown})
    @idempotent
    @transaction.atomic
    def create(self, request: Request, event: str) -> Response:
        """Behind the others; its pictures come from a Backstage, unless another provider is named."""
        changed, wanted = self.event_to_run(), self.body(request, StageNew)
        given = {name: wanted[name] for name in ("name", "delay_s") if name in wanted}
        stage = events_services.create_stage(actor=asker(request), event=changed, **given)
        self._set_provider(request, stage, wanted)
        return Response(self.show(stage), status=status.HTTP_201_CREATED)

    @extend_schema(request=StageEdit, responses=StageShown)
    @transaction.atomic
    def partial_update(self, request: Request, event: str, pk: str) -> Response:
        """What is given changes. Provider, address and delay cannot while the Stage is on air: 409 `show.on_air`."""
        stage = self._locked(self.event_to_run(), UUID(pk))
        check_if_match(request, self.show(stage))
        wanted = self.body(request, StageEdit)
        if "name" in wanted:
            events_services.rename_stage(actor=asker(request), stage=stage, name=wanted["name"])
        self._set_provider(request, stage, wanted)
        if "delay_s" in wanted:
            services.set_delay(actor=asker(request), stage=stage, delay_s=wanted["delay_s"])
        return Response(self.show(self.get_object()))

    @extend_schema(request=StageOrder, responses={204: None})
    @action(detail=False, methods=["post"])
    @idempotent
    def order(self, request: Request, event: str) -> Response:
        """409 `stage.order`: not all of them, or one that was added or archived meanwhile."""
        changed, wanted = self.event_to_run(), self.body(request, StageOrder)
        events_services.reorder_stages(actor=asker(request), event=changed, order=wanted["order"])
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=StageShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def archive(self, request: Request, event: str, pk: str) -> Response:
        """Whoever is in its Backstage or watches leaves, and nobody comes until it is restored. 409: `show.on_air`."""
        services.archive_stage(actor=asker(request), stage=self._theirs(self.event_to_run()))
        return Response(self.show(self.get_object()))

    @extend_schema(request=None, responses=StageShown)
    @action(detail=True, methods=["post"])
    @idempotent
    def restore(self, request: Request, event: str, pk: str) -> Response:
        """Takes it out of the archive."""
        events_services.restore_stage(actor=asker(request), stage=self._theirs(self.event_to_run()))
        return Response(self.show(self.get_object()))

    def _set_provider(self, request: Request, stage: Stage, wanted: dict[str, Any]) -> None:
        """An address alone is of the provider that there is; a new provider alone has no address yet."""
        if not {"provider", "video_address"} & wanted.keys():
            return
        provider = wanted.get("provider", stage.provider)
        if provider == Stage.Provider.HOPIN and wanted.get("video_address"):
            raise Refused("stage.provider", _("Name the Stream provider whose address this is."))
        known = stage.video_address if provider == stage.provider else ""
        services.set_provider(
            actor=asker(request), stage=stage, provider=provider, address=wanted.get("video_address", known)
        )

    def _theirs(self, event: Event) -> Stage:
        """Put away or not."""
        stage = event.stages.select_related("event").filter(pk=self.kwargs["pk"]).first()
        if stage is None:
            raise Http404
        return stage

    def _locked(self, event: Event, stage_id: UUID) -> Stage:
        """In the order of `services.set_delay` and `set_provider`: the Backstage's row, then the Stage's. Two orders
        could wait for each other for ever.
        """
        found = events_selectors.stages_of(event).select_related("event")
        stage = found.filter(pk=stage_id).first()
        if stage is None:
            raise Http404
        if stage.provider == Stage.Provider.HOPIN:
            services.backstage_of(stage)
        # One with another provider may have had a Backstage before.
        BackstageSession.objects.select_for_update().filter(stage=stage).first()
        return found.select_for_update(of=("self",)).get(pk=stage_id)


# --- Backstage sessions and their shows ----------------------------
class StageNamed(serializers.ModelSerializer[Stage]):
    class Meta:
        model = Stage
        fields = ["id", "name"]
        read_only_fields = fields


class ShowShown(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=[(state.value, state.value) for state in ShowState])
    delay_s = serializers.IntegerField()
    started_at = serializers.DateTimeField(allow_null=True, help_text="Broadcast was pressed.")
    on_air_at = serializers.DateTimeField(allow_null=True, help_text="The audience saw the first picture.")
    stopped_at = serializers.DateTimeField(allow_null=True, help_text="Stop Broadcasting was pressed.")


class SessionShown(serializers.ModelSerializer[BackstageSession]):
    stage = StageNamed(read_only=True)
    link = serializers.SerializerMethodField(
        help_text="Share it with care: it lets in whoever is registered."
    )
    people = serializers.IntegerField(source="inside", read_only=True)
    show = serializers.SerializerMethodField()

    class Meta:
        model = BackstageSession
        fields = ["id", "stage", "link", "people", "peak_people", "show"]
        read_only_fields = fields

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_link(self, session: BackstageSession) -> str:
        url: str = self.context["request"].build_absolute_uri(
            reverse("backstage:room", args=[session.link_token])
        )
        return url

    @extend_schema_field(ShowShown)
    def get_show(self, session: Any) -> dict[str, Any]:
        current: list[Broadcast] = session.current
        show = selectors.show_of(session, current, timezone.now())
        on_air = current[0] if show.state != ShowState.OFF_AIR else None
        return {
            "state": show.state.value,
            "delay_s": show.delay_s,
            **{name: _iso(getattr(on_air, name, None)) for name in ("started_at", "on_air_at", "stopped_at")},
        }


def _iso(moment: datetime | None) -> Any:
    return serializers.DateTimeField().to_representation(moment) if moment else None


class ResetLink(Strict):
    everybody_again = YesNoField(
        required=False,
        help_text="The people inside leave, too, and come in by the new link. They stay by default.",
    )


class OfBackstage(OfEvent):
    """Views of one Backstage or below it: organizers alone, for all others there is none."""

    def sessions(self) -> QuerySet[BackstageSession]:
        event = self.event_to_run()
        services.backstages_of(event)
        return selectors.open_sessions_of(event)

    def session(self) -> BackstageSession:
        session = self.sessions().filter(pk=self.kwargs["session"]).first()
        if session is None:
            raise Http404
        return session

    def director(self, request: Request) -> Participant:
        return services.director(session=self.session(), actor=asker(request))


@extend_schema(tags=["backstage sessions"], parameters=[EVENT])
class Sessions(OfBackstage, Listed, Retrieved, ApiViewSet):
    """The Backstages of an event, one for each Stage whose provider is Hopin; for organizers."""

    serializer_class = SessionShown
    filter_backends = []
    lookup_url_kwarg = "session"
    lookup_value_regex = UUID_PATTERN
    page_order = ("created_at", "pk")
    queryset = BackstageSession.objects.none()

    def get_queryset(self) -> QuerySet[BackstageSession]:
        return self.sessions()

    @extend_schema(request=ResetLink, responses=SessionShown)
    @action(detail=True, methods=["post"], url_path="link/reset")
    @idempotent
    def reset_link(self, request: Request, event: str, session: str) -> Response:
        """A new link; the old one lets nobody in any more."""
        again = self.body(request, ResetLink).get("everybody_again", False)
        services.reset_link(actor=asker(request), stage=self.session().stage, everybody_again=again)
        return self._shown()

    @extend_schema(tags=["broadcast"], request=None, responses=SessionShown)
    @action(detail=True, methods=["post"], url_path="broadcast/start")
    @idempotent
    def start(self, request: Request, event: str, session: str) -> Response:
        """What is on screen goes to the Stage, `delay_s` seconds later. 409: `broadcast.already`."""
        services.start_broadcast(actor=self.director(request))
        return self._shown()

    @extend_schema(tags=["broadcast"], request=None, responses=SessionShown)
    @action(detail=True, methods=["post"], url_path="broadcast/stop")
    @idempotent
    def stop(self, request: Request, event: str, session: str) -> Response:
        """The Stage shows what is on its way to its end. 409: `broadcast.not_on`."""
        services.stop_broadcast(actor=self.director(request))
        return self._shown()

    @extend_schema(tags=["broadcast"], request=None, responses=SessionShown)
    @action(detail=True, methods=["post"], url_path="broadcast/cut")
    @idempotent
    def cut(self, request: Request, event: str, session: str) -> Response:
        """Off air at once; what nobody has seen yet is destroyed. 409: `broadcast.not_on`."""
        services.cut_now(actor=self.director(request))
        return self._shown()

    def _shown(self) -> Response:
        return Response(self.show(self.session()))
