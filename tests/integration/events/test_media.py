"""Uploads are served as pictures, to whom they are for, and as nothing else."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from events.pictures import put_picture
from tests.factories import EventFactory, UserFactory
from tests.integration.browsers import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    for name in ("photos/a.webp", "events/a.jpg", "speakers/a.png", "events/a.html", "events/a.svg", "a.png"):
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"<script>alert(1)</script>")
    return tmp_path


@pytest.mark.parametrize(("path", "kind"), [("events/a.jpg", "image/jpeg"), ("speakers/a.png", "image/png")])
def test_visitors_see_what_event_pages_show(client: Client, path: str, kind: str) -> None:
    response = client.get(f"/media/{path}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == kind
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"].startswith("public")
    b"".join(response.streaming_content)


def test_photos_of_people_are_for_whoever_is_signed_in(client: Client, sign_in: SignIn) -> None:
    assert client.get("/media/photos/a.webp").status_code == 404
    response = sign_in(UserFactory()).get("/media/photos/a.webp")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Cache-Control"].startswith("private")
    b"".join(response.streaming_content)


@pytest.mark.parametrize(
    "path",
    [
        "events/a.html",
        "events/a.svg",
        "a.png",
        "events/none.png",
        "events/../a.png",
        "events/..%2fa.png",
        "speakers/%2e%2e/%2e%2e/db.sqlite3",
        "..%2f..%2fdb.sqlite3",
        "events/",
    ],
)
def test_nothing_else_is_there(sign_in: SignIn, path: str) -> None:
    assert sign_in(UserFactory()).get(f"/media/{path}").status_code == 404


def webp() -> ContentFile:
    written = BytesIO()
    Image.new("RGB", (4, 4)).save(written, "WEBP")
    return ContentFile(written.getvalue(), name="picture.webp")


def test_a_picture_that_is_replaced_or_removed_leaves_no_file(
    uploads: Path, django_capture_on_commit_callbacks: object
) -> None:
    event = EventFactory()
    before = set(uploads.rglob("*.webp"))

    def put(choice: object) -> set[Path]:
        with django_capture_on_commit_callbacks(execute=True):
            put_picture(event, "picture", choice)
            event.save()
        return set(uploads.rglob("*.webp")) - before

    first = put(webp())
    assert len(first) == 1
    assert put(None) == first
    second = put(webp())
    assert len(second) == 1
    assert second != first
    assert put(False) == set()
    assert not event.picture
