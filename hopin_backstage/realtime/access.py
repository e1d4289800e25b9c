"""Whether whoever opened a connection may still have it: sessions end, people are blocked, links change."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from hopin_backstage.realtime.codec import Notice


class AccessChanged(Notice):
    """Between processes only, to all connections of one person: ask again whether you may be here."""

    wire_type: ClassVar[str] = "access.changed"


def is_still_signed_in(opened_with: Any) -> bool:
    """`opened_with`: the session of a connection's scope, which remembers what it was when the socket opened.

    Asks the session store and the account anew: signed out, deactivated or with another password is out.
    """
    if opened_with is None or opened_with.session_key is None:
        return False
    session = import_module(settings.SESSION_ENGINE).SessionStore(opened_with.session_key)
    # get_user looks at nothing but the session, and checks backend, account and the hash of the password.
    request: HttpRequest = SimpleNamespace(session=session)  # type: ignore[assignment]
    return bool(get_user(request).is_authenticated)
