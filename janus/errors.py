"""Everything the adapter raises.

Exception
├── JanusError
│   ├── JanusUnavailable    no link to Janus, or it broke while the request was under way
│   ├── JanusTimeout        Janus took longer than the deadline; the request may still take effect
│   ├── JanusRefused        Janus answered no: `code` and `reason`
│   └── NothingForwarded    Janus said yes to rtp_forward and forwarded less than was asked
└── JanusServerError        (janus.server, janus.configuration) a Janus of our own cannot be run here
    ├── JanusNotInstalled   the program is missing
    ├── JanusDidNotStart    it ended, or did not answer in time
    └── NoOwnAddress        this host has no address that Janus could use for media
"""

from enum import IntEnum


class RefusalCode(IntEnum):
    """The codes that callers act upon. Core: https://janus.conf.meetecho.com/docs/rest.html;
    421 to 437 are VideoRoom's, and Streaming's begin at 450 and overlap with the core's."""

    UNAUTHORIZED = 403
    ALREADY_JOINED = 425
    NO_SUCH_ROOM = 426
    ROOM_EXISTS = 427
    NO_SUCH_FEED = 428
    MISSING_ELEMENT = 429
    PUBLISHERS_FULL = 432
    WRONG_SECRET = 433
    ALREADY_PUBLISHED = 434
    NOT_PUBLISHED = 435
    FEED_ID_EXISTS = 436
    NO_SUCH_MOUNTPOINT = 455
    MOUNTPOINT_EXISTS = 456
    WRONG_PIN = 457
    NO_SUCH_SESSION = 458
    NO_SUCH_HANDLE = 459


class JanusError(Exception):
    """A request to Janus did not do what it should."""


class JanusUnavailable(JanusError):
    """There is no link to Janus. The request was not sent, or the link broke before the answer came."""


class JanusTimeout(JanusError):
    """No answer within the deadline. The request may have taken effect, or may yet."""


class JanusRefused(JanusError):
    """Janus answered with an error. `code` as in `RefusalCode`; `reason` is Janus's own English sentence."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.reason} ({self.code})"


class NothingForwarded(JanusError):
    """`rtp_forward` was answered with success, but not for every medium asked: a `mid` does not exist.

    What Janus did forward was stopped again before this was raised.
    """


class JanusServerError(Exception):
    """A Janus of our own cannot be run on this host. The message is one sentence that says what to do."""


class JanusNotInstalled(JanusServerError):
    """The program, or its folder of plugins, is missing."""


class JanusDidNotStart(JanusServerError):
    """Janus ended while starting, or did not answer on its WebSocket within the deadline."""


class NoOwnAddress(JanusServerError):
    """This host has no IPv4 address but loopback, which Janus never uses for media."""
