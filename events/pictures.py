"""Pictures that people send: what is taken, and what is made of it before anything is kept.

Nothing of an upload is kept as it came. Its content, never its name, says what it is; it is measured before it is
decoded; and what is kept is written anew from the pixels alone, so that neither metadata nor whatever else was in the
file gets to anybody.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from threading import BoundedSemaphore
from typing import Literal, TypeAlias

from django.core.files.base import ContentFile, File
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageCms, ImageOps

from hopin_backstage.realtime import Refused

#: Bytes of an upload.
MAX_BYTES = 2 * 1024 * 1024
#: Said by the browser before anything is sent, and by the server to whoever sends it all the same.
TOO_LARGE = gettext_lazy("This picture is larger than 2 MB. Make it smaller, or choose another.")
#: Pixels of an upload: what the cameras of telephones make. A decoded one takes four bytes each.
MAX_PIXELS = 25_000_000
#: Passes in which a JPEG may be drawn. Ten are usual; each costs a walk over all pixels, however few bytes it has.
MAX_SCANS = 50
#: Pillow's names of what is taken, and the media types that a file dialog is told.
FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")

#: Pictures that this process makes at a time: the largest take a quarter of a gigabyte each, and few bytes to send.
MOST_AT_ONCE = 2
#: Seconds that one waits for its turn.
PATIENCE_S = 20.0
_turns = BoundedSemaphore(MOST_AT_ONCE)

#: How decoders fail on bytes that were never meant to be decoded.
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)
#: Pillow's own bounds, which are wider than ours: the first is raised only where warnings are errors.
TOO_MANY_PIXELS = (Image.DecompressionBombWarning, Image.DecompressionBombError)
#: Modes that can be made smaller as they are; others have no colours in between.
SMOOTH = ("L", "LA", "RGB", "RGBA", "CMYK")

START_OF_SCAN = b"\xff\xda"

#: What a form says about a picture: a new one, none any more (False), or nothing (None).
Choice: TypeAlias = File | Literal[False] | None


def clean_picture(upload: File, *, longest_side: int) -> ContentFile:
    """A new WebP of the same picture: upright, in sRGB, no side longer than `longest_side` pixels, without metadata.

    Few at a time, in turn. Raises Refused: `picture.too_large`, `picture.not_a_picture`, `picture.too_many_pixels`,
    `picture.busy`.
    """
    with turn():
        return _cleaned(_read(upload), longest_side)


@contextmanager
def turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE_S):
        raise Refused("picture.busy", _("Many pictures are being saved just now. Try again in a moment."))
    try:
        yield
    finally:
        _turns.release()


def _cleaned(content: bytes, longest_side: int) -> ContentFile:
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            _check_size(picture, content)
            return ContentFile(_encoded(_upright(picture, longest_side)), name="picture.webp")
    except TOO_MANY_PIXELS:
        raise _too_many_pixels() from None
    except UNREADABLE:
        raise _not_a_picture() from None


def put_picture(row: models.Model, field: str, choice: Choice) -> None:
    """Sets the picture of a row, which the caller saves; the file that it replaces is deleted on commit.

    `choice` is what PictureField gives: a File that was cleaned, False to take the picture away, None to leave it.
    """
    kept = getattr(row, field)
    if choice is None or choice == kept:
        return
    forget_pictures(kept)
    setattr(row, field, choice or "")


def forget_pictures(*pictures: FieldFile) -> None:
    """Deletes these files, as far as there are such, once it is committed that nothing points at them."""
    for picture in filter(None, pictures):
        transaction.on_commit(partial(picture.storage.delete, str(picture.name)))


def _read(upload: File) -> bytes:
    """At most one byte more than is allowed, whatever the upload says of its own size."""
    upload.seek(0)
    content: bytes = upload.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Refused("picture.too_large", str(TOO_LARGE))
    return content


def _check_size(picture: Image.Image, content: bytes) -> None:
    """Asks the header only: nothing is decoded yet."""
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_many_pixels()
    # In a JPEG's data a 0xFF is never followed by 0xDA, so this counts its scans, and those of its thumbnails.
    if picture.format in ("JPEG", "MPO") and content.count(START_OF_SCAN) > MAX_SCANS:
        raise _not_a_picture()


def _upright(picture: Image.Image, longest_side: int) -> Image.Image:
    smooth = _smooth(picture)
    # A JPEG is decoded no larger than this needs.
    smooth.thumbnail((longest_side, longest_side))
    return _in_srgb(ImageOps.exif_transpose(smooth))


def _smooth(picture: Image.Image) -> Image.Image:
    if picture.mode in SMOOTH:
        return picture
    if picture.mode.startswith("I"):
        # 16 bits of grey, which Pillow would cut off at 255 instead of dividing.
        return picture.convert("I").point(lambda grey: grey / 256).convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The profile tells what the colours mean, and goes with the other metadata; so they are translated first."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            translated = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode=mode
            )
        except (ImageCms.PyCMSError, *UNREADABLE):
            # A profile that says nothing of use: the numbers are taken as they are.
            return picture.convert(mode)
        return translated or picture.convert(mode)
    return picture.convert(mode)


def _encoded(picture: Image.Image) -> bytes:
    written = BytesIO()
    # Pillow writes no metadata that it is not given here, whatever the picture came with.
    picture.save(written, "WEBP", quality=86, method=4)
    return written.getvalue()


def _too_many_pixels() -> Refused:
    return Refused(
        "picture.too_many_pixels",
        _("This picture has more than 25 million pixels. Make it smaller, or choose another."),
    )


def _not_a_picture() -> Refused:
    return Refused(
        "picture.not_a_picture",
        _("This file cannot be read as a picture. Choose a JPEG, PNG or WebP."),
    )
