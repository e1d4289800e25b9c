"""Stages of an event.

Whether one of them is being broadcast is asked by `backstage`, which knows: who archives a Stage or changes where its
picture comes from calls `backstage.services`.
"""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http.request import validate_host
from django.utils import timezone
from django.utils.translation import gettext as _

from events.deeds import Deed
from events.models import DELAY_DEFAULT_S, Event, Stage, User
from events.players import PROVIDERS, NotRecognised, Recognised, recognise
from events.services.rules import check_delay, check_organizer
from events.signals import dashboard_acted, stage_changed
from events.text import one_line
from hopin_backstage.realtime import Refused

#: Characters of a name.
NAME_LENGTH = 80


@transaction.atomic
def create_stage(*, actor: User, event: Event, name: str, delay_s: int = DELAY_DEFAULT_S) -> Stage:
    """Adds a Stage behind the others; `delay_s` in seconds. Its pictures come from a Backstage. It is logged.

    Raises Refused: `event.not_yours`, `stage.name`, `stage.delay`.
    """
    check_organizer(actor, event)
    check_delay(delay_s)
    name = _checked_name(name)
    # The event's row is the lock: two that are added at once do not get the same position.
    Event.objects.select_for_update().get(pk=event.pk)
    last = event.stages.order_by("-position").values_list("position", flat=True).first()
    position = 0 if last is None else last + 1
    stage = Stage.objects.create(event=event, name=name, position=position, delay_s=delay_s)
    stage_changed.send(sender=Stage, actor=actor, stage=stage, what="added", detail=stage.name)
    return stage


@transaction.atomic
def rename_stage(*, actor: User, stage: Stage, name: str) -> Stage:
    """It is logged, with both names, if it is another. Raises Refused: `event.not_yours`, `stage.name`."""
    check_organizer(actor, stage.event)
    name = _checked_name(name)
    before, stage.name = Stage.objects.select_for_update().get(pk=stage.pk).name, name
    if stage.name != before:
        stage.save(update_fields=["name"])
        detail = f"{before} → {stage.name}"
        stage_changed.send(sender=Stage, actor=actor, stage=stage, what="renamed", detail=detail)
    return stage


@transaction.atomic
def reorder_stages(*, actor: User, event: Event, order: Sequence[UUID]) -> None:
    """`order`: the ids of all stages that are not archived, the first first. The archived stand behind them.

    It is logged, with the names in their new order, if it is another.

    Raises Refused: `event.not_yours`, `stage.order` (another organizer has added or archived one meanwhile).
    """
    check_organizer(actor, event)
    Event.objects.select_for_update().get(pk=event.pk)
    stages = {stage.pk: stage for stage in event.stages.all()}
    shown = {pk for pk, stage in stages.items() if stage.archived_at is None}
    if len(order) != len(shown) or set(order) != shown:
        raise Refused(
            "stage.order",
            _("The stages of this event have changed meanwhile. Look at them again, then move yours."),
        )
    archived = [pk for pk in stages if pk not in shown]
    before = [pk for pk in stages if pk in shown]
    for position, pk in enumerate([*order, *archived]):
        stages[pk].position = position
    Stage.objects.bulk_update(stages.values(), ["position"])
    if before != list(order):
        names = ", ".join(stages[pk].name for pk in order)
        dashboard_acted.send(
            sender=Event, deed=Deed.STAGES_REORDERED, actor=actor, event=event, user=None, detail=names
        )


@transaction.atomic
def archive_stage(*, actor: User, stage: Stage) -> Stage:
    """Nobody comes to it any more until it is restored; it keeps its name, place and history. Twice is once.

    Raises Refused: `event.not_yours`.
    """
    check_organizer(actor, stage.event)
    if stage.archived_at is None:
        stage.archived_at = timezone.now()
        stage.save(update_fields=["archived_at"])
        stage_changed.send(sender=Stage, actor=actor, stage=stage, what="archived", detail=stage.name)
    return stage


@transaction.atomic
def restore_stage(*, actor: User, stage: Stage) -> Stage:
    """Takes it out of the archive. Raises Refused: `event.not_yours`."""
    check_organizer(actor, stage.event)
    if stage.archived_at is not None:
        stage.archived_at = None
        stage.save(update_fields=["archived_at"])
        stage_changed.send(sender=Stage, actor=actor, stage=stage, what="restored", detail=stage.name)
    return stage


@transaction.atomic
def set_provider(*, actor: User, stage: Stage, provider: str, address: str = "") -> bool:
    """Where the picture of a Stage comes from; `address`: of the video, as it was pasted, and not for Hopin.

    With Hopin the address that there was is kept, for whoever goes back, and shown to nobody but in the form.
    Returns whether anything has changed. Raises Refused: `event.not_yours`, and as `check_address` does.
    """
    check_organizer(actor, stage.event)
    recognised = check_address(provider=provider, address=address)
    kept = recognised.address if recognised else stage.video_address
    if (stage.provider, stage.video_address) == (provider, kept):
        return False
    stage.provider, stage.video_address = provider, kept
    stage.save(update_fields=["provider", "video_address"])
    detail = f"{stage.name}: {stage.get_provider_display()}"
    stage_changed.send(sender=Stage, actor=actor, stage=stage, what="provider", detail=detail)
    return True


@transaction.atomic
def set_stage_delay(*, actor: User, stage: Stage, delay_s: int) -> Stage:
    """Sets how many seconds the Stage runs behind, from the next broadcast on. It is logged, if it is news.

    Whether one is running now is asked by `backstage`, which knows.
    Raises Refused: `event.not_yours`, `stage.delay`.
    """
    check_organizer(actor, stage.event)
    check_delay(delay_s)
    if stage.delay_s != delay_s:
        stage.delay_s = delay_s
        stage.save(update_fields=["delay_s"])
        detail = f"{stage.name}: {delay_s} s"
        stage_changed.send(sender=Stage, actor=actor, stage=stage, what="delay", detail=detail)
    return stage


def note_watching(*, stage: Stage, watching: int) -> None:
    """So many people watch a Stage whose picture comes from elsewhere: the most at a time are kept. Tells nobody."""
    # The row as it was read is asked first, and the database again: nobody waits for a writer's lock without need.
    if watching > stage.peak_elsewhere:
        shown_elsewhere = Stage.objects.exclude(provider=Stage.Provider.HOPIN)
        shown_elsewhere.filter(pk=stage.pk, peak_elsewhere__lt=watching).update(peak_elsewhere=watching)


def check_address(*, provider: str, address: str) -> Recognised | None:
    """What becomes of an address; None for Hopin. Writes nothing.

    Raises Refused: `stage.provider` (there is none of this name), `stage.address_missing`, `stage.address`,
    `stage.address_elsewhere` (it is another provider's, or our own).
    """
    if provider == Stage.Provider.HOPIN:
        return None
    if provider not in PROVIDERS:
        raise Refused("stage.provider", _("Choose one of the Stream providers in the list."))
    if not address.strip():
        raise Refused("stage.address_missing", _("Paste the address of the video."))
    try:
        recognised = recognise(provider, address)
    except NotRecognised as reason:
        raise _elsewhere(provider, reason.other) if reason.other else _not_recognised(provider) from reason
    if _is_ours(recognised.player.origin):
        # In a frame of our own host, what a sandbox forbids could be undone from inside.
        raise Refused(
            "stage.address_elsewhere",
            _(
                "This is an address of this site. Choose Hopin as the Stream provider, or paste another address."
            ),
        )
    return recognised


def _elsewhere(provider: str, other: str) -> Refused:
    names = {"other": PROVIDERS[other].name, "chosen": PROVIDERS[provider].name}
    if not names["chosen"]:
        return Refused(
            "stage.address_elsewhere",
            _("This is an address of %(other)s. Choose %(other)s as the Stream provider.") % names,
        )
    return Refused(
        "stage.address_elsewhere",
        _(
            "This is an address of %(other)s. Choose %(other)s as the Stream provider, or paste one of %(chosen)s."
        )
        % names,
    )


def _not_recognised(provider: str) -> Refused:
    chosen = PROVIDERS[provider]
    if not chosen.name:
        return Refused(
            "stage.address",
            _(
                "This is not the address of a player. It begins with https://, and is at most 500 characters long."
            ),
        )
    return Refused(
        "stage.address",
        _("No video of %(name)s is at this address. Open the video there and copy its link: %(example)s")
        % {"name": chosen.name, "example": chosen.example},
    )


def _is_ours(origin: str) -> bool:
    host = origin.removeprefix("https://").split(":")[0]
    return validate_host(host, [pattern for pattern in settings.ALLOWED_HOSTS if pattern != "*"])


def _checked_name(name: str) -> str:
    name = one_line(name)
    if not 1 <= len(name) <= NAME_LENGTH:
        raise Refused(
            "stage.name",
            _("Give the stage a name of at most %(longest)s characters.") % {"longest": NAME_LENGTH},
        )
    return name
