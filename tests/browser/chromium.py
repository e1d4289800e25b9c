"""Debian's Chromium, with the flags that headless media needs."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

#: Measured: without them headless Chromium hides its addresses, throttles what is not in front, or asks the net.
FLAGS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--disable-gpu",
    "--mute-audio",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium(*more_flags: str, without: frozenset[str] = frozenset()) -> Iterator[Browser]:
    """`without`: flags that this browser does not get, such as the one that gives it devices."""
    flags = [flag for flag in FLAGS if flag not in without]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*flags, *more_flags])
        try:
            yield browser
        finally:
            browser.close()
