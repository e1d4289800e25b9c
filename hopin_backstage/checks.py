"""Configuration looked at when Django starts: what would only show in the middle of a show is said at once.

`manage.py check --deploy` says more: that is for whoever sets up a cluster.
"""

import ipaddress
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Warn

SECRETS = ("SECRET_KEY", "JANUS_API_SECRET", "JANUS_ADMIN_KEY")
SHORTEST_SECRET = 32
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
BITRATES = range(64_000, 10_000_001)
MOST_PLACES = 500
MAKE_SECRET = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"  # noqa: S105  a command, no secret

Apps = Sequence[AppConfig] | None


@register(Tags.security)
def secrets_are_secret(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    """On a laptop (DEBUG) anything goes; everywhere else each secret is long, random and its own."""
    if settings.DEBUG:
        return []
    values = {name: getattr(settings, name) for name in SECRETS}
    found: list[CheckMessage] = [
        Error(
            f"{name} is missing or can be guessed.",
            hint=f"Set it in the environment to at least {SHORTEST_SECRET} random characters: {MAKE_SECRET}",
            id="hopin.E001",
        )
        for name, value in values.items()
        if _is_guessable(value)
    ]
    if not found and len(set(values.values())) < len(SECRETS):
        found.append(
            Error(
                "Two secrets are the same.",
                hint=f"Give {', '.join(SECRETS)} a value each: who learns one must not know the others.",
                id="hopin.E002",
            )
        )
    return found


@register
def addresses_are_addresses(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    wanted = (
        ("REDIS_URL", ("redis", "rediss", "unix"), "redis://:PASSWORD@HOST:6379/0"),
        ("JANUS_URL", ("ws", "wss"), "ws://HOST:8188"),
    )
    return [
        Error(
            f"{name} is no address.",
            hint=f"Set {name} in the environment, like {example}. `make run` sets it by itself.",
            id="hopin.E003",
        )
        for name, schemes, example in wanted
        if not _is_address(getattr(settings, name), schemes)
    ]


@register
def media_can_come_back(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    """The packets of a show go to Janus and back; on another host, loopback is the other's own."""
    janus_host = urlsplit(settings.JANUS_URL).hostname
    elsewhere = janus_host is not None and janus_host not in LOOPBACK
    wanted = {
        "MEDIA_HOST": "this host's IPv4 address in the private network that Janus is in",
        "JANUS_MEDIA_HOST": "the IPv4 address of Janus in that network",
    }
    return [
        Error(
            f"{name} is {getattr(settings, name)}: the packets of a show would not arrive.",
            hint=f"Set {name} to {meaning}.",
            id="hopin.E004",
        )
        for name, meaning in wanted.items()
        if not _is_ipv4(getattr(settings, name)) or (elsewhere and getattr(settings, name) in LOOPBACK)
    ]


def _is_ipv4(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


@register
def ice_servers_are_ice_servers(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    servers = settings.ICE_SERVERS
    if isinstance(servers, list) and all(
        isinstance(server, dict) and server.get("urls") for server in servers
    ):
        return []
    return [
        Error(
            "ICE_SERVERS is not what browsers take.",
            hint='It is JSON: a list of objects with "urls", e.g. [{"urls": "stun:stun.example.com:3478"}]',
            id="hopin.E005",
        )
    ]


@register
def bitrate_is_sensible(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    settable = {"PUBLISHER_BITRATE": "A camera", "SCREEN_BITRATE": "A shared screen"}
    return [
        Warn(
            f"{what} may send {getattr(settings, name)} bits per second.",
            hint=f"{name} counts bits per second, from {BITRATES[0]:,} to {BITRATES[-1]:,}.",
            id="hopin.W001",
        )
        for name, what in settable.items()
        if getattr(settings, name) not in BITRATES
    ]


@register
def house_has_places(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    places = settings.BACKSTAGE_PLACES
    if places < 1:
        return [
            Error(
                f"A Backstage has {places} places: nobody but organizers can come in.",
                hint="BACKSTAGE_PLACES counts those in one Backstage who are not organizers; 500 if it is not set.",
                id="hopin.E006",
            )
        ]
    if places > MOST_PLACES:
        return [
            Warn(
                f"A Backstage has {places} places; one media server was measured with {MOST_PLACES} people.",
                hint=f"Set BACKSTAGE_PLACES to {MOST_PLACES} at most, or measure it on your own machines.",
                id="hopin.W003",
            )
        ]
    return []


@register
def database_takes_several_statements(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    """In one text with parameters, as `chat.prepared` sends them; PostgreSQL itself would bind those of one alone."""
    if not settings.DATABASES["default"].get("OPTIONS", {}).get("server_side_binding"):
        return []
    return [
        Error(
            "PostgreSQL is to bind parameters itself: nobody could send a message in a chat.",
            hint="Leave server_side_binding away from DATABASE_URL.",
            id="hopin.E007",
        )
    ]


@register(deploy=True)
def mail_reaches_people(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    if not settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend")):
        return []
    return [
        Warn(
            "E-mails are written to the log: nobody can confirm an address or reset a password.",
            hint="Set EMAIL_BACKEND, e.g. to django.core.mail.backends.smtp.EmailBackend.",
            id="hopin.W002",
        )
    ]


@register(deploy=True)
def webhooks_stay_outside(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    if not settings.WEBHOOK_LOOPBACK:
        return []
    return [
        Warn(
            "Webhooks may go to this machine itself: whoever organizes an event can ask what listens here.",
            hint="Leave WEBHOOK_LOOPBACK away.",
            id="hopin.W004",
        )
    ]


def _is_guessable(secret: str) -> bool:
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < 10 or secret.startswith("django-insecure-")


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    parts = urlsplit(value)
    return parts.scheme in schemes and bool(parts.path if parts.scheme == "unix" else parts.hostname)
