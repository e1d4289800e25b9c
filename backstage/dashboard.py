"""The Overview and Stage tabs of an event's dashboard: its parts that know Backstages and broadcasts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backstage import selectors, services
from backstage.frames import allowing_frames, host_without_port
from backstage.messages import ShowState
from backstage.models import BackstageSession, Broadcast
from events import selectors as events_selectors
from events.models import DELAY_MAX_S, DELAY_MIN_S, Event, Stage
from events.players import Player, player_of
from events.services.stages import NAME_LENGTH as STAGE_NAME_LENGTH
from events.views.asking import event_frame, page_of, signed_in
from events.views.dashboard_pages import dashboard_page
from hopin_backstage.realtime import Refused

#: Broadcasts that a stage's card shows.
LAST_BROADCASTS = 5


@dataclass(frozen=True)
class PastBroadcast:
    started_at: datetime
    running: bool
    length: str
    peak_viewers: int


@dataclass(frozen=True)
class ProviderForm:
    """What the fields of the Stream provider hold: what is saved, or what was typed."""

    provider: str
    address: str
    player: Player | None = None
    """The preview."""
    refusal: str = ""
    is_draft: bool = False
    """Not saved yet."""


@dataclass(frozen=True)
class StageCard:
    """One stage, as its organizers see it. What only Hopin stages have is empty for the others."""

    stage: Stage
    state: str
    backstage_url: str
    backstage_link: str
    broadcasts: list[PastBroadcast]
    form: ProviderForm
    inside: int = 0
    """People in the Backstage now."""
    is_open: bool = True
    """Its settings are shown."""

    @property
    def is_hopin(self) -> bool:
        return self.stage.provider == Stage.Provider.HOPIN

    @property
    def on_air(self) -> bool:
        """From the press of Broadcast to the last picture."""
        return self.state not in ("", ShowState.OFF_AIR.value)


@dashboard_page("GET")
def overview(request: HttpRequest, event: Event) -> HttpResponse:
    cards = _cards(request, event)
    return render(
        request,
        "backstage/dashboard_overview.html",
        {
            **event_frame(request, event, "overview"),
            "numbers": events_selectors.numbers(event),
            "cards": [card for card in cards if card.backstage_link],
            "page_address": page_of(request, event),
            "shows": selectors.show_numbers(event),
            "newcomers": events_selectors.newcomers(event).value,
        },
    )


@dashboard_page("GET")
def stage_tab(request: HttpRequest, event: Event) -> HttpResponse:
    """`?stage=` opens the settings of a Stage with another provider; those of Hopin are always open."""
    return stage_tab_page(request, event, opened=request.GET.get("stage", ""))


def stage_tab_page(
    request: HttpRequest, event: Event, *, opened: str = "", drafts: Mapping[UUID, ProviderForm] | None = None
) -> HttpResponse:
    """`drafts`: by stage, what was typed and is not saved. Its policy allows the frames of the previews alone."""
    cards = _cards(request, event, opened=opened, drafts=drafts or {})
    response = render(
        request,
        "backstage/dashboard_stage.html",
        {
            **event_frame(request, event, "stage"),
            "cards": cards,
            "newcomers": events_selectors.newcomers(event).value,
            "archived": event.stages.filter(archived_at__isnull=False),
            "delays": range(DELAY_MIN_S, DELAY_MAX_S + 1),
            "providers": Stage.Provider.choices,
            "parent": host_without_port(request),
            "name_length": STAGE_NAME_LENGTH,
        },
    )
    return allowing_frames(request, response, [card.form.player for card in cards if card.is_open])


@dashboard_page("POST")
def set_delay(request: HttpRequest, event: Event, stage_id: UUID) -> HttpResponse:
    """Saves the Stage delay. A form gets the page again; the page's own JavaScript asks for JSON."""
    stage = stage_of(event, stage_id)
    wanted = request.POST.get("delay_s", "")
    try:
        services.set_delay(
            actor=signed_in(request),
            stage=stage,
            delay_s=int(wanted) if wanted.isdecimal() and len(wanted) < 4 else 0,
        )
    except Refused as refusal:
        return _answer(request, event, refusal)
    return _answer(request, event, None)


@dashboard_page("GET", "POST")
def reset_link(request: HttpRequest, event: Event, stage_id: UUID) -> HttpResponse:
    """A new Backstage link. GET asks first, for browsers without JavaScript; else a dialog of the Stage tab does."""
    stage = stage_of(event, stage_id)
    if stage.provider != Stage.Provider.HOPIN:
        raise Http404
    if request.method != "POST":
        context = {
            **event_frame(request, event, "stage"),
            "card": _card(request, stage, _sessions([stage])[stage.pk]),
        }
        return render(request, "backstage/reset_link.html", context)
    everybody_again = request.POST.get("inside") == "again"
    try:
        services.reset_link(actor=signed_in(request), stage=stage, everybody_again=everybody_again)
    except Refused as refusal:
        messages.warning(request, refusal.text)
    else:
        messages.success(
            request,
            _("The Backstage of %(stage)s has a new link. Everybody comes in again by it.") % {"stage": stage}
            if everybody_again
            else _("The Backstage of %(stage)s has a new link. Whoever is inside stays.") % {"stage": stage},
        )
    return redirect("backstage:stage_tab", event.slug)


def stage_of(event: Event, stage_id: UUID) -> Stage:
    stage = events_selectors.stages_of(event).select_related("event").filter(pk=stage_id).first()
    if stage is None:
        raise Http404
    return stage


def _answer(request: HttpRequest, event: Event, refusal: Refused | None) -> HttpResponse:
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        if refusal:
            return JsonResponse({"code": refusal.code, "text": refusal.text}, status=HTTPStatus.CONFLICT)
        return JsonResponse({"text": _("Saved")})
    if refusal:
        messages.warning(request, refusal.text)
    else:
        messages.success(request, _("The Stage delay is saved."))
    return redirect("backstage:stage_tab", event.slug)


def _cards(
    request: HttpRequest,
    event: Event,
    *,
    opened: str = "",
    drafts: Mapping[UUID, ProviderForm] | None = None,
) -> list[StageCard]:
    stages = list(events_selectors.stages_of(event))
    sessions = _sessions([stage for stage in stages if stage.provider == Stage.Provider.HOPIN])
    cards = [_card(request, stage, sessions.get(stage.pk)) for stage in stages]
    drafts = drafts or {}
    return [
        replace(
            card,
            form=drafts.get(card.stage.pk, card.form),
            is_open=card.is_hopin or card.stage.pk in drafts or str(card.stage.pk) == opened,
        )
        for card in cards
    ]


def _sessions(stages: list[Stage]) -> dict[UUID, BackstageSession]:
    """The Backstages by stage, each with its `last_broadcasts`, its `current` and the number of people `inside`."""
    known = set(BackstageSession.objects.filter(stage__in=stages).values_list("stage_id", flat=True))
    for stage in stages:
        if stage.pk not in known:
            services.backstage_of(stage)
    newest_first = Broadcast.objects.order_by("-started_at")[:LAST_BROADCASTS]
    found = (
        BackstageSession.objects.filter(stage__in=stages)
        .select_related("stage")
        .annotate(inside=Count("participants", filter=Q(participants__left_at__isnull=True)))
        .prefetch_related(
            Prefetch("broadcasts", newest_first, to_attr="last_broadcasts"), selectors.prefetch_current()
        )
    )
    return {session.stage_id: session for session in found}


def _card(request: HttpRequest, stage: Stage, session: BackstageSession | None) -> StageCard:
    form = ProviderForm(
        stage.provider, stage.video_address, player=player_of(stage.provider, stage.video_address)
    )
    if session is None:
        return StageCard(stage, state="", backstage_url="", backstage_link="", broadcasts=[], form=form)
    url = reverse("backstage:room", args=[session.link_token])
    last: list[Broadcast] = session.last_broadcasts  # type: ignore[attr-defined]
    current: list[Broadcast] = session.current  # type: ignore[attr-defined]
    return StageCard(
        stage,
        state=selectors.show_of(session, current, timezone.now()).state.value,
        backstage_url=url,
        backstage_link=request.build_absolute_uri(url),
        broadcasts=[_past_broadcast(broadcast) for broadcast in last],
        form=form,
        inside=session.inside,  # type: ignore[attr-defined]
    )


def _past_broadcast(broadcast: Broadcast) -> PastBroadcast:
    running = broadcast.ended_at is None
    return PastBroadcast(
        started_at=broadcast.started_at,
        running=running,
        length=_length(broadcast),
        peak_viewers=broadcast.peak_viewers,
    )


def _length(broadcast: Broadcast) -> str:
    """How long attendees saw something, in words."""
    if broadcast.on_air_at is None:
        return _("Never on air") if broadcast.ended_at else ""
    seen = (broadcast.ended_at or timezone.now()) - broadcast.on_air_at
    if seen < timedelta(minutes=1):
        seconds = max(0, int(seen.total_seconds()))
        return ngettext("%(count)s s", "%(count)s s", seconds) % {"count": seconds}
    minutes = int(seen.total_seconds()) // 60
    if minutes < 60:
        return ngettext("%(count)s min", "%(count)s min", minutes) % {"count": minutes}
    return _("%(hours)s h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}
