"""One's own page: name and photo."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from events import services
from events.models import User
from hopin_backstage.realtime import Refused
from tests.integration.browsers import SignIn
from tests.integration.events.account.own_page import DELETE, PROFILE, files, photo
from tests.integration.events.test_pages import html

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_name_and_photo_are_saved_and_shown(ada: User, sign_in: SignIn, media: Path) -> None:
    client = sign_in(ada)
    assert f'href="{PROFILE}"' in html(client.get("/"))
    shown = html(client.get(PROFILE))
    for way in (reverse("account_email"), reverse("account_change_password"), DELETE):
        assert f'href="{way}"' in shown
    answered = html(client.post(PROFILE, {"display_name": " Ada\u202eK ", "photo": photo()}, follow=True))
    assert "Your profile is saved." in answered
    ada.refresh_from_db()
    assert ada.display_name == "AdaK"
    assert ada.photo.url in answered
    with ada.photo.open() as kept, Image.open(kept) as image:
        assert (image.format, image.size) == ("WEBP", (256, 171))
    assert "me" not in Path(ada.photo.name).stem


def test_initials_on_a_colour_stand_where_there_is_no_photo(ada: User, sign_in: SignIn) -> None:
    client = sign_in(ada)

    def avatar() -> tuple[str, str]:
        """The number of its colour, and what stands in it."""
        found = re.search(
            r'<span class="avatar avatar--(\d)"\s+aria-hidden="true">(.*?)</span>',
            html(client.get("/")),
            re.DOTALL,
        )
        assert found is not None
        return found[1], found[2].strip()

    assert avatar() == (str(ada.avatar_colour), "AK")
    client.post(PROFILE, {"display_name": "Ada Kovač", "photo": photo()})
    ada.refresh_from_db()
    assert avatar()[1] == f'<img src="{ada.photo.url}" alt="" width="56" height="56">'


def test_a_photo_is_replaced_and_removed_and_leaves_nothing(
    ada: User, sign_in: SignIn, media: Path, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    client = sign_in(ada)
    for change, kept in (({"photo": photo()}, 1), ({"photo": photo("blue")}, 1), ({"photo-clear": "on"}, 0)):
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(PROFILE, {"display_name": "Ada", **change}).status_code == 302
        assert len(files(media)) == kept
    ada.refresh_from_db()
    assert not ada.photo
    assert "Remove the picture" not in html(client.get(PROFILE))


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"display_name": ""}, "display_name", "Enter the name that others should see."),
        ({"display_name": "\u200b"}, "display_name", "Enter the name that others should see."),
        (
            {"photo": SimpleUploadedFile("me.png", b"<svg onload=alert(1)>")},
            "photo",
            "This file cannot be read as a picture.",
        ),
        ({"photo": SimpleUploadedFile("me.png", bytes(2**21 + 1))}, "photo", "larger than 2 MB"),
        ({"photo": SimpleUploadedFile("me.png", b"")}, "photo", "This file is empty."),
        # What the browser says in place of one that it does not send.
        ({"photo-too-large": "yes"}, "photo", "larger than 2 MB"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_changed(
    ada: User, sign_in: SignIn, media: Path, change: dict[str, object], field: str, sentence: str
) -> None:
    response = sign_in(ada).post(PROFILE, {"display_name": "Other", **change})
    assert sentence in html(response).split(f'id="id_{field}_error"')[1]
    ada.refresh_from_db()
    assert ada.display_name == "Ada Kovač"
    assert not files(media)


def test_the_browser_knows_what_is_too_large_before_it_sends_it(ada: User, sign_in: SignIn) -> None:
    page = html(sign_in(ada).get(PROFILE))
    assert 'data-largest="2097152"' in page
    assert "This picture is larger than 2 MB." in page.split('id="id_photo_too_large"')[1]
    assert "events/pictures.js" in page


def test_nobody_has_a_profile_without_signing_in(client: Client) -> None:
    for address in (PROFILE, DELETE):
        for response in (client.get(address), client.post(address, {"display_name": "x"})):
            assert response.headers["Location"] == f"{reverse('account_login')}?next={address}"


def test_the_service_asks_the_same(ada: User) -> None:
    for name in ("", " ", "x" * 81):
        with pytest.raises(Refused) as refused:
            services.set_profile(actor=ada, display_name=name)
        assert refused.value.code == "account.name"
