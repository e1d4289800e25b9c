"""What a page hands back when Help is opened on it: signed, so that nobody makes references up, and without secrets."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

SALT = "help"
#: A page may stay open for days before somebody asks for help.
VALID_FOR = timedelta(days=7)
#: What of an address may be kept: a Backstage link is a key to a room.
NAMES_KEPT = ("slug", "stage_id")


@dataclass(frozen=True)
class Ticket:
    reference: str
    user_id: int | None
    page: str
    of: str
    made_at: datetime


def issue(request: HttpRequest, reference: str) -> str:
    match = request.resolver_match
    kwargs: dict[str, Any] = match.kwargs if match else {}
    user = getattr(request, "user", None)
    return signing.dumps(
        {
            "reference": reference,
            "user_id": user.pk if user is not None and user.is_authenticated else None,
            "page": match.view_name if match else "",
            "of": " ".join(str(kwargs[name]) for name in NAMES_KEPT if name in kwargs),
            "made_at": timezone.now().timestamp(),
        },
        salt=SALT,
    )


def read(text: str) -> Ticket | None:
    """None: not one of ours, or too old."""
    try:
        said = signing.loads(text, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    return Ticket(**{**said, "made_at": datetime.fromtimestamp(said["made_at"], UTC)})
