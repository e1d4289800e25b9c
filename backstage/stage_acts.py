"""What the Stage tab does to an event's stages: add, rename, move, archive, restore, and where the picture comes from.

Each is a form that needs no JavaScript. What asks first has a page that asks (GET); with JavaScript a dialog of the tab
does so instead.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from backstage import services
from backstage.dashboard import STAGE_NAME_LENGTH, ProviderForm, stage_of, stage_tab_page
from events import selectors as events_selectors
from events import services as events_services
from events.models import Event, Stage
from events.views.asking import carry_out, event_frame, signed_in
from events.views.dashboard_pages import dashboard_page
from hopin_backstage.realtime import Refused


@dashboard_page("GET", "POST")
def add(request: HttpRequest, event: Event) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, event, "add")
    name = request.POST.get("name", "")
    try:
        stage = events_services.create_stage(actor=signed_in(request), event=event, name=name)
    except Refused as refusal:
        return _ask(request, event, "add", refusal=refusal, name=name)
    messages.success(request, _("%(stage)s is added.") % {"stage": stage})
    return _to_tab(event, stage)


@dashboard_page("GET", "POST")
def rename(request: HttpRequest, event: Event, stage_id: UUID) -> HttpResponse:
    stage = stage_of(event, stage_id)
    if request.method != "POST":
        return _ask(request, event, "rename", stage, name=stage.name)
    name = request.POST.get("name", "")
    try:
        events_services.rename_stage(actor=signed_in(request), stage=stage, name=name)
    except Refused as refusal:
        return _ask(request, event, "rename", stage, refusal=refusal, name=name)
    messages.success(request, _("The stage is called %(stage)s now.") % {"stage": stage})
    return _to_tab(event, stage)


@dashboard_page("POST")
def move(request: HttpRequest, event: Event, stage_id: UUID) -> HttpResponse:
    """One place up or down; the button that was pressed keeps the focus."""
    stage = stage_of(event, stage_id)
    way = "up" if request.POST.get("way") == "up" else "down"
    order = list(events_selectors.stages_of(event).values_list("pk", flat=True))
    at = order.index(stage.pk)
    to = at - 1 if way == "up" else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
        carry_out(
            request,
            lambda: events_services.reorder_stages(actor=signed_in(request), event=event, order=order),
            _("%(stage)s is number %(place)s of %(all)s now.")
            % {"stage": stage, "place": to + 1, "all": len(order)},
        )
    return redirect(f"{_tab(event)}#{way}-{stage.pk}")


@dashboard_page("GET", "POST")
def archive(request: HttpRequest, event: Event, stage_id: UUID) -> HttpResponse:
    stage = stage_of(event, stage_id)
    if request.method != "POST":
        return _ask(request, event, "archive", stage)
    carry_out(
        request,
        lambda: services.archive_stage(actor=signed_in(request), stage=stage),
        _("%(stage)s is archived. You find it below, and can restore it.") % {"stage": stage},
    )
    return redirect(_tab(event))


@dashboard_page("POST")
def restore(request: HttpRequest, event: Event, stage_id: UUID) -> HttpResponse:
    stage = event.stages.select_related("event").filter(pk=stage_id).first()
    if stage is None:
        raise Http404
    carry_out(
        request,
        lambda: events_services.restore_stage(actor=signed_in(request), stage=stage),
        _("%(stage)s is back.") % {"stage": stage},
    )
    return _to_tab(event, stage)


@dashboard_page("GET", "POST")
def set_provider(request: HttpRequest, event: Event, stage_id: UUID) -> HttpResponse:
    """Saves the Stream provider, or with `preview` shows what it would be. What was typed stays there until it fits."""
    stage = stage_of(event, stage_id)
    if request.method != "POST":
        # Somebody reloads the page that showed a preview.
        return _to_tab(event, stage)
    provider, address = request.POST.get("provider", ""), request.POST.get("address", "")
    try:
        if "preview" in request.POST:
            recognised = events_services.check_address(provider=provider, address=address)
            player = recognised.player if recognised else None
            draft = ProviderForm(provider, address, player=player, is_draft=True)
            return stage_tab_page(request, event, drafts={stage.pk: draft})
        services.set_provider(actor=signed_in(request), stage=stage, provider=provider, address=address)
    except Refused as refusal:
        if refusal.code.startswith("stage.address"):
            draft = ProviderForm(provider, address, refusal=refusal.text, is_draft=True)
            return stage_tab_page(request, event, drafts={stage.pk: draft})
        messages.warning(request, refusal.text)
        return _to_tab(event, stage)
    messages.success(request, _("The Stream provider of %(stage)s is saved.") % {"stage": stage})
    return _to_tab(event, stage)


def _ask(
    request: HttpRequest,
    event: Event,
    act: str,
    stage: Stage | None = None,
    *,
    refusal: Refused | None = None,
    name: str = "",
) -> HttpResponse:
    """The page that asks what else a dialog of the tab asks; again with what was wrong."""
    context = {
        **event_frame(request, event, "stage"),
        "act": act,
        "stage": stage,
        "name": name,
        "refusal": refusal.text if refusal else "",
        "name_length": STAGE_NAME_LENGTH,
    }
    return render(request, "backstage/stage_act.html", context)


def _tab(event: Event) -> str:
    return reverse("backstage:stage_tab", args=[event.slug])


def _to_tab(event: Event, stage: Stage) -> HttpResponseRedirect:
    return redirect(f"{_tab(event)}?stage={stage.pk}#card-{stage.pk}")
