"""Emptying a tile, from the page of the place on screen."""

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from backstage.admin import SlotAdmin, may_mend, mending_act
from backstage.models import Slot
from events.admin.acts import act_path
from events.admin.offers import offer_tool
from events.models import User
from moderation import services


def _empty(actor: User, slot: Slot, choice: str) -> str:
    name = slot.participant.user
    if services.empty_tile(actor=actor, slot_id=slot.pk):
        return now_("The screen of %(name)s is off.") % {"name": name}
    return now_("%(name)s is off the screen, and must ask again.") % {"name": name}


def _effects(slot: Slot) -> list[str]:
    name = {"name": slot.participant.user}
    if slot.kind == Slot.Kind.SCREEN:
        first = now_("The screen that %(name)s shares goes off the screen, for everybody and at once.") % name
    else:
        first = (
            now_("%(name)s goes off the screen, for everybody and at once, with a screen they share.") % name
        )
    return [
        first,
        now_("%(name)s stays in the Backstage. Whoever has nothing left on screen must ask again.") % name,
    ]


EMPTY = mending_act(
    _("Empty the tile"),
    asks=_("Empty tile %(index)s, %(name)s?"),
    effects=_effects,
    perform=_empty,
    words=lambda slot: {"index": slot.index, "name": slot.participant.user},
)

SlotAdmin.acts["empty"] = EMPTY
offer_tool(Slot, EMPTY.label, lambda slot: act_path(slot, "empty"), may_mend)
