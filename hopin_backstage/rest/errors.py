"""One form for every error of the API: `{"code", "text"}`, and `"fields"` where fields of the body are to blame.

`code` is stable: programs branch on it. `text` is a sentence for people, and may change.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.settings import api_settings

from hopin_backstage.realtime import Refused

#: Refusals about who asks; all others are about how things stand, and are 409.
FORBIDDEN = {
    "forbidden",
    "blocked",
    "not_registered",
    "registration.blocked",
    "event.not_yours",
    "organization.not_yours",
    "organization.owners_only",
    "chat.muted",
    "message.not_yours",
}
#: Refusals that must not tell apart what is not there from what is not theirs.
UNKNOWN = {"event.unknown", "stage.unknown", "link.dead", "message.unknown"}


#: The framework's errors, by our words.
WORDS: tuple[tuple[type[exceptions.APIException], str, Any], ...] = (
    (
        exceptions.ValidationError,
        "invalid",
        _("Some fields are not as they have to be. “fields” says which, and why."),
    ),
    (exceptions.ParseError, "malformed", _("The body is not the JSON that it says it is.")),
    (
        exceptions.AuthenticationFailed,
        "token_invalid",
        _("This token does not exist, or no longer works. Make a new one."),
    ),
    (
        exceptions.NotAuthenticated,
        "not_authenticated",
        _("Sign in, or send a token: “Authorization: Bearer …”."),
    ),
    (exceptions.PermissionDenied, "forbidden", _("You may not do this.")),
    (exceptions.NotFound, "not_found", _("There is no such thing here, or it is not yours to see.")),
    (
        exceptions.MethodNotAllowed,
        "method_not_allowed",
        _("This cannot be done here. The Allow header says what can."),
    ),
    (exceptions.NotAcceptable, "not_acceptable", _("Answers are JSON: accept application/json.")),
    (
        exceptions.UnsupportedMediaType,
        "unsupported_media_type",
        _("Send JSON, with “Content-Type: application/json”."),
    ),
    (
        exceptions.Throttled,
        "throttled",
        _("You ask too often. Wait as many seconds as Retry-After says."),
    ),
)


class ApiError(exceptions.APIException):
    """An error of the API itself, by its code."""

    def __init__(self, status_code: int, code: str, text: str) -> None:
        super().__init__(text, code)
        self.status_code = status_code


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """What `EXCEPTION_HANDLER` names. None: a mistake of ours, which Django logs and answers by handler500."""
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    code, text = _words(error)
    body: dict[str, Any] = {"code": code, "text": text}
    if isinstance(error, exceptions.ValidationError):
        body["fields"] = dict(_fields(error.get_full_details()))
    return Response(body, status=error.status_code, headers=_headers(error))


def _refused(refusal: Refused) -> Response:
    if refusal.code in UNKNOWN:
        not_found, text = _words(exceptions.NotFound())
        return Response({"code": not_found, "text": text}, status=status.HTTP_404_NOT_FOUND)
    forbidden = refusal.code in FORBIDDEN
    return Response(
        {"code": refusal.code, "text": refusal.text},
        status=status.HTTP_403_FORBIDDEN if forbidden else status.HTTP_409_CONFLICT,
    )


def _words(error: exceptions.APIException) -> tuple[str, str]:
    """Its code and a sentence that says what to do."""
    if isinstance(error, ApiError):
        return str(error.get_codes()), str(error.detail)
    if isinstance(error, exceptions.PermissionDenied) and str(error.detail).startswith("CSRF"):
        return "csrf", gettext("Send the CSRF token of your session in the X-CSRFToken header.")
    for kind, code, text in WORDS:
        if isinstance(error, kind):
            return code, str(text)
    return "failed", str(error.detail)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(wait)
    return headers


def _fields(details: Any, path: str = "") -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Nested details as dotted names; "" is the body as a whole."""
    if isinstance(details, dict) and "message" not in details:
        for name, below in details.items():
            whole = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _fields(below, path if whole else f"{path}.{name}".lstrip("."))
        return
    if isinstance(details, dict):
        details = [details]
    if all("message" in one for one in details):
        yield path, [{"code": str(one["code"]), "text": str(one["message"])} for one in details]
        return
    for index, below in enumerate(details):
        if below:
            yield from _fields(below, f"{path}.{index}".lstrip("."))


def server_error(request: HttpRequest) -> JsonResponse:
    """What handler500 says to programs. Asks nothing of anything, since anything may be what broke."""
    text = gettext(
        "Something broke on our side. Try again in a moment; if it stays so, write to the support."
    )
    return JsonResponse({"code": "server_error", "text": text}, status=500)
