"""What a page frames."""

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Player:
    """`origin`: `https://` and a host, for the page's Content-Security-Policy. `path` begins with a slash."""

    origin: str
    path: str
    names_parent: bool = False
    """Its query needs the host of the page around it."""
    opens_windows: bool = True
    """Links in it may open a window of their own: to the video at its provider."""

    def src(self, *, parent: str) -> str:
        """`parent`: the host of the page around it, without a port."""
        if not self.names_parent:
            return f"{self.origin}{self.path}"
        joint = "&" if "?" in self.path else "?"
        return f"{self.origin}{self.path}{joint}{urlencode({'parent': parent})}"

    @property
    def sandbox(self) -> str:
        """`allow-same-origin` is the player's own origin, which is never ours: without it no player finds its storage.

        Nothing in there may lead our page elsewhere, ask for passwords in dialogs, or download.
        """
        allowed = ["allow-scripts", "allow-same-origin", "allow-presentation"]
        if self.opens_windows:
            allowed += ["allow-popups", "allow-popups-to-escape-sandbox"]
        return " ".join(allowed)


def query(**values: str | int | None) -> str:
    """With its question mark; empty without values."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    return f"?{urlencode(given)}" if given else ""
