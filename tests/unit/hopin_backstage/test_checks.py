"""Each check keeps silent about a good configuration and names the setting to mend in a bad one."""

import secrets

import environ
import pytest
from django.core.checks import CheckMessage
from pytest_django.fixtures import Settings

from hopin_backstage import checks


@pytest.fixture(autouse=True)
def deployed(settings: Settings) -> Settings:
    settings.DEBUG = False
    for name in checks.SECRETS:
        setattr(settings, name, secrets.token_urlsafe(48))
    settings.REDIS_URL = "rediss://:password@redis.example.com:6379/0"
    settings.JANUS_URL = "ws://10.0.0.7:8188"
    settings.MEDIA_HOST = "10.0.0.8"
    settings.JANUS_MEDIA_HOST = "10.0.0.9"
    settings.ICE_SERVERS = [{"urls": "turn:turn.example.com", "username": "a", "credential": "b"}]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


def found() -> list[CheckMessage]:
    every = (
        checks.secrets_are_secret,
        checks.addresses_are_addresses,
        checks.media_can_come_back,
        checks.ice_servers_are_ice_servers,
        checks.bitrate_is_sensible,
        checks.house_has_places,
        checks.database_takes_several_statements,
        checks.mail_reaches_people,
        checks.webhooks_stay_outside,
    )
    return [message for check in every for message in check(None)]


def test_good_configuration_is_passed_in_silence() -> None:
    assert found() == []


@pytest.mark.parametrize("name", checks.SECRETS)
# Empty means that Django itself refuses to start, for SECRET_KEY.
@pytest.mark.parametrize("value", [" ", "changeme", "x" * 60, "django-insecure-" + "abcdefghij" * 5])
def test_guessable_secret_is_named(settings: Settings, name: str, value: str) -> None:
    setattr(settings, name, value)
    [message] = found()
    assert (message.id, message.msg.split()[0]) == ("hopin.E001", name)
    assert value == " " or value not in str(message)


def test_laptop_may_have_any_secret(settings: Settings) -> None:
    settings.DEBUG, settings.JANUS_API_SECRET = True, ""
    assert found() == []


def test_secrets_differ(settings: Settings) -> None:
    settings.JANUS_ADMIN_KEY = settings.JANUS_API_SECRET
    assert [message.id for message in found()] == ["hopin.E002"]


@pytest.mark.parametrize(
    ("name", "value", "identity"),
    [
        ("REDIS_URL", "", "hopin.E003"),
        ("REDIS_URL", "localhost:6379", "hopin.E003"),
        ("JANUS_URL", "http://10.0.0.7:8088", "hopin.E003"),
        ("MEDIA_HOST", "127.0.0.1", "hopin.E004"),
        ("JANUS_MEDIA_HOST", "127.0.0.1", "hopin.E004"),
        ("MEDIA_HOST", "media.example.com", "hopin.E004"),
        ("ICE_SERVERS", {"urls": "stun:stun.example.com"}, "hopin.E005"),
        ("ICE_SERVERS", ["stun:stun.example.com"], "hopin.E005"),
        ("PUBLISHER_BITRATE", 1200, "hopin.W001"),
        ("SCREEN_BITRATE", 2_200, "hopin.W001"),
        ("BACKSTAGE_PLACES", 0, "hopin.E006"),
        ("BACKSTAGE_PLACES", 501, "hopin.W003"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "hopin.W002"),
        ("WEBHOOK_LOOPBACK", True, "hopin.W004"),
    ],
)
def test_bad_value_is_found_with_a_hint(settings: Settings, name: str, value: object, identity: str) -> None:
    setattr(settings, name, value)
    [message] = found()
    assert message.id == identity
    assert message.hint


def test_a_database_that_takes_one_statement_at_a_time_is_found(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = environ.Env.db_url_config("postgres://h/d?server_side_binding=True")["OPTIONS"]
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", options)
    assert [message.id for message in found()] == ["hopin.E007"]


def test_redis_on_a_socket_is_an_address(settings: Settings) -> None:
    settings.REDIS_URL = "unix:///run/redis/redis.sock?db=0"
    assert found() == []
