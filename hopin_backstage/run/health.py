"""Asks the running product how it is, as a load balancer would."""

import asyncio
import json
import time
import urllib.error
import urllib.request

HEALTHY_WITHIN_S = 60.0
_ASK_EVERY_S = 0.2


def ask(port: int, timeout_s: float = 5.0) -> dict[str, str]:
    """What each part says of itself: "ok" or the reason why not. Blocking."""
    # No proxy of the reader's environment stands between a machine and itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/healthz", timeout=timeout_s) as answer:
            body = answer.read()
    except urllib.error.HTTPError as error:
        if error.code != 503:
            return {"web": f"answers {error.code}"}
        body = error.read()
    except OSError:
        return {"web": "does not answer"}
    return dict(json.loads(body))


def ailing(answer: dict[str, str]) -> dict[str, str]:
    return {part: reason for part, reason in answer.items() if reason != "ok"}


async def wait_until_healthy(port: int) -> dict[str, str]:
    """What is still ailing when the time is up: nothing, in a healthy product."""
    deadline = time.monotonic() + HEALTHY_WITHIN_S
    while True:
        ill = ailing(await asyncio.to_thread(ask, port))
        if not ill or time.monotonic() > deadline:
            return ill
        await asyncio.sleep(_ASK_EVERY_S)
