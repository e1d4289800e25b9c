"""A person in Firefox, with its own fake camera (colours that change) and microphone (a tone)."""

import json
import time
from collections.abc import Callable
from typing import Any

from tests.browser.firefox.browser import Firefox
from tests.browser.people import TIMECODE
from tests.browser.scene import NAMES, Scene
from tests.servers.product import Product

WAITS_FOR_A_CLICK = "waits for a click"
#: Remembers what is captured, so that a test can see that it was let go. And tells by the console that sound waits for
#: a click: to ask the page from outside counts as one.
CAPTURES = """
window.captured = [];
addEventListener("DOMContentLoaded", () => {
  timecode.follow();
  const waits = setInterval(() => {
    if (!document.querySelector("#click-for-sound")?.checkVisibility()) return;
    clearInterval(waits);
    console.info("waits for a click");
  }, 100);
});
// about:blank has none.
if (navigator.mediaDevices) {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    window.captured.push(...stream.getTracks());
    return stream;
  };
}
"""


class FirefoxPerson:
    """Does what `people.Person` does, as far as the tests of Firefox need it."""

    def __init__(self, firefox: Firefox, product: Product, scene: Scene, who: str) -> None:
        self.who = who
        self.name = NAMES[who]
        self.firefox = firefox
        self.product = product
        self.scene = scene
        cookie = {"name": "sessionid", "value": scene.sessions[who], "domain": "localhost", "httpOnly": True}
        self._do("come", cookies=[cookie], scripts=[TIMECODE, CAPTURES])

    def _do(self, command: str, **parameters: Any) -> Any:
        return self.firefox.do(command, who=self.who, **parameters)

    def open_backstage(self) -> "FirefoxPerson":
        self._do("open", url=self.product.url + self.scene.link)
        return self

    def open_stage(self) -> "FirefoxPerson":
        self._do("open", url=self.product.url + self.scene.stage)
        return self

    def close(self) -> None:
        self._do("leave")

    def press(self, name: str, *, within: str | None = None) -> None:
        self._do("press", role="button", name=name, within=within)

    def share(self) -> None:
        self._check_devices("Share Audio and Video")

    def ask(self) -> None:
        self._check_devices("Ask to Share Audio and Video")

    def _check_devices(self, name: str) -> None:
        self.press(name)
        self.press(name, within="dialog")

    def put_on_screen(self, name: str) -> None:
        self.press(f"Put {name} on screen")

    def key(self, key: str) -> None:
        self._do("key", key=key)

    def evaluate(self, expression: str) -> Any:
        """`expression`: JavaScript; what it gives is awaited, and has to fit into JSON."""
        text = self._do("evaluate", expression=f"(async () => JSON.stringify(await ({expression})))()")
        return None if text is None else json.loads(text)

    def told(self) -> list[str]:
        """What the page wrote into its console as information."""
        return self._do("told")

    def complaints(self) -> list[str]:
        """What the page wrote into its console as errors."""
        return self._do("complaints")

    def screenshot(self, path: str) -> None:
        self._do("screenshot", path=path)

    def live_tracks(self) -> int:
        """Cameras and microphones of this page that are still on."""
        return self.evaluate("captured.filter((track) => track.readyState === 'live').length")

    def until(self, condition: Callable[[], bool], within_s: float, otherwise: str) -> None:
        deadline = time.monotonic() + within_s
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{otherwise}. Console: {self.complaints()[-5:]}")
            time.sleep(0.05)
