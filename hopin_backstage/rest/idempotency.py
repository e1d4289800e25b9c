"""What must not happen twice: a repeat with the same `Idempotency-Key` gets the first answer, and nothing happens.

The key is stored in the very transaction of what it guards. So there is an answer if and only if it happened, and of
two who ask in the same moment the second waits for the first: on PostgreSQL at the unique key, on SQLite at the lock
of the transaction.
"""

import functools
import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from hopin_backstage.rest.errors import ApiError
from hopin_backstage.rest.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)
#: One part of what is forgotten, so that nobody waits for long.
FORGET_AT_ONCE = 500
LONGEST_KEY = 255

Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """For a method of an ApiView. The header is the asker's choice; without it every call is one of its own."""
    return _once(handler, by_id=False)


def idempotent_creation(handler: Handler) -> Handler:
    """As `idempotent`, for a method of an ApiViewSet that makes what people may delete for good.

    Kept is only which one was made. A repeat gets it as the asker is shown it then: 404, once it is deleted.
    """
    return _once(handler, by_id=True)


def _once(handler: Handler, *, by_id: bool) -> Handler:
    @functools.wraps(handler)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return handler(view, request, *args, **kwargs)
        _check_key(key)
        asked = _fingerprint(request)
        committed: list[bool] = []
        try:
            with transaction.atomic():
                kept, new = _keep(request.user, key, asked)
                if not new:
                    return _repeated(view, kept, asked, by_id=by_id)
                transaction.on_commit(lambda: committed.append(True))
                response = _answer(handler, view, request, *args, **kwargs)
                made = by_id and response.status_code == status.HTTP_201_CREATED
                _note(kept, response.status_code, {"id": response.data["id"]} if made else response.data)
        except Exception as error:
            if not committed:
                raise
            # What followed the commit was refused, as by a mail server: that is the answer, and a repeat gets it, too.
            response = view.handle_exception(error)
            _note(kept, response.status_code, response.data)
        return response

    once.is_idempotent = True  # type: ignore[attr-defined]
    return once


@transaction.atomic
def forget_old(*, now: datetime | None = None) -> int:
    """Deletes answers older than KEPT_FOR, whosever they are, a part at a time; how many it were.

    To be called again while it returns more than none.
    """
    now = now or timezone.now()
    # Locked ones are being forgotten by another.
    old = KeptAnswer.objects.filter(created_at__lte=now - KEPT_FOR).select_for_update(skip_locked=True)
    part = list(old.order_by("created_at").values_list("pk", flat=True)[:FORGET_AT_ONCE])
    return KeptAnswer.objects.filter(pk__in=part).delete()[0]


def _note(kept: KeptAnswer, code: int, data: object) -> None:
    kept.status, kept.body = code, json.dumps(data, cls=JSONEncoder)
    kept.save(update_fields=["status", "body"])


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
    # It may not yet be forgotten.
    KeptAnswer.objects.filter(user=user, key=key, created_at__lte=now - KEPT_FOR).delete()
    return KeptAnswer.objects.get_or_create(user=user, key=key, defaults={"asked": asked, "created_at": now})


def _repeated(view: Any, kept: KeptAnswer, asked: str, *, by_id: bool) -> Response:
    if kept.asked != asked:
        raise ApiError(
            422,
            "idempotency.reused",
            _("You used this key for something else. Make a new one for each call."),
        )
    answer = json.loads(kept.body)
    if by_id and kept.status == status.HTTP_201_CREATED:
        view.kwargs["pk"] = answer["id"]
        answer = view.show(view.get_object())
    return Response(answer, status=kept.status, headers={"Idempotency-Replayed": "true"})


def _check_key(key: str) -> None:
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise ApiError(
            400, "idempotency.key", _("A key is 1 to 255 printable ASCII characters, e.g. a UUID.")
        )


def _fingerprint(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()
