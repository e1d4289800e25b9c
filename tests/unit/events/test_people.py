"""What stands where a photo would be."""

import pytest

from events.models import User


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Olivia Marsh", "OM"),
        ("Ada Maria Kovač", "AK"),
        ("Prince", "P"),
        ("  spaced   out ", "SO"),
        ("élodie dupont", "ÉD"),
        ("", "S"),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name: str, initials: str) -> None:
    assert User(email="someone@example.com", display_name=name).initials == initials


def test_the_colour_stays_with_the_person_and_there_are_eight() -> None:
    colours = [User(pk=pk).avatar_colour for pk in range(16)]
    assert colours == [*range(8), *range(8)]
    assert User(pk=3).avatar_colour == User(pk=3).avatar_colour


def test_a_person_without_a_row_has_a_colour_too() -> None:
    assert User().avatar_colour == 0
