"""The connection to one Janus: a link that is made again whenever it breaks, and the sessions on it."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from typing import Any, Self

import msgspec
from websockets.exceptions import WebSocketException

from janus.callbacks import guarded
from janus.errors import JanusError, JanusRefused, JanusTimeout, JanusUnavailable, RefusalCode
from janus.link import FINAL, Link
from janus.session import JanusSession, Made
from janus.wire import understood

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 2.0


class ServerInfo(
    msgspec.Struct,
    frozen=True,
    rename={"session_timeout_s": "session-timeout", "reclaim_s": "reclaim-session-timeout"},
):
    """Who answers. `version` is a number (1102), `version_string` "1.1.2"; both times in seconds."""

    name: str
    version: int
    version_string: str
    session_timeout_s: int
    reclaim_s: int = 0
    server_name: str = msgspec.field(default="", name="server-name")


class JanusConnection:
    """One WebSocket to Janus, any number of sessions on it. Belongs to the event loop it was started in.

    `start` returns at once; from then until `close` the connection keeps itself linked. While there is no
    link, every request raises JanusUnavailable at once, and so does whoever waits when the link breaks. After
    a reconnect each session is claimed before anybody is told that the link is back; sessions that Janus no
    longer knows are lost. What Janus told in the gap is gone: listeners resync when they get True.

    `request_timeout_s`: the deadline of every request. `keepalive_s`: each session's, and the pings' by
    which a silent end of the link is found after at most `keepalive_s + request_timeout_s`.
    """

    def __init__(
        self,
        url: str,
        api_secret: str,
        *,
        admin_key: str = "",
        request_timeout_s: float = 5.0,
        keepalive_s: float = 5.0,
    ) -> None:
        self.url = url
        self.admin_key = admin_key
        self.keepalive_s = keepalive_s
        self.epoch = 0
        self._secret = api_secret
        self._timeout_s = request_timeout_s
        self._link: Link | None = None
        self._linked = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._sessions: dict[int, JanusSession] = {}
        self._listeners: list[Callable[[bool], None]] = []

    def __repr__(self) -> str:
        return f"<JanusConnection {self.url} epoch {self.epoch}{'' if self.connected else ', no link'}>"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def connected(self) -> bool:
        """Whether requests can be sent now: the link stands and the sessions are claimed."""
        return self._link is not None

    async def start(self) -> None:
        """Begin to connect, in the background and for ever. May be called again."""
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep_linked(), name=f"link to {self.url}")

    async def wait_connected(self, timeout_s: float) -> None:
        """Return once the link stands; raises JanusUnavailable after `timeout_s` seconds without."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._linked.wait()
        except TimeoutError:
            raise JanusUnavailable(f"No link to Janus at {self.url} within {timeout_s:g} s.") from None

    async def close(self) -> None:
        """Close the link and stop reconnecting. The sessions stay in Janus for its reclaim time, so that
        the next process can claim them; destroy those that nobody shall have."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        for session in tuple(self._sessions.values()):
            session.release()
        self._sessions.clear()

    def add_link_listener(self, callback: Callable[[bool], None]) -> None:
        """`callback(True)` at each established link, after the sessions are claimed and the lost ones told
        so; `callback(False)` when it breaks. Called in the receive loop: it must only enqueue."""
        self._listeners.append(callback)

    def remove_link_listener(self, callback: Callable[[bool], None]) -> None:
        """Idempotent."""
        with contextlib.suppress(ValueError):
            self._listeners.remove(callback)

    async def info(self) -> ServerInfo:
        """https://janus.conf.meetecho.com/docs/rest.html#info"""
        return understood(await self.request("info"), ServerInfo)

    async def create_session(self) -> JanusSession:
        """https://janus.conf.meetecho.com/docs/rest.html#sessions"""
        made = understood(await self.request("create"), Made)
        return self._hold(made.data.id)

    async def claim_session(self, session_id: int) -> JanusSession:
        """Take over a session made by another link, with all its handles and PeerConnections.

        Raises JanusRefused (458) if Janus no longer knows it. The link that held it is told nothing: its
        requests are still answered, but events no longer reach it.
        https://janus.conf.meetecho.com/docs/rest.html#WS
        """
        if session_id in self._sessions:
            return self._sessions[session_id]
        await self.request("claim", session_id=session_id)
        return self._hold(session_id)

    async def request_keyframe(self, session_id: int, handle_id: int) -> None:
        """Ask the publisher behind a handle of anybody's session for a keyframe.

        Returns when Janus acknowledges; the event that follows goes to the session's owner, who drops it.
        Raises JanusRefused 458 or 459 when session or handle is gone. Counts as activity of that session, so
        it must not be asked for ever on behalf of an owner who may be dead.
        https://janus.conf.meetecho.com/docs/videoroom.html (configure)
        """
        body = {"request": "configure", "keyframe": True}
        await self.request("message", session_id=session_id, handle_id=handle_id, body=body)

    async def request(
        self,
        verb: str,
        *,
        final: frozenset[str] = FINAL,
        session_id: int | None = None,
        handle_id: int | None = None,
        **private: Any,
    ) -> dict[str, Any]:
        """(For this package.) One request and its final answer, within the deadline."""
        if self._link is None:
            raise JanusUnavailable(f"There is no link to Janus at {self.url}.")
        return await self._ask(
            self._link, verb, final=final, session_id=session_id, handle_id=handle_id, **private
        )

    def forget(self, session_id: int) -> None:
        """(For this package.) The session is destroyed or lost."""
        self._sessions.pop(session_id, None)

    async def _ask(self, link: Link, verb: str, **request: Any) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await link.ask(verb, **request)
        except TimeoutError:
            raise JanusTimeout(f"Janus did not answer {verb} within {self._timeout_s:g} s.") from None

    def _hold(self, session_id: int) -> JanusSession:
        session = JanusSession(self, session_id)
        self._sessions[session_id] = session
        return session

    async def _keep_linked(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            began = asyncio.get_running_loop().time()
            await self._one_link()
            stood_s = asyncio.get_running_loop().time() - began
            pause_s = FIRST_PAUSE_S if stood_s > LONGEST_PAUSE_S + self._timeout_s else pause_s
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))  # noqa: S311  jitter, not a secret
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _one_link(self) -> None:
        """From opening a link to its end. Whatever can go wrong on the way ends it."""
        link = Link(
            self.url,
            self._secret,
            on_message=self._route,
            timeout_s=self._timeout_s,
            ping_s=self.keepalive_s,
        )
        try:
            await link.connect()
            self._establish(link, await self._claim_all(link))
            await link.down.wait()
        except (OSError, TimeoutError, WebSocketException, JanusError) as failure:
            logger.debug("No link to Janus at %s: %s", self.url, type(failure).__name__)
        except Exception:
            # A fault of ours or of a library. The promise to keep trying holds nevertheless.
            logger.exception("Linking to Janus at %s failed", self.url)
        finally:
            self._unlink()
            await link.shut()

    async def _claim_all(self, link: Link) -> list[JanusSession]:
        """Take our sessions over to the new link. Returns those that Janus no longer knows."""
        sessions = list(self._sessions.values())
        known = await asyncio.gather(*(self._claim(link, session) for session in sessions))
        return [session for session, is_known in zip(sessions, known, strict=True) if not is_known]

    async def _claim(self, link: Link, session: JanusSession) -> bool:
        try:
            await self._ask(link, "claim", session_id=session.id)
        except JanusRefused as refusal:
            if refusal.code == RefusalCode.NO_SUCH_SESSION:
                return False
            raise
        return True

    def _establish(self, link: Link, lost: list[JanusSession]) -> None:
        self._link = link
        self.epoch += 1
        self._linked.set()
        logger.info("Linked to Janus at %s, epoch %d, %d sessions lost", self.url, self.epoch, len(lost))
        for session in lost:
            session.lose()
        self._tell_listeners(linked=True)

    def _unlink(self) -> None:
        if self._link is None:
            return
        self._link = None
        self._linked.clear()
        logger.info("The link to Janus at %s broke or was closed", self.url)
        self._tell_listeners(linked=False)

    def _tell_listeners(self, *, linked: bool) -> None:
        for callback in tuple(self._listeners):
            guarded(callback, linked)

    def _route(self, message: dict[str, Any]) -> None:
        session = self._sessions.get(message.get("session_id", 0))
        if session is None:
            logger.debug("A message for no session of ours was dropped: %s", message.get("janus"))
            return
        session.receive(message)
