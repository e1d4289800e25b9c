"""What fails between a page and Janus is told to the page with one of two codes, once what had begun is given up."""

import pytest

from backstage.consumers.refusals import beginning, failures_as_refusals
from backstage.media.sdp import UnfitSdp
from hopin_backstage.realtime import Refused
from janus.errors import JanusError, JanusRefused, JanusTimeout, RefusalCode

FAILURES = [
    (UnfitSdp("not SDP"), "publish.unfit"),
    (JanusError("Janus answered watch without an offer."), "media.not_ready"),
    (JanusTimeout("too late"), "media.not_ready"),
    (JanusRefused(RefusalCode.PUBLISHERS_FULL, "room full"), "media.not_ready"),
]


@pytest.mark.parametrize(("failure", "code"), FAILURES)
def test_a_failure_is_told_as_a_refusal(failure: Exception, code: str) -> None:
    with pytest.raises(Refused) as told, failures_as_refusals():
        raise failure
    assert told.value.code == code
    assert told.value.__cause__ is failure
    assert str(failure) not in told.value.text


@pytest.mark.parametrize(("failure", "code"), FAILURES)
async def test_what_had_begun_is_given_up_before_it_is_told(failure: Exception, code: str) -> None:
    given_up = []

    async def give_up() -> None:
        given_up.append("once")

    with pytest.raises(Refused) as told:
        async with beginning("watch", give_up=give_up):
            raise failure
    assert (told.value.code, given_up) == (code, ["once"])


@pytest.mark.parametrize("other", [Refused("preflight.not_now", "Not now."), KeyError("feed")])
async def test_anything_else_passes_and_gives_up_nothing(other: Exception) -> None:
    async def give_up() -> None:
        pytest.fail("given up")

    with pytest.raises(type(other)) as passed:
        async with beginning("watch", give_up=give_up):
            raise other
    assert passed.value is other


async def test_nothing_is_given_up_of_what_began() -> None:
    async def give_up() -> None:
        pytest.fail("given up")

    async with beginning("watch", give_up=give_up):
        pass
