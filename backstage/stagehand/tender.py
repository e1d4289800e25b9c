"""Tends one Backstage: plans, takes the steps, and plans again until nothing is missing."""

import structlog
from channels.db import database_sync_to_async

from backstage.stagehand.desired import Desired, read_one
from backstage.stagehand.ears import Ears
from backstage.stagehand.eyes import Eyes
from backstage.stagehand.hands import Hands
from backstage.stagehand.open_lines import OpenLines
from backstage.stagehand.plan import plan, plan_alone, plan_without_janus
from backstage.stagehand.refusals import Refusals
from backstage.stagehand.steps import Step
from janus.errors import JanusError, JanusTimeout

log = structlog.get_logger(__name__)

#: Plans in a row for one Backstage before the others get their turn; a show from nothing takes four.
PLANS_AT_ONCE = 8
#: Steps of one plan that Janus may leave without an answer. One may be the fault of a feed, two are not.
TIMEOUTS_AT_ONCE = 2


class Tender:
    def __init__(self, lines: OpenLines, ears: Ears, eyes: Eyes, refusals: Refusals, hands: Hands) -> None:
        self._lines = lines
        self._ears = ears
        self._eyes = eyes
        self._refusals = refusals
        self._hands = hands

    async def tend(self, desired: Desired, overtaken: int) -> None:
        """`overtaken`: the line's, before `desired` was read."""
        session_id = desired.session_id
        try:
            for _round in range(PLANS_AT_ONCE):
                if not await self._tend_once(desired, overtaken):
                    return
                overtaken = self._lines.overtaken(session_id)
                desired = await _read_one(session_id)
        except JanusError as error:
            log.warning("janus_failed", backstage_session=str(session_id), error=repr(error))
        except Exception:
            # One Backstage must not keep the others from being tended.
            log.exception("tending_failed", backstage_session=str(session_id))

    async def _tend_once(self, desired: Desired, overtaken: int) -> bool:
        """Takes the steps of one plan; False if there were none, or if nothing more can be done just now."""
        planned = await self._plan(desired)
        timeouts, failed = 0, False
        for step in planned:
            if self._lines.overtaken(desired.session_id) != overtaken:
                # Its line was cut or shut meanwhile: what was planned would put back into it what must not be.
                return True
            log.info("step", backstage_session=str(desired.session_id), step=repr(step))
            try:
                await self._hands.take(step, desired)
            except JanusError as error:
                # The steps behind it are for others: one feed that cannot be forwarded must not darken the rest.
                log.warning("step_failed", step=type(step).__name__, error=repr(error))
                failed = True
                timeouts += isinstance(error, JanusTimeout)
                if timeouts >= TIMEOUTS_AT_ONCE:
                    break
        # Again in a second and not at once: what fails for ever must not keep both processors busy.
        return bool(planned) and not failed

    async def _plan(self, desired: Desired) -> list[Step]:
        self._ears.look_at(desired)
        if alone := plan_alone(desired, self._lines.observed(desired.session_id)):
            return alone
        observed = await self._eyes.look(desired)
        if observed is None:
            return plan_without_janus(desired, self._lines.observed(desired.session_id))
        self._refusals.keep(desired.session_id, observed.publishers)
        return plan(desired, observed)


_read_one = database_sync_to_async(read_one)
