"""When a feed is put out of the room because it cannot be forwarded."""

from uuid import uuid4

from backstage.stagehand.refusals import FORWARD_ATTEMPTS, Refusals

SESSION = uuid4()


def refused(refusals: Refusals, times: int) -> list[bool]:
    return [refusals.note(SESSION, 11) for _time in range(times)]


def test_enough_in_a_row_and_then_it_counts_anew() -> None:
    once = [False] * (FORWARD_ATTEMPTS - 1) + [True]
    assert refused(Refusals(), 2 * FORWARD_ATTEMPTS) == once * 2


def test_a_feed_that_was_forwarded_or_has_gone_begins_anew() -> None:
    refusals = Refusals()
    refused(refusals, FORWARD_ATTEMPTS - 1)
    refusals.forget(SESSION, 11)
    assert not any(refused(refusals, FORWARD_ATTEMPTS - 1))
    refusals.keep(SESSION, {12})
    assert not any(refused(refusals, FORWARD_ATTEMPTS - 1))
    refusals.keep(SESSION, {11, 12})
    assert refused(refusals, 1) == [True]


def test_of_backstages_that_are_over_nothing_is_kept() -> None:
    refusals = Refusals()
    refused(refusals, FORWARD_ATTEMPTS - 1)
    refusals.forget_all_but(set())
    assert refused(refusals, 1) == [False]
