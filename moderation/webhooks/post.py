"""One delivery, sent: a POST within bounds of time, to the very address that was judged."""

import asyncio
import ssl
import time
from dataclasses import dataclass
from functools import cache

import httpx

from moderation.webhooks import answers
from moderation.webhooks.addresses import AddressRefused, resolve
from moderation.webhooks.signature import HEADER, signature

#: Seconds for all of it: looking the name up, connecting, sending, the answer's head.
DEADLINE_S = 10.0


@dataclass(frozen=True)
class Letter:
    """What is sent, without a model: the loop's thread is none of the database's."""

    id: str
    kind: str
    url: str
    secret: str
    body: bytes


@dataclass(frozen=True)
class Answer:
    arrived: bool
    said: str
    """The status, or a code of answers.py with what it says of it: `HTTP 503`, `timeout:10`."""


async def post(letter: Letter) -> Answer:
    """Never raises for what a receiver does. Follows no redirect, and reads no body: the status says it all."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            status = await _post(letter)
    except AddressRefused as refused:
        return Answer(False, str(refused))
    except TimeoutError:
        return Answer(False, f"{answers.TIMEOUT}:{DEADLINE_S:.0f}")
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError, ValueError) as error:
        return Answer(False, f"{answers.NOT_REACHED}:{type(error).__name__}")
    return Answer(200 <= status < 300, f"HTTP {status}")


async def _post(letter: Letter) -> int:
    url = httpx.URL(letter.url)
    address = await resolve(url)
    # trust_env: a proxy named in our environment must not be asked to go where we would not.
    client = httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=DEADLINE_S, verify=_tls())
    async with client:
        request = client.build_request(
            "POST",
            url.copy_with(host=address),
            content=letter.body,
            headers={
                "Host": url.netloc.decode("ascii"),
                "Content-Type": "application/json",
                "User-Agent": "Hopin-Backstage-Webhook/1",
                "Hopin-Delivery": letter.id,
                "Hopin-Kind": letter.kind,
                HEADER: signature(letter.secret, int(time.time()), letter.body),
            },
            # The certificate has to be of the name, not of the address.
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        response = await client.send(request, stream=True)
        await response.aclose()
        return response.status_code


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
