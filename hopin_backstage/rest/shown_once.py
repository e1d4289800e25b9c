"""A secret that is shown on the page behind the form that made it, once: loading that page again makes no other."""

from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.crypto import get_random_string
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_variables

#: Seconds from the form to the page: the browser goes there by itself.
KEPT_S = 60
#: In the address of the page: by what the secret is found, which is nothing without the session that made it.
PARAMETER = "shown"


@sensitive_variables("secret")
def redirect_to_show(request: HttpRequest, page: str, secret: str) -> HttpResponseRedirect:
    """To `page`, where `take` has it; the secret itself is in Redis alone, until it is taken. Raises RedisError."""
    handle = get_random_string(16)
    cache.set(_key(request, handle), secret, KEPT_S)
    return HttpResponseRedirect(f"{page}?{urlencode({PARAMETER: handle})}")


@sensitive_variables()
def take(request: HttpRequest) -> dict[str, Any]:
    """`secret`, or "" where there is none to show; `was_shown`: it has been, or took too long."""
    handle = request.GET.get(PARAMETER, "") if request.method == "GET" else ""
    if not handle:
        return {"secret": "", "was_shown": False}
    key = _key(request, handle)
    secret = cache.get(key, "")
    # Of two that ask at once, one deletes it.
    is_mine = bool(secret) and cache.delete(key)
    return {"secret": secret if is_mine else "", "was_shown": not is_mine}


def _key(request: HttpRequest, handle: str) -> str:
    session = request.session.session_key or ""
    return f"shown-once:{sha256(f'{session} {handle}'.encode()).hexdigest()}"
