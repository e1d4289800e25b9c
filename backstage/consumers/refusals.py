"""What a page is told where Janus fails it, or where what it offered is nothing that the Backstage knows."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
from django.utils.translation import gettext as _

from backstage.media.sdp import UnfitSdp
from hopin_backstage.realtime import Refused
from janus.errors import JanusError

log = structlog.get_logger(__name__)


def media_not_ready() -> Refused:
    return Refused("media.not_ready", _("The media server is not ready yet. Trying again by itself."))


@contextmanager
def failures_as_refusals() -> Iterator[None]:
    """Raises Refused: `publish.unfit` for UnfitSdp, `media.not_ready` for JanusError."""
    try:
        yield
    except UnfitSdp as error:
        raise Refused(
            "publish.unfit", _("This page offered media that the Backstage does not know.")
        ) from error
    except JanusError as error:
        raise media_not_ready() from error


@asynccontextmanager
async def beginning(
    what: str, *, give_up: Callable[[], Awaitable[None]], **noted: object
) -> AsyncIterator[None]:
    """What begins here is given up first where it is refused; what Janus said is in the log, with what is `noted`.

    Raises Refused as `failures_as_refusals`.
    """
    with failures_as_refusals():
        try:
            yield
        except UnfitSdp:
            await give_up()
            raise
        except JanusError as error:
            log.info(f"{what}_refused", error=str(error), **noted)
            await give_up()
            raise
