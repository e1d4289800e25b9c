"""A bad link for one person's media: a relay of datagrams that loses some, between their browser and Janus.

Chromium's own emulation of lost packets does not reach WebRTC here, so the candidates that the page is given are
led through this relay instead. Real packets are lost; nothing in the page knows.
"""

import random
import selectors
import socket
import threading
from types import TracebackType
from typing import Self

from tests.browser.people import Person

LARGEST = 2048
LOOK_EVERY_S = 0.2

LED_THROUGH = """() => {
  const HOST = /(candidate:\\S+ 1 udp \\d+ )(\\d+\\.\\d+\\.\\d+\\.\\d+) (\\d+)( typ host)/gi;
  const led = async (text) => {
    for (const [, before, address, port, after] of [...text.matchAll(HOST)]) {
      const [relay, through] = await ledThrough(address, Number(port));
      text = text.replace(`${before}${address} ${port}${after}`, `${before}${relay} ${through}${after}`);
    }
    return text;
  };
  const { addIceCandidate, setRemoteDescription } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.addIceCandidate = async function (candidate) {
    if (!candidate?.candidate) return addIceCandidate.call(this, candidate);
    const { sdpMid, sdpMLineIndex } = candidate;
    return addIceCandidate.call(this, { candidate: await led(candidate.candidate), sdpMid, sdpMLineIndex });
  };
  RTCPeerConnection.prototype.setRemoteDescription = async function ({ type, sdp }) {
    return setRemoteDescription.call(this, { type, sdp: await led(sdp) });
  };
  // Where this page can be reached is nobody's business: Janus answers to where it heard from, through the relay.
  const { get } = Object.getOwnPropertyDescriptor(RTCIceCandidate.prototype, "candidate");
  Object.defineProperty(RTCIceCandidate.prototype, "candidate", {
    get() { return get.call(this).replace(/(?<= udp \\d+ )\\S+ \\d+/i, "127.0.0.1 9"); },
  });
}"""


class LossyLink:
    """`lost`: the share of datagrams from the browser that never arrive, 0 to 1. `gone`: none passes, either way.

    Put in before a page is opened.
    """

    def __init__(self, person: Person) -> None:
        self.lost = 0.0
        self.gone = False
        self._chance = random.Random(5)
        self._relays: dict[tuple[str, int], socket.socket] = {}
        self._to_janus: dict[socket.socket, tuple[str, int]] = {}
        self._of_browser: dict[socket.socket, dict[tuple[str, int], socket.socket]] = {}
        self._back: dict[socket.socket, tuple[socket.socket, tuple[str, int]]] = {}
        self._selector = selectors.DefaultSelector()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run)
        person.context.expose_function("ledThrough", self._led_through)
        person.context.add_init_script(f"({LED_THROUGH})()")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._selector.close()

    def _led_through(self, address: str, port: int) -> tuple[str, int]:
        at = (address, port)
        if at not in self._relays:
            relay = self._socket(address)
            self._relays[at], self._to_janus[relay], self._of_browser[relay] = relay, at, {}
            self._selector.register(relay, selectors.EVENT_READ, self._from_browser)
        return address, self._relays[at].getsockname()[1]

    @staticmethod
    def _socket(address: str) -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.setblocking(False)
        made.bind((address, 0))
        return made

    def _run(self) -> None:
        while not self._ends.is_set():
            for key, _mask in self._selector.select(LOOK_EVERY_S):
                key.data(key.fileobj)

    def _from_browser(self, relay: socket.socket) -> None:
        datagram, source = relay.recvfrom(LARGEST)
        if self.gone or self._chance.random() < self.lost:
            return
        onward = self._of_browser[relay].get(source)
        if onward is None:
            # One for each of the browser's own addresses: Janus answers to where it heard from.
            onward = self._of_browser[relay][source] = self._socket(source[0])
            self._back[onward] = (relay, source)
            self._selector.register(onward, selectors.EVENT_READ, self._from_janus)
        onward.sendto(datagram, self._to_janus[relay])

    def _from_janus(self, onward: socket.socket) -> None:
        datagram, _source = onward.recvfrom(LARGEST)
        if self.gone:
            return
        relay, browser = self._back[onward]
        relay.sendto(datagram, browser)
