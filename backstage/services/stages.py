"""Stages, as far as a Backstage has to do with them: nothing that is on air changes under its audience.

The row of the Backstage is the lock, as it is for Broadcast: whichever comes first, the other finds it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from backstage import messages, selectors
from backstage.messages import ShowState
from backstage.models import BackstageSession
from backstage.services.announcing import locked
from backstage.services.door import dissolve_line
from backstage.services.entry import backstage_of, leave_all
from events import services as events_services
from events.models import Stage, User
from hopin_backstage.realtime import Refused, groups, publish
from hopin_backstage.realtime.access import AccessChanged


def set_provider(*, actor: User, stage: Stage, provider: str, address: str = "") -> None:
    """Where the picture of a Stage comes from. Its pages are told, and load themselves anew.

    From Hopin to another: whoever is in the Backstage leaves. Raises Refused: `show.on_air`, and events' own.
    """
    with _off_air(
        stage, _("The Stage is on air. Stop Broadcasting first, then change the provider.")
    ) as session:
        was = stage.provider
        if not events_services.set_provider(actor=actor, stage=stage, provider=provider, address=address):
            return
        if session is not None and was == Stage.Provider.HOPIN and provider != was:
            _send_away(session)
        publish(groups.stage(stage.pk), messages.StageChanged())


def archive_stage(*, actor: User, stage: Stage) -> None:
    """Whoever is in the Backstage or watches leaves. Raises Refused: `show.on_air`, and events' own."""
    with _off_air(stage, _("The Stage is on air. Stop Broadcasting first, then archive it.")) as session:
        events_services.archive_stage(actor=actor, stage=stage)
        if session is not None:
            _send_away(session)
        publish(groups.stage(stage.pk), AccessChanged())


@contextmanager
def _off_air(stage: Stage, otherwise: str) -> Iterator[BackstageSession | None]:
    """The Backstage of the Stage, locked; None if there has never been one. `stage` is read anew."""
    session = BackstageSession.objects.filter(stage=stage).first()
    if session is None and stage.provider == Stage.Provider.HOPIN:
        # Made where there is none: else one that is made meanwhile could go on air beside us.
        session = backstage_of(stage)
    if session is None:
        yield None
        return
    with locked(session.id) as held:
        stage.refresh_from_db()
        if selectors.show(held).state != ShowState.OFF_AIR:
            raise Refused("show.on_air", otherwise)
        yield held


def _send_away(session: BackstageSession) -> None:
    leave_all(session)
    dissolve_line(session)
