"""What a page may say to Janus about a PeerConnection: SDP and ICE candidates, read strictly and written anew.

Janus trusts the SDP that it is given: `a=extmap:-1 …` makes Janus 1.1.2 loop for ever on the thread that all rooms
share. So no text of a page is passed on unless the whole line matches what is known and wanted here; what is
merely unknown is left out, and what would change the m-lines is refused.
"""

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

MAX_LINES = 600
MAX_CANDIDATES = 40
"""In one m-line."""
MAX_SSRC_LINES = 8
MAX_SSRC_GROUPS = 2

_LINE = re.compile(r"[a-z]=[\x20-\x7e]{0,510}")
_MEDIA = re.compile(r"m=(audio|video) ([0-9]{1,5}) UDP/TLS/RTP/SAVPF((?: [0-9]{1,3}){1,64})")
_ID = r"[A-Za-z0-9{}_+/=.-]{1,64}"

_UFRAG = re.compile(r"a=(ice-ufrag:[A-Za-z0-9+/]{4,64})")
_PWD = re.compile(r"a=(ice-pwd:[A-Za-z0-9+/]{22,128})")
_FINGERPRINT = re.compile(r"a=(fingerprint:sha-256 [0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){31})")
_DIRECTION = re.compile(r"a=(sendrecv|sendonly|recvonly|inactive)")
_MSID = re.compile(rf"a=(msid:{_ID}(?: {_ID})?)")
_SETUP = {
    "offer": re.compile(r"a=(setup:(?:actpass|active|passive))"),
    "answer": re.compile(r"a=(setup:(?:active|passive))"),
}
_RTPMAP = re.compile(r"a=rtpmap:([0-9]{1,3}) ([\x21-\x7e]{1,64})")
_RTCP_FB = re.compile(r"a=rtcp-fb:([0-9]{1,3}) (nack|nack pli|ccm fir|goog-remb|transport-cc)")
_FMTP = re.compile(r"a=fmtp:([0-9]{1,3}) ([a-z-]{1,32}=[0-9]{1,9}(?:; ?[a-z-]{1,32}=[0-9]{1,9}){0,15})")
_SSRC = re.compile(rf"a=ssrc:([0-9]{{1,10}}) (cname:{_ID}|msid:{_ID} {_ID})")
_SSRC_GROUP = re.compile(r"a=ssrc-group:FID ([0-9]{1,10}) ([0-9]{1,10})")
_EXTMAP = re.compile(
    r"a=extmap:([1-9]|1[0-4])(/(?:sendrecv|sendonly|recvonly|inactive))? ([\x21-\x7e]{1,128})"
)

_EXTENSIONS = {
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "urn:ietf:params:rtp-hdrext:sdes:mid",
    "urn:ietf:params:rtp-hdrext:toffset",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "urn:3gpp:video-orientation",
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
}

_CODEC = {"audio": "opus/48000/2", "video": "VP8/90000"}
_RTX = "rtx/90000"
_PARAMETERS = {
    "opus/48000/2": {
        "minptime", "useinbandfec", "usedtx", "stereo", "sprop-stereo", "maxplaybackrate", "sprop-maxcapturerate",
        "maxaveragebitrate", "cbr", "ptime", "maxptime",
    },
    "VP8/90000": {"max-fs", "max-fr"},
    _RTX: {"apt", "rtx-time"},
}  # fmt: skip

_NUMBER = r"[0-9]{1,10}"
_ADDRESS = r"[0-9A-Za-z:.-]{2,64}"
_CANDIDATE = re.compile(
    rf"candidate:(?P<foundation>[A-Za-z0-9+/]{{1,32}}) 1 (?P<transport>udp|UDP|tcp|TCP) (?P<priority>{_NUMBER})"
    rf" (?P<address>{_ADDRESS}) (?P<port>[0-9]{{1,5}}) typ (?P<type>host|srflx|prflx|relay)"
    rf"(?P<related> raddr {_ADDRESS} rport [0-9]{{1,5}})?(?P<active> tcptype active)?"
    rf"(?: generation {_NUMBER})?(?: ufrag [A-Za-z0-9+/]{{4,64}})?"
    rf"(?: network-id {_NUMBER})?(?: network-cost {_NUMBER})?"
)
_HIDDEN_BY_MDNS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.local")
_ANY_MID = re.compile(r"[0-9]|[av][1-5]")
MAX_M_LINES = 10

Kind = Literal["offer", "answer"]


class UnfitSdp(ValueError):
    """The SDP is not what this PeerConnection is for, or not what a browser would write."""


@dataclass
class _Section:
    media: str
    port: int
    payload_types: list[int]
    lines: list[str] = field(default_factory=list)
    read: dict[re.Pattern[str], dict[str, list[re.Match[str]]]] = field(default_factory=dict)
    """By pattern and payload type: the lines that match."""

    def is_rejected(self, kind: Kind) -> bool:
        """Port 0 in an offer can also mean "only bundled": https://www.rfc-editor.org/rfc/rfc9143#section-6"""
        return self.port == 0 and not (kind == "offer" and "a=bundle-only" in self.lines)


def fit_offer(sdp: str) -> str:
    """One microphone (mid 0) and one camera (mid 1), neither rejected. Raises UnfitSdp."""
    return _fit("offer", sdp, ("0", "1"))


def fit_answer(sdp: str, mids: Sequence[str]) -> str:
    """Exactly these m-lines: of the mids of two rooms, 0 to 9 and a1 to v5. Raises UnfitSdp."""
    return _fit("answer", sdp, mids)


def _fit(kind: Kind, sdp: str, mids: Sequence[str]) -> str:
    session, sections = _parse(sdp)
    _check_m_lines(sections, mids)
    live = [mid for mid, section in zip(mids, sections, strict=True) if not section.is_rejected(kind)]
    if not live or (kind == "offer" and len(live) < len(mids)):
        raise UnfitSdp("rejected m-lines")
    extensions: dict[int, str] = {}
    lines = [
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE " + " ".join(live),
        *_present(session, "a=extmap-allow-mixed"),
        "a=msid-semantic: WMS *",
    ]
    # Bundled m-lines need not repeat what the first one says of the transport: RFC 9143, section 7.
    shared = [*sections[mids.index(live[0])].lines, *session]
    for mid, section in zip(mids, sections, strict=True):
        if mid in live:
            lines += _live(kind, mid, section, shared, extensions)
        else:
            lines += _rejected(mid, section, _transport(kind, [], shared))
    return "".join(f"{line}\r\n" for line in lines)


def _parse(sdp: str) -> tuple[list[str], list[_Section]]:
    lines = sdp.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if len(lines) > MAX_LINES:
        raise UnfitSdp("too many lines")
    session: list[str] = []
    sections: list[_Section] = []
    for line in lines:
        if _LINE.fullmatch(line) is None:
            raise UnfitSdp("not a line of SDP")
        if line.startswith("m="):
            sections.append(_section(line))
        else:
            (sections[-1].lines if sections else session).append(line)
    if session[:1] != ["v=0"]:
        raise UnfitSdp("not SDP")
    return session, sections


def _section(line: str) -> _Section:
    match = _MEDIA.fullmatch(line)
    if match is None:
        raise UnfitSdp("unknown media")
    payload_types = [int(number) for number in match[3].split()]
    if len(set(payload_types)) < len(payload_types):
        raise UnfitSdp("a payload type twice")
    return _Section(match[1], int(match[2]), payload_types)


def _check_m_lines(sections: Sequence[_Section], mids: Sequence[str]) -> None:
    if [section.media for section in sections] != [_media_of(mid) for mid in mids]:
        raise UnfitSdp("other m-lines")
    for section, mid in zip(sections, mids, strict=True):
        if [line for line in section.lines if line.startswith("a=mid")] != [f"a=mid:{mid}"]:
            raise UnfitSdp("other mids")


def _media_of(mid: str) -> str:
    """A mountpoint's mids say it with a letter; those of a room are audio and video in turn."""
    is_video = mid.startswith("v") or (mid.isdigit() and int(mid) % 2 == 1)
    return "video" if is_video else "audio"


def _live(
    kind: Kind, mid: str, section: _Section, shared: Sequence[str], extensions: dict[int, str]
) -> list[str]:
    payload_types, codec_lines = _codecs(section)
    direction, msid = _one(_DIRECTION, section.lines), _first(_MSID, section.lines)
    return [
        _m_line(section, 9, payload_types),
        "c=IN IP4 0.0.0.0",
        "a=rtcp:9 IN IP4 0.0.0.0",
        *_candidates(section.lines),
        *_transport(kind, section.lines, shared),
        f"a=mid:{mid}",
        *_extmaps(section.lines, extensions),
        *direction,
        *msid,
        *_present([*section.lines, *shared], "a=rtcp-mux", "a=rtcp-rsize"),
        *codec_lines,
        *_ssrcs(section.lines),
    ]


def _rejected(mid: str, section: _Section, transport: Sequence[str]) -> list[str]:
    """Said in Janus's simplest words; with the transport of the others, for Janus reads it from any m-line."""
    return [_m_line(section, 0, [0]), "c=IN IP4 0.0.0.0", *transport, f"a=mid:{mid}", "a=inactive"]


def _m_line(section: _Section, port: int, payload_types: Iterable[int]) -> str:
    return f"m={section.media} {port} UDP/TLS/RTP/SAVPF " + " ".join(map(str, payload_types))


def _present(lines: Sequence[str], *wanted: str) -> list[str]:
    return [line for line in wanted if line in lines]


def _first(pattern: re.Pattern[str], lines: Iterable[str]) -> list[str]:
    return [f"a={match[1]}" for line in lines if (match := pattern.fullmatch(line))][:1]


def _one(pattern: re.Pattern[str], lines: Iterable[str]) -> list[str]:
    """The line, if there is one. Raises UnfitSdp if there are two that differ."""
    found = {match[1] for line in lines if (match := pattern.fullmatch(line))}
    if len(found) > 1:
        raise UnfitSdp("one thing said in two ways")
    return [f"a={value}" for value in found]


def _transport(kind: Kind, own: Sequence[str], shared: Sequence[str]) -> list[str]:
    """ICE and DTLS: what an m-line says itself, or else what is said for all. Raises UnfitSdp."""
    lines = []
    for pattern in (_UFRAG, _PWD, _FINGERPRINT, _SETUP[kind]):
        said = _one(pattern, own) or _first(pattern, shared)
        if not said:
            raise UnfitSdp("no transport")
        lines += said
    return lines + _present([*own, *shared], "a=ice-options:trickle")


def _codecs(section: _Section) -> tuple[list[int], list[str]]:
    """The payload types that are wanted, in the page's order, and all lines about them."""
    kept = _wanted_payload_types(section)
    if not kept:
        raise UnfitSdp("no known codec")
    lines = []
    for payload_type, codec in kept.items():
        lines.append(f"a=rtpmap:{payload_type} {codec}")
        feedback = [match[2] for match in _about(_RTCP_FB, section, payload_type)]
        lines += [f"a=rtcp-fb:{payload_type} {each}" for each in dict.fromkeys(feedback)]
        parameters = _parameters(section, payload_type, codec)
        if parameters:
            said = ";".join(f"{key}={value}" for key, value in parameters.items())
            lines.append(f"a=fmtp:{payload_type} {said}")
    return list(kept), lines


def _wanted_payload_types(section: _Section) -> dict[int, str]:
    codecs = {}
    for payload_type in section.payload_types:
        named = {match[2] for match in _about(_RTPMAP, section, payload_type)}
        if len(named) > 1:
            raise UnfitSdp("a payload type with two codecs")
        # The others are fixed by RFC 3551, or look like RTCP when it is multiplexed: RFC 5761.
        if named and (35 <= payload_type <= 63 or 96 <= payload_type <= 127):
            codecs[payload_type] = named.pop()
    main = {number for number, codec in codecs.items() if codec == _CODEC[section.media]}
    return {
        number: codec
        for number, codec in codecs.items()
        if number in main
        or (section.media == "video" and codec == _RTX and _repairs(section, number) in main)
    }


def _repairs(section: _Section, payload_type: int) -> int | None:
    apt = _parameters(section, payload_type, _RTX).get("apt")
    return None if apt is None else int(apt)


def _parameters(section: _Section, payload_type: int, codec: str) -> dict[str, int]:
    """Of the first line about it. Numbers are all that these codecs have."""
    for match in _about(_FMTP, section, payload_type):
        pairs = (pair.strip().split("=") for pair in match[2].split(";"))
        return {key: int(value) for key, value in pairs if key in _PARAMETERS[codec]}
    return {}


def _about(pattern: re.Pattern[str], section: _Section, payload_type: int) -> list[re.Match[str]]:
    """Each line is read once, however many payload types there are: a page chooses both numbers."""
    if pattern not in section.read:
        found: dict[str, list[re.Match[str]]] = defaultdict(list)
        section.read[pattern] = found
        for line in section.lines:
            if match := pattern.fullmatch(line):
                found[match[1]].append(match)
    return section.read[pattern].get(str(payload_type), [])


def _extmaps(lines: Iterable[str], ids: dict[int, str]) -> list[str]:
    """`ids`: those of the sections before, since one id means one thing in all that is bundled."""
    said: dict[str, str] = {}
    for line in lines:
        match = _EXTMAP.fullmatch(line)
        if match is None or match[3] not in _EXTENSIONS:
            continue
        number, direction, uri = int(match[1]), match[2] or "", match[3]
        if uri in said or ids.setdefault(number, uri) != uri:
            raise UnfitSdp("a header extension twice")
        said[uri] = f"a=extmap:{number}{direction} {uri}"
    return list(said.values())


def _ssrcs(lines: Sequence[str]) -> list[str]:
    groups = [
        f"a=ssrc-group:FID {int(match[1])} {int(match[2])}"
        for line in lines
        if (match := _SSRC_GROUP.fullmatch(line)) and _is_ssrc(match[1]) and _is_ssrc(match[2])
    ]
    sources = [
        f"a=ssrc:{int(match[1])} {match[2]}"
        for line in lines
        if (match := _SSRC.fullmatch(line)) and _is_ssrc(match[1])
    ]
    return groups[:MAX_SSRC_GROUPS] + sources[:MAX_SSRC_LINES]


def _is_ssrc(number: str) -> bool:
    return 0 < int(number) < 2**32


def _candidates(lines: Iterable[str]) -> list[str]:
    fitted = (fit_candidate(line.removeprefix("a=")) for line in lines if line.startswith("a=candidate:"))
    kept = [f"a={candidate}" for candidate in fitted if candidate is not None]
    return kept[:MAX_CANDIDATES] + _present(list(lines), "a=end-of-candidates")


def fit_candidate(candidate: str) -> str | None:
    """The candidate in our words; None: Janus is not told of it.

    Addresses that mean this host, this link or many hosts are left out. Those of a LAN stay: people and server
    may be in one. Janus never waits for a page's TCP, and is never sent to somebody's TCP port.
    """
    match = _CANDIDATE.fullmatch(candidate)
    if match is None:
        return None
    transport = match["transport"].lower()
    address, port, priority = _reachable(match["address"]), int(match["port"]), int(match["priority"])
    is_active_tcp = match["active"] is not None
    in_bounds = 0 < port < 2**16 and 0 < priority < 2**32
    if address is None or not in_bounds or is_active_tcp != (transport == "tcp"):
        return None
    # What lies behind an address is nothing for Janus, and browsers hide it too.
    related = f" raddr {'::' if ':' in address else '0.0.0.0'} rport 0" if match["type"] != "host" else ""  # noqa: S104
    return (
        f"candidate:{match['foundation']} 1 {transport} {priority} {address} {port} typ {match['type']}"
        f"{related}{match['active'] or ''}"
    )


def _reachable(address: str) -> str | None:
    if _HIDDEN_BY_MDNS.fullmatch(address):
        return address
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if parsed.is_loopback or parsed.is_link_local or parsed.is_multicast or parsed.is_reserved:
        return None
    if parsed.is_unspecified or not _is_plain(parsed):
        return None
    return str(parsed)


def _is_plain(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Not 0.0.0.0/8, and no IPv6 address that has an IPv4 address inside."""
    if isinstance(address, ipaddress.IPv4Address):
        return int(address) >= 2**24
    return not (address.ipv4_mapped or address.sixtofour or address.teredo)


def fit_candidate_position(sdp_mid: str | None, index: int | None) -> bool:
    """Whether this may be the m-line of a candidate."""
    if sdp_mid is None and index is None:
        return False
    return (sdp_mid is None or _ANY_MID.fullmatch(sdp_mid) is not None) and (
        index is None or 0 <= index < MAX_M_LINES
    )
