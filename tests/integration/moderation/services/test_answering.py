"""What an organizer answers to a request, and what becomes of it."""

from collections.abc import Callable

import pytest
from django.template.loader import render_to_string

from backstage.models import Participant
from moderation import selectors, services
from tests.integration.moderation.people import ask, everything, put
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ComeIn = Callable[..., Participant]


def test_who_withdrew_cannot_be_put_on_screen(olivia: Participant, sam: Participant) -> None:
    request = ask(sam)
    services.withdraw(actor=sam)
    for answer in (services.accept, services.decline, services.dequeue):
        assert refusal(lambda: answer(actor=olivia, request_id=request.pk)) == "request.gone"  # noqa: B023
    assert refusal(lambda: services.withdraw(actor=sam)) == "request.gone"


def test_at_five_the_request_goes_on_waiting(come_in: ComeIn, olivia: Participant, sam: Participant) -> None:
    for _ in range(5):
        put(come_in())
    request = ask(sam)
    before = everything()
    assert refusal(lambda: services.accept(actor=olivia, request_id=request.pk)) == "stage.full"
    assert everything() == before


@pytest.mark.parametrize(
    ("word", "kept"),
    [
        ("", ""),
        ("  Later,\tplease.\r\n\x07 ", "Later, please."),
        ("é" * 300, "é" * 200),
        ("\x00\x1b[31mred", "[31mred"),
        ("👩‍👩‍👧 שלום", "👩‍👩‍👧 שלום"),
    ],
)
def test_the_word_of_a_decline_is_one_line(
    olivia: Participant, sam: Participant, word: str, kept: str
) -> None:
    request = ask(sam)
    services.decline(actor=olivia, request_id=request.pk, word=word)
    mine = selectors.mine(sam)
    assert mine is not None
    assert (mine.state, mine.word) == ("declined", kept)


def test_the_field_for_the_word_lets_in_as_much_as_is_kept() -> None:
    shown = render_to_string("moderation/includes/decline.html")
    assert 'maxlength="200"' in shown
    assert "200 characters at most" in shown


def test_who_was_declined_may_ask_again(olivia: Participant, sam: Participant) -> None:
    services.decline(actor=olivia, request_id=ask(sam).pk, word="Later")
    ask(sam)
    mine = selectors.mine(sam)
    assert mine is not None
    assert (mine.state, mine.word, mine.place) == ("waiting", "", 1)
