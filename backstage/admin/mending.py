"""What support does to a show: each asked once, on a page that says what it will do."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from backstage import permissions, selectors, services
from backstage.models import BackstageSession
from events.admin.acts import Act
from events.models import User


def may_mend(request: HttpRequest) -> bool:
    return permissions.may_mend(cast("User", request.user))


def _is_running(session: BackstageSession) -> bool:
    return session.broadcasts.filter(stopped_at__isnull=True).exists()


def _can_be_cut(session: BackstageSession) -> bool:
    return session.broadcasts.filter(ended_at__isnull=True, cut_at__isnull=True).exists()


def _where(session: BackstageSession) -> dict[str, Any]:
    return {"stage": session.stage, "event": session.stage.event}


def _in_the_log() -> str:
    return now_("The audit log, which organizers read, names you as the one who did it.")


def mending_act(
    label: Any,
    *,
    asks: Any,
    effects: Callable[[Any], list[str]],
    perform: Callable[[User, Any, str], str],
    words: Callable[[Any], dict[str, Any]],
    possible: Callable[[Any], bool] = lambda row: True,
    choices: tuple[tuple[str, Any], ...] = (),
) -> Act:
    """What whoever may mend does to a row. `asks`: a sentence with `words` in it. The last effect is always the log."""
    return Act(
        label=label,
        title=lambda row: str(asks) % words(row),
        effect=lambda row: [*effects(row), _in_the_log()],
        perform=perform,
        allowed=may_mend,
        choices=choices,
        possible=possible,
    )


def _stop(actor: User, session: BackstageSession, choice: str) -> str:
    services.mend_by_stopping(actor=actor, session_id=session.pk)
    return now_("The broadcast ends. The Stage shows what is on its way to its end.")


def _cut(actor: User, session: BackstageSession, choice: str) -> str:
    services.mend_by_cutting(actor=actor, session_id=session.pk)
    return now_("The show is off air. What nobody had seen yet is destroyed.")


def _reset_link(actor: User, session: BackstageSession, choice: str) -> str:
    services.reset_link(actor=actor, stage=session.stage, everybody_again=choice == "again")
    return now_("The old link is dead. Organizers find the new one on the Stage tab of their dashboard.")


def _all_stay() -> str:
    return now_("Everybody backstage stays where they are, and an organizer can broadcast again.")


#: By the name in the address.
ACTS = {
    "stop": mending_act(
        _("End the broadcast"),
        asks=_("End the broadcast of %(stage)s, %(event)s?"),
        effects=lambda session: [
            now_("Nothing more goes from this Backstage to its Stage."),
            now_("Viewers still see the %(delay)s seconds that are on their way, then the show is off air.")
            % {"delay": session.stage.delay_s},
            _all_stay(),
        ],
        perform=_stop,
        words=_where,
        possible=_is_running,
    ),
    "cut": mending_act(
        _("Cut now"),
        asks=_("Cut %(stage)s, %(event)s, off the air now?"),
        effects=lambda session: [
            now_("The show is off air at once."),
            now_("The seconds that nobody has seen yet are destroyed. Nobody can bring them back."),
            _all_stay(),
        ],
        perform=_cut,
        words=_where,
        possible=_can_be_cut,
    ),
    "reset-link": mending_act(
        _("Reset the link"),
        asks=_("Reset the Backstage link of %(stage)s, %(event)s?"),
        effects=lambda session: [
            now_("The old link lets nobody in any more, wherever it was shared."),
            now_("Whoever waits at the door with it has to come again with the new one."),
            now_("Organizers find the new link on the Stage tab of their dashboard. You do not see it."),
        ],
        perform=_reset_link,
        words=_where,
        possible=lambda session: selectors.is_open(session),
        choices=(
            ("stay", _("They stay, and may come back until they leave")),
            ("again", _("They are put out, and come in by the new link")),
        ),
    ),
}
