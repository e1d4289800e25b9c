"""Webhooks reach the open Internet, and nothing that only we can reach."""

import asyncio
import ipaddress
import socket
import threading
from typing import Any

import httpx
import pytest
from pytest_django import Settings

from moderation.webhooks.addresses import AddressRefused, is_sound, may_send_to, resolve
from moderation.webhooks.post import Letter, post

INSIDE = [
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("0.0.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"),
]
OUTSIDE = ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111"]


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_refused(address: str) -> None:
    assert not may_send_to(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_outside_is_not(address: str) -> None:
    assert may_send_to(ipaddress.ip_address(address))


def test_the_setting_opens_loopback_and_nothing_else(settings: Settings) -> None:
    settings.WEBHOOK_LOOPBACK = True
    open_now = [address for address in INSIDE if may_send_to(ipaddress.ip_address(address))]
    assert open_now == ["127.0.0.1", "127.8.8.8", "::1"]
    assert is_sound("http://localhost:9/told")
    assert not is_sound("http://example.com/")


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/", "ftp://example.com/", "https:///path", "https://", "example.com", ""),
        *("https://user:password@example.com/", "https://127.0.0.1/", "https://[::1]/", "http://localhost/"),
        *(
            "https://169.254.169.254/latest",
            "https://exa mple.com/",
            "https://example.com/#there",
            "https://e\n/",
        ),
    ],
)
def test_addresses_that_nobody_may_enter(url: str) -> None:
    assert not is_sound(url)


def test_addresses_that_one_may_enter() -> None:
    assert is_sound("https://example.com/told?by=us")
    assert is_sound("https://example.com:8443/")
    assert is_sound("https://bücher.example/")


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1", "017700000001"])
async def test_names_of_ourselves_are_found_out(host: str) -> None:
    """However this machine's resolver reads them: as loopback, or as no host at all."""
    with pytest.raises(AddressRefused):
        await resolve(httpx.URL(f"https://{host}/"))


async def test_one_bad_address_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(AddressRefused):
        await resolve(httpx.URL("https://example.com/"))


async def test_the_name_is_asked_once_and_that_address_taken(
    receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere a moment later: the second answer is never asked for."""
    asked = answers(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    url = f"http://rebinding.example:{receiver.port}/told"
    answer = await post(Letter("1", "webhook.test", url, "secret", b"{}"))
    assert answer.arrived
    assert asked == ["rebinding.example"]
    assert receiver.got[0][0]["host"] == f"rebinding.example:{receiver.port}"


def answers(monkeypatch: pytest.MonkeyPatch, *turns: list[str]) -> list[str]:
    """What the resolver says, one turn after the other; returns whom it was asked for."""
    asked: list[str] = []
    left = list(turns)
    truly = socket.getaddrinfo

    def getaddrinfo(host: Any, port: int, *arguments: Any, **options: Any) -> list[Any]:
        if not str(host).endswith(("example", "example.com")):
            return truly(host, port, *arguments, **options)
        asked.append(str(host))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in left.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


async def test_name_servers_that_hang_leave_everybody_elses_threads_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered = threading.Event()

    def getaddrinfo(*arguments: Any, **options: Any) -> list[Any]:
        answered.wait(30)
        raise socket.gaierror

    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        hanging = [asyncio.create_task(resolve(httpx.URL("https://example.com/"))) for _ in range(40)]
        try:
            assert await asyncio.wait_for(asyncio.to_thread(lambda: "free"), 5) == "free"
        finally:
            answered.set()
            refused = await asyncio.gather(*hanging, return_exceptions=True)
    assert {type(each) for each in refused} == {AddressRefused}
