"""Which addresses we send to: the open Internet alone. A webhook is an address that a stranger typed, and we are
inside, beside the database and Janus.

The name is looked up once, every address that it has is judged, and the connection goes to one of those very
addresses: what the name says a moment later (DNS rebinding) is not asked.
"""

import asyncio
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
from django.conf import settings

from moderation.webhooks import answers

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: IPv6 in which an IPv4 address is wrapped: https://www.rfc-editor.org/rfc/rfc6052
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
#: Of our own, as many as are sent to at once: a thread that waits for a name server has no deadline, and those that
#: hang must not be everybody's.
_looking_up = ThreadPoolExecutor(20, thread_name_prefix="webhook-names")


class AddressRefused(Exception):
    """Not on the open Internet, or not there at all. Its text is a code of answers.py."""


async def resolve(url: httpx.URL) -> str:
    """An address to connect to for this URL. Raises AddressRefused."""
    try:
        look_up = partial(
            socket.getaddrinfo, url.raw_host.decode("ascii"), url.port or 443, type=socket.SOCK_STREAM
        )
        found = await asyncio.get_running_loop().run_in_executor(_looking_up, look_up)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(answers.NO_SUCH_HOST) from error
    # Without the scope that link-local ones have behind a percent sign; those are refused anyway.
    addresses = [ipaddress.ip_address(str(info[4][0]).partition("%")[0]) for info in found]
    # One bad address is enough: nobody who means well has a private one beside a public one.
    if not addresses or not all(may_send_to(address) for address in addresses):
        raise AddressRefused(answers.NOT_PUBLIC)
    return str(addresses[0])


def may_send_to(address: Address) -> bool:
    if settings.WEBHOOK_LOOPBACK and address.is_loopback:
        return True
    return all(_is_public(one) for one in (address, *_wrapped(address)))


def _is_public(address: Address) -> bool:
    return address.is_global and not (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or getattr(address, "is_site_local", False)
    )


def _wrapped(address: Address) -> list[Address]:
    """IPv4 addresses that an IPv6 address leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    inside: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        inside.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in inside if one is not None]


def is_sound(text: str) -> bool:
    """Whether it can be the address of a webhook at all: https, a host, no password, nothing odd."""
    try:
        url = httpx.URL(text)
        host = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError, ValueError):
        return False
    if not host or url.userinfo or url.fragment or not text.isprintable() or " " in text:
        return False
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        literal = None
    if literal is not None and not may_send_to(literal):
        return False
    if url.scheme == "http":
        # On a developer's own machine, and nowhere else.
        return bool(settings.WEBHOOK_LOOPBACK) and (
            host == "localhost" or (literal is not None and literal.is_loopback)
        )
    return url.scheme == "https"
