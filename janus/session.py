"""Sessions of Janus, and the handles in them."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from janus.callbacks import guarded
from janus.errors import JanusError, JanusRefused, JanusTimeout, JanusUnavailable, RefusalCode
from janus.event_reader import EventReader
from janus.events import Detached, HandleEvent
from janus.jsep import Candidate, Jsep
from janus.link import FINAL, FINAL_OF_PLUGIN
from janus.wire import understood

if TYPE_CHECKING:
    from janus.connection import JanusConnection

logger = logging.getLogger(__name__)


class Plugin(StrEnum):
    VIDEOROOM = "janus.plugin.videoroom"
    STREAMING = "janus.plugin.streaming"


class PluginAnswer(msgspec.Struct, frozen=True):
    """(For this package.) What a plugin answered: its own object, and the JSEP beside it."""

    content: dict[str, Any]
    jsep: Jsep | None = None


class _PluginData(msgspec.Struct):
    data: dict[str, Any]


class _PluginMessage(msgspec.Struct):
    plugindata: _PluginData
    jsep: Jsep | None = None


class _Numbered(msgspec.Struct):
    id: int


class Made(msgspec.Struct):
    """(For this package.) The answer to create and attach: the new thing's id."""

    data: _Numbered


class JanusSession:
    """A session of Janus: it owns handles, and ends with them when nobody speaks on it.

    Made by `JanusConnection.create_session` and `claim_session`. It keeps itself alive every
    `keepalive_s`. `lost`: Janus restarted or timed it out; all its handles and PeerConnections are gone.
    `on_lost` is called once when that is found out, in the receive loop, so it must only enqueue.
    """

    def __init__(self, connection: "JanusConnection", session_id: int) -> None:
        self.connection = connection
        self.id = session_id
        self.lost = False
        self.on_lost: Callable[[], None] | None = None
        self._handles: dict[int, JanusHandle] = {}
        self._keepalive = asyncio.create_task(self._keep_alive(), name=f"keep-alive of session {session_id}")

    def __repr__(self) -> str:
        return f"<JanusSession {self.id}{', lost' if self.lost else ''}>"

    async def attach(self, plugin: Plugin, on_event: Callable[[HandleEvent], None]) -> "JanusHandle":
        """A new handle of a plugin. `on_event` is called in the receive loop: it must only enqueue.

        https://janus.conf.meetecho.com/docs/rest.html#handles
        """
        made = understood(await self.request("attach", plugin=plugin), Made)
        return self.adopt(made.data.id, plugin, on_event)

    def adopt(
        self,
        handle_id: int,
        plugin: Plugin,
        on_event: Callable[[HandleEvent], None],
        *,
        feed_id: int | None = None,
    ) -> "JanusHandle":
        """A handle that Janus already has, after a claim. `feed_id`: what it joined its room as, so that
        `Left` can name it. Asks Janus nothing: a wrong id shows with the first request (459)."""
        handle = JanusHandle(self, handle_id, plugin, on_event)
        handle.feed_id = feed_id
        self._handles[handle_id] = handle
        return handle

    async def destroy(self) -> None:
        """End the session, its handles and their PeerConnections. Idempotent; never raises when Janus is
        gone, or out of reach: then Janus ends the session itself after its reclaim time."""
        if self.lost:
            return
        self.release()
        self.connection.forget(self.id)
        with contextlib.suppress(JanusError):
            await self.connection.request("destroy", session_id=self.id)

    async def request(
        self, verb: str, *, final: frozenset[str] = FINAL, handle_id: int | None = None, **private: Any
    ) -> dict[str, Any]:
        """(For this package.) As `JanusConnection.request`; finds out on the way that the session is lost."""
        try:
            return await self.connection.request(
                verb, final=final, session_id=self.id, handle_id=handle_id, **private
            )
        except JanusRefused as refusal:
            if refusal.code == RefusalCode.NO_SUCH_SESSION:
                self.lose()
            raise

    def receive(self, message: Mapping[str, Any]) -> None:
        """(For this package.) A message of Janus on this session that answers no request."""
        if "sender" in message:
            handle = self._handles.get(message["sender"])
            if handle is not None:
                handle.receive(message)
        elif message["janus"] == "timeout":
            self.lose()

    def lose(self) -> None:
        """(For this package.) Janus does not know the session any more."""
        if self.lost:
            return
        self.lost = True
        self.release()
        self.connection.forget(self.id)
        if self.on_lost is not None:
            guarded(self.on_lost)

    def release(self) -> None:
        """(For this package.) Stop looking after it; Janus is told nothing."""
        self._keepalive.cancel()

    def drop(self, handle_id: int) -> None:
        """(For this package.) The handle is gone."""
        self._handles.pop(handle_id, None)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(self.connection.keepalive_s)
            try:
                await self.request("keepalive")
            except (JanusUnavailable, JanusTimeout):
                # The connection looks after the link, and claims this session when it is back.
                continue
            except JanusRefused as refusal:
                logger.warning("Janus refused a keep-alive: %s", refusal)


class JanusHandle:
    """One handle of a plugin: at most one PeerConnection. `janus.videoroom` and `janus.streaming` work on it.

    `feed_id`: what the handle joined its room as, where known.
    """

    def __init__(
        self,
        session: JanusSession,
        handle_id: int,
        plugin: Plugin,
        on_event: Callable[[HandleEvent], None],
    ) -> None:
        self.session = session
        self.id = handle_id
        self.plugin = plugin
        self._on_event = on_event
        self._reader = EventReader()

    def __repr__(self) -> str:
        return f"<JanusHandle {self.id} {self.plugin.name} of session {self.session.id}>"

    @property
    def feed_id(self) -> int | None:
        return self._reader.own_feed

    @feed_id.setter
    def feed_id(self, feed_id: int | None) -> None:
        self._reader.own_feed = feed_id

    async def trickle(self, candidate: Candidate | None) -> None:
        """Give Janus an ICE candidate of the peer; None = there are no more.

        https://janus.conf.meetecho.com/docs/rest.html#handles (trickle)
        """
        content = {"completed": True} if candidate is None else msgspec.to_builtins(candidate)
        await self._core_request("trickle", candidate=content)

    async def hangup(self) -> None:
        """Close the PeerConnection; the handle stays. `Hangup` follows."""
        await self._core_request("hangup")

    async def detach(self) -> None:
        """End the handle and its PeerConnection. No event of it is delivered any more."""
        self.session.drop(self.id)
        await self._core_request("detach")

    async def request(self, body: Mapping[str, Any], jsep: Jsep | None = None) -> PluginAnswer:
        """(For this package.) A request to the plugin, and its answer: of an asynchronous request the event
        behind the ack. Raises JanusRefused with the plugin's own code and sentence."""
        beside = {} if jsep is None else {"jsep": msgspec.to_builtins(jsep)}
        answer = await self._core_request("message", final=FINAL_OF_PLUGIN, body=dict(body), **beside)
        told = understood(answer, _PluginMessage)
        content = told.plugindata.data
        if "error_code" in content:
            raise JanusRefused(content["error_code"], content.get("error", ""))
        return PluginAnswer(content, told.jsep)

    def receive(self, message: Mapping[str, Any]) -> None:
        """(For this package.) Reads the message and passes it on, if it is news."""
        event = self._reader.read(message)
        if event is None:
            logger.debug("%r: a message of kind %s was dropped", self, message.get("janus"))
            return
        if isinstance(event, Detached):
            self.session.drop(self.id)
        guarded(self._on_event, event)

    async def _core_request(
        self, verb: str, *, final: frozenset[str] = FINAL, **private: Any
    ) -> dict[str, Any]:
        return await self.session.request(verb, final=final, handle_id=self.id, **private)
