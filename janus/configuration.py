"""The folder that a stock Janus 1.1.2 of Debian 12 starts from, made from the templates in `janus/conf/`."""

import fcntl
import os
import re
import secrets
import socket
import struct
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from janus.errors import JanusNotInstalled, NoOwnAddress

TEMPLATES = Path(__file__).parent / "conf"
KEPT = {
    "plugins": {"libjanus_videoroom.so", "libjanus_streaming.so"},
    "transports": {"libjanus_websockets.so"},
    "loggers": set[str](),
    "events": set[str](),
}
_EVENT_HANDLER = "libjanus_wsevh.so"
_SAFE = re.compile(r"[A-Za-z0-9._:/+=@-]*")
"""What may stand between the quotes of a .jcfg file without meaning anything there."""

_SIOCGIFADDR = 0x8915
_ELSEWHERE = ("198.51.100.1", 9)  # TEST-NET-2: belongs to nobody, and nothing is ever sent there


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, kw_only=True)
class JanusServerConfig:
    """What a Janus of ours needs to know. Ports are numbers, port ranges (first, last), times seconds.

    `address`: where media come and go, this host's own, never loopback. `api_address`: where the WebSocket
    API listens, loopback or a private network. `ws_port` 0: a free one is found when the server starts.
    `admin_ws_port` and `event_handler_port` None: off. `media_ports`: one per PeerConnection.
    `mountpoint_ports`: ten per mountpoint. `public_address`: what peers outside a 1:1 NAT reach `address` by.
    """

    address: str
    ws_port: int = 0
    api_address: str = "127.0.0.1"
    api_secret: str = field(default_factory=_secret, repr=False)
    admin_secret: str = field(default_factory=_secret, repr=False)
    admin_key: str = field(default_factory=_secret, repr=False)
    admin_ws_port: int | None = None
    event_handler_port: int | None = None
    server_name: str = "backstage"
    media_ports: tuple[int, int] = (20000, 29999)
    mountpoint_ports: tuple[int, int] = (30000, 32767)
    event_loops: int = field(default_factory=lambda: os.cpu_count() or 1)
    session_timeout_s: int = 60
    reclaim_s: int = 60
    public_address: str | None = None

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, str) and not _SAFE.fullmatch(value):
                raise ValueError(f"{name} may hold letters, digits and ._:/+=@- only.")

    @property
    def url(self) -> str:
        """Where the WebSocket API is to be reached."""
        return f"ws://{self.api_address}:{self.ws_port}"


def render(config: JanusServerConfig, folder: Path) -> None:
    """Write the folder that `janus -F folder` starts from. Readable by the owner only: the files hold
    secrets.

    Raises JanusNotInstalled.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    values = _values(config, folder.resolve(), library_folder())
    for template in sorted(TEMPLATES.glob("*.jcfg.in")):
        text = Template(template.read_text()).substitute(values)
        _write_private(folder / template.name.removesuffix(".in"), text)


def library_folder() -> Path:
    """Debian's folder with Janus's plugins and transports on this machine's architecture."""
    triplet = sysconfig.get_config_var("MULTIARCH")
    found = [Path("/usr/lib") / triplet / "janus"] if triplet else []
    # A Python that was not built by Debian may not know the triplet, or know it otherwise.
    found += sorted(Path("/usr/lib").glob("*-linux-gnu*/janus"))
    for folder in found:
        if (folder / "plugins").is_dir():
            return folder
    raise JanusNotInstalled(
        "Janus's plugins were not found under /usr/lib: install it with `apt install janus`."
    )


def own_address() -> str:
    """This host's own IPv4 address that is not loopback, found without sending anything.

    The one that packets to elsewhere would leave by, else the first interface's. Raises NoOwnAddress.
    """
    address = _address_towards_elsewhere() or next(iter(_interface_addresses()), None)
    if address is None:
        raise NoOwnAddress(
            "This host has no IPv4 address but loopback, which Janus never uses for media:"
            " connect it to a network, or give it one with `ip link add janus0 type veth` and `ip addr add`."
        )
    return address


def _address_towards_elsewhere() -> str | None:
    """Connecting a UDP socket only looks a route up."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if address.startswith("127.") else address


def _interface_addresses() -> list[str]:
    addresses = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        for _, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(asker.fileno(), _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue  # this interface has no IPv4 address
            addresses.append(socket.inet_ntoa(answer[20:24]))
    return [address for address in addresses if not address.startswith("127.")]


def _values(config: JanusServerConfig, folder: Path, library: Path) -> dict[str, object]:
    with_events = config.event_handler_port is not None
    kept_events = {_EVENT_HANDLER} if with_events else KEPT["events"]
    mapping = f'nat_1_1_mapping = "{config.public_address}"' if config.public_address else ""
    return {
        **vars(config),
        "folder": folder,
        "library": library,
        "media_ports": "{}-{}".format(*config.media_ports),
        "mountpoint_ports": "{}-{}".format(*config.mountpoint_ports),
        "nat_1_1_mapping": mapping,
        "admin_ws": _flag(config.admin_ws_port is not None),
        "admin_ws_port": config.admin_ws_port or 7188,
        "event_handler": _flag(with_events),
        "event_handler_port": config.event_handler_port or 0,
        "disabled_plugins": _all_but(library / "plugins", KEPT["plugins"]),
        "disabled_transports": _all_but(library / "transports", KEPT["transports"]),
        "disabled_loggers": _all_but(library / "loggers", KEPT["loggers"]),
        "disabled_events": _all_but(library / "events", kept_events),
    }


def _flag(on: bool) -> str:
    return "true" if on else "false"


def _all_but(folder: Path, kept: set[str]) -> str:
    return ",".join(sorted(library.name for library in folder.glob("*.so") if library.name not in kept))


def _write_private(path: Path, text: str) -> None:
    """A file that nobody else could read at any moment, replaced as a whole."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
