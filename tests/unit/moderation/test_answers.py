"""What organizers read of a try to deliver."""

import pytest
from django.utils.functional import Promise

from moderation.webhooks import answers
from moderation.webhooks.answers import sentence


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("", ""),
        ("HTTP 503", "HTTP 503"),
        ("no_such_host", "There is no such host on the open Internet."),
        ("not_public", "There is no such host on the open Internet."),
        ("timeout:10", "No answer within 10 s."),
        ("not_reached:ConnectError", "Not reached: ConnectError."),
        # As it was kept once.
        ("Not reached: ConnectError.", "Not reached: ConnectError."),
    ],
)
def test_what_was_kept_is_said_in_words(said: str, shown: str) -> None:
    assert sentence(said) == shown


def test_the_words_are_those_of_whoever_reads_them() -> None:
    assert [words for words in answers.SENTENCES.values() if not isinstance(words, Promise)] == []
