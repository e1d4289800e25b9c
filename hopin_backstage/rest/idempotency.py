"""What must not happen twice: a repeat with the same `Idempotency-Key` gets the first answer, and nothing happens.

The key is stored in the very transaction of what it guards. So there is an answer if and only if it happened, and of
two who ask in the same moment the second waits for the first: on PostgreSQL at the unique key, on SQLite at the lock
of the transaction.
"""

import functools
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from hopin_backstage.rest.errors import ApiError
from hopin_backstage.rest.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 255

Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """For a method of an ApiView. The header is the asker's choice; without it every call is one of its own."""

    @functools.wraps(handler)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return handler(view, request, *args, **kwargs)
        _check_key(key)
        asked = _fingerprint(request)
        with transaction.atomic():
            kept, new = _keep(request.user, key, asked)
            if not new:
                return _repeated(kept, asked)
            response = _answer(handler, view, request, *args, **kwargs)
            kept.status = response.status_code
            kept.body = json.dumps(response.data, cls=JSONEncoder)
            kept.save(update_fields=["status", "body"])
        return response

    once.is_idempotent = True  # type: ignore[attr-defined]
    return once


def _answer(handler: Handler, view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
    """A refusal is an answer, too, and kept like any other; a mistake of ours is none, and undoes the key."""
    try:
        with transaction.atomic():
            return handler(view, request, *args, **kwargs)
    except Exception as error:
        answer: Response = view.handle_exception(error)
        return answer


def _keep(user: Any, key: str, asked: str) -> tuple[KeptAnswer, bool]:
    now = timezone.now()
    mine = KeptAnswer.objects.filter(user=user)
    # Locked ones are being forgotten by another request of the same person.
    too_old = mine.filter(created_at__lte=now - KEPT_FOR).select_for_update(skip_locked=True)
    mine.filter(pk__in=list(too_old.values_list("pk", flat=True))).delete()
    return KeptAnswer.objects.get_or_create(user=user, key=key, defaults={"asked": asked, "created_at": now})


def _repeated(kept: KeptAnswer, asked: str) -> Response:
    if kept.asked != asked:
        raise ApiError(
            422,
            "idempotency.reused",
            _("You used this key for something else. Make a new one for each call."),
        )
    return Response(json.loads(kept.body), status=kept.status, headers={"Idempotency-Replayed": "true"})


def _check_key(key: str) -> None:
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise ApiError(
            400, "idempotency.key", _("A key is 1 to 255 printable ASCII characters, e.g. a UUID.")
        )


def _fingerprint(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()
