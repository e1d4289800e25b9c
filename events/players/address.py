"""What people paste, taken apart: an address, one without its scheme, or a piece of HTML with one inside."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

#: Characters of `Stage.video_address`.
LONGEST_KEPT = 500
#: More than this is no address, and no piece of HTML with one.
LONGEST_PASTED = 5_000

# Visible ASCII. Blanks, control characters and backslashes are read differently by browsers and by urlsplit, and other
# letters may look like those of a provider.
_VISIBLE = re.compile(r"[!-\[\]-~]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# With a dot; the last part begins with a letter, so that no number of a machine passes.
_HOST = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Wistia's standard embed code has no address of the video, only a class that names it.
# https://docs.wistia.com/docs/construct-a-wistia-embed-code
_NAMED_BY_CLASS = re.compile(r"(?:^|\s)wistia_async_([a-z0-9]{10})(?=\s|$)", re.ASCII)


@dataclass(frozen=True)
class Address:
    """Nothing in it is trusted yet but its form."""

    text: str
    scheme: str
    """http or https."""
    host: str
    """Small letters, without a port."""
    port: int | None
    """None: the usual one."""
    path: tuple[str, ...]
    """The parts between slashes, empty ones left out, as they stand there."""
    query: Mapping[str, str]
    """The first value of each name."""
    fragment: str

    def is_on(self, *hosts: str) -> bool:
        """On one of these hosts, at the usual port."""
        return self.port is None and self.host in hosts


def read(pasted: str) -> list[Address]:
    """Those in it, the likeliest first; empty where there is none."""
    text = pasted.strip()
    if len(text) > LONGEST_PASTED:
        return []
    found = _in_html(text) if "<" in text else [text]
    return [address for each in found if (address := _take_apart(each.strip()))]


def _take_apart(text: str) -> Address | None:
    if not _VISIBLE.fullmatch(text):
        return None
    if text.startswith("//"):
        text = f"https:{text}"
    elif not _SCHEME.match(text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    # A name before the host is there to look like one.
    if scheme not in _DEFAULT_PORTS or "@" in parts.netloc or len(host) > 253 or not _HOST.fullmatch(host):
        return None
    try:
        query = parse_qsl(parts.query, max_num_fields=100)
    except ValueError:
        return None
    return Address(
        text=text,
        scheme=scheme,
        host=host,
        port=None if port == _DEFAULT_PORTS[scheme] else port,
        path=tuple(part for part in parts.path.split("/") if part),
        query=dict(reversed(query)),
        fragment=parts.fragment,
    )


def _in_html(text: str) -> list[str]:
    """What a piece of embed code points at: its frames before what a class names, and that before its scripts."""
    reader = _EmbedCode()
    # What Python says to a marked section that it does not know, such as `<![x[`: what stands before it has been read.
    with suppress(AssertionError):
        reader.feed(text)
        reader.close()
    return [*reader.frames, *reader.named, *reader.scripts]


class _EmbedCode(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.frames: list[str] = []
        self.named: list[str] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kept = {"iframe": self.frames, "script": self.scripts}.get(tag)
        source = given.get("src")
        if kept is not None and source:
            kept.append(source)
        if named := _NAMED_BY_CLASS.search(given.get("class") or ""):
            self.named.append(f"https://fast.wistia.net/embed/iframe/{named[1]}")
