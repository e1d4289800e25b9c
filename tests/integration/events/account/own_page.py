"""One's own page, what is sent to it, and what it leaves on the disk."""

from io import BytesIO
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.factories import PASSWORD
from tests.integration.events.test_pages import html

PROFILE, DELETE = "/profile/", "/profile/delete/"


def photo(colour: str = "red", name: str = "me.png") -> SimpleUploadedFile:
    written = BytesIO()
    Image.new("RGB", (900, 600), colour).save(written, "PNG")
    return SimpleUploadedFile(name, written.getvalue())


def files(media: Path) -> list[Path]:
    return [place for place in media.rglob("*") if place.is_file()]


def again(client: Client, response: object) -> object:
    """Gives the password that the library asks for once more, and goes on as it says."""
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert "Is it you?" in html(client.get(response.headers["Location"]))
    return client.post(response.headers["Location"], {"password": PASSWORD}, follow=True)
