"""What of a page's SDP reaches Janus."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage.media.sdp import UnfitSdp, fit_answer, fit_candidate, fit_candidate_position, fit_offer

#: Debian's Chromium, with a microphone and a camera, bundlePolicy "max-bundle".
CHROMIUM_OFFER = """\
v=0
o=- 3348540198796368451 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
a=extmap-allow-mixed
a=msid-semantic: WMS ad43d72c-4334-4191-994d-2495c93b7e3b
m=audio 46312 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
c=IN IP4 127.0.0.1
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:3247244462 1 udp 2122194687 127.0.0.1 46312 typ host generation 0 network-id 3 network-cost 50
a=candidate:1873845026 1 udp 2122063615 192.0.2.2 44516 typ host generation 0 network-id 1
a=candidate:3969175669 1 udp 2122267903 ::1 44248 typ host generation 0 network-id 4 network-cost 50
a=candidate:1757607826 1 udp 2122134271 fd00::2 48375 typ host generation 0 network-id 2
a=candidate:3208832566 1 tcp 1518214911 127.0.0.1 9 typ host tcptype active generation 0 network-id 3 network-cost 50
a=candidate:293566906 1 tcp 1518083839 192.0.2.2 9 typ host tcptype active generation 0 network-id 1
a=candidate:2455450349 1 tcp 1518288127 ::1 9 typ host tcptype active generation 0 network-id 4 network-cost 50
a=candidate:369956106 1 tcp 1518154495 fd00::2 9 typ host tcptype active generation 0 network-id 2
a=ice-ufrag:3XB1
a=ice-pwd:geTE5Nl9hQnGzscFWtXOaCCI
a=ice-options:trickle
a=fingerprint:sha-256 A8:6C:3C:77:AC:78:A4:D5:2D:95:0B:E1:CD:E5:88:9D:95:C3:38:59:82:DA:A6:65:32:F5:F6:0C:D3:E0:AC:7D
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendonly
a=msid:ad43d72c-4334-4191-994d-2495c93b7e3b 51c6f0e0-dcb2-4f2c-a022-3ba867d10063
a=rtcp-mux
a=rtcp-rsize
a=rtcp-xr:rcvr-rtt=all
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:13 CN/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
a=ssrc:3206353093 cname:ke2AFcD4cDvST4en
a=ssrc:3206353093 msid:ad43d72c-4334-4191-994d-2495c93b7e3b 51c6f0e0-dcb2-4f2c-a022-3ba867d10063
m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 104 107 108 109 114 115 116 117 39 40 45 46 98 99 100 101 118 119 120
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:3XB1
a=ice-pwd:geTE5Nl9hQnGzscFWtXOaCCI
a=ice-options:trickle
a=fingerprint:sha-256 A8:6C:3C:77:AC:78:A4:D5:2D:95:0B:E1:CD:E5:88:9D:95:C3:38:59:82:DA:A6:65:32:F5:F6:0C:D3:E0:AC:7D
a=setup:actpass
a=mid:1
a=extmap:14 urn:ietf:params:rtp-hdrext:toffset
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:13 urn:3gpp:video-orientation
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
a=extmap:6 http://www.webrtc.org/experiments/rtp-hdrext/video-content-type
a=extmap:7 http://www.webrtc.org/experiments/rtp-hdrext/video-timing
a=extmap:8 http://www.webrtc.org/experiments/rtp-hdrext/color-space
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id
a=sendonly
a=msid:ad43d72c-4334-4191-994d-2495c93b7e3b 879e2116-0cc1-43ab-ad9d-e5f050626518
a=rtcp-mux
a=rtcp-rsize
a=rtcp-xr:rcvr-rtt=all
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 transport-cc
a=rtcp-fb:96 ccm fir
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:102 H264/90000
a=rtcp-fb:102 goog-remb
a=rtcp-fb:102 transport-cc
a=rtcp-fb:102 ccm fir
a=rtcp-fb:102 nack
a=rtcp-fb:102 nack pli
a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
a=rtpmap:103 rtx/90000
a=fmtp:103 apt=102
a=rtpmap:104 H264/90000
a=rtcp-fb:104 goog-remb
a=rtcp-fb:104 transport-cc
a=rtcp-fb:104 ccm fir
a=rtcp-fb:104 nack
a=rtcp-fb:104 nack pli
a=fmtp:104 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42001f
a=rtpmap:107 rtx/90000
a=fmtp:107 apt=104
a=rtpmap:108 H264/90000
a=rtcp-fb:108 goog-remb
a=rtcp-fb:108 transport-cc
a=rtcp-fb:108 ccm fir
a=rtcp-fb:108 nack
a=rtcp-fb:108 nack pli
a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
a=rtpmap:109 rtx/90000
a=fmtp:109 apt=108
a=rtpmap:114 H264/90000
a=rtcp-fb:114 goog-remb
a=rtcp-fb:114 transport-cc
a=rtcp-fb:114 ccm fir
a=rtcp-fb:114 nack
a=rtcp-fb:114 nack pli
a=fmtp:114 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f
a=rtpmap:115 rtx/90000
a=fmtp:115 apt=114
a=rtpmap:116 H264/90000
a=rtcp-fb:116 goog-remb
a=rtcp-fb:116 transport-cc
a=rtcp-fb:116 ccm fir
a=rtcp-fb:116 nack
a=rtcp-fb:116 nack pli
a=fmtp:116 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f
a=rtpmap:117 rtx/90000
a=fmtp:117 apt=116
a=rtpmap:39 H264/90000
a=rtcp-fb:39 goog-remb
a=rtcp-fb:39 transport-cc
a=rtcp-fb:39 ccm fir
a=rtcp-fb:39 nack
a=rtcp-fb:39 nack pli
a=fmtp:39 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=4d001f
a=rtpmap:40 rtx/90000
a=fmtp:40 apt=39
a=rtpmap:45 AV1/90000
a=rtcp-fb:45 goog-remb
a=rtcp-fb:45 transport-cc
a=rtcp-fb:45 ccm fir
a=rtcp-fb:45 nack
a=rtcp-fb:45 nack pli
a=fmtp:45 level-idx=5;profile=0;tier=0
a=rtpmap:46 rtx/90000
a=fmtp:46 apt=45
a=rtpmap:98 VP9/90000
a=rtcp-fb:98 goog-remb
a=rtcp-fb:98 transport-cc
a=rtcp-fb:98 ccm fir
a=rtcp-fb:98 nack
a=rtcp-fb:98 nack pli
a=fmtp:98 profile-id=0
a=rtpmap:99 rtx/90000
a=fmtp:99 apt=98
a=rtpmap:100 VP9/90000
a=rtcp-fb:100 goog-remb
a=rtcp-fb:100 transport-cc
a=rtcp-fb:100 ccm fir
a=rtcp-fb:100 nack
a=rtcp-fb:100 nack pli
a=fmtp:100 profile-id=2
a=rtpmap:101 rtx/90000
a=fmtp:101 apt=100
a=rtpmap:118 red/90000
a=rtpmap:119 rtx/90000
a=fmtp:119 apt=118
a=rtpmap:120 ulpfec/90000
a=ssrc-group:FID 2425506507 2628713456
a=ssrc:2425506507 cname:ke2AFcD4cDvST4en
a=ssrc:2425506507 msid:ad43d72c-4334-4191-994d-2495c93b7e3b 879e2116-0cc1-43ab-ad9d-e5f050626518
a=ssrc:2628713456 cname:ke2AFcD4cDvST4en
a=ssrc:2628713456 msid:ad43d72c-4334-4191-994d-2495c93b7e3b 879e2116-0cc1-43ab-ad9d-e5f050626518
"""

#: Written after Firefox's manners (no Firefox was asked): the fingerprint said once, the video only bundled.
FIREFOX_OFFER = """\
v=0
o=mozilla...THIS_IS_SDPARTA-99.0 6834209382234098 0 IN IP4 0.0.0.0
s=-
t=0 0
a=fingerprint:sha-256 CF:9D:5F:6C:E7:FB:62:C7:CB:E7:E1:71:B7:9A:DE:09:52:AC:A6:CC:86:1A:4A:12:BB:1B:96:9A:FE:CF:18:3E
a=group:BUNDLE 0 1
a=ice-options:trickle
a=msid-semantic:WMS *
m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101
c=IN IP4 0.0.0.0
a=candidate:0 1 UDP 2122252543 5d2b9cd0-0fc4-4bd8-9a7e-3f1a6f5e9a11.local 50123 typ host
a=candidate:2 1 TCP 2105524479 5d2b9cd0-0fc4-4bd8-9a7e-3f1a6f5e9a11.local 9 typ host tcptype active
a=candidate:1 1 UDP 1686052863 203.0.113.9 50123 typ srflx raddr 0.0.0.0 rport 0
a=candidate:0 2 UDP 2122252542 5d2b9cd0-0fc4-4bd8-9a7e-3f1a6f5e9a11.local 50124 typ host
a=sendonly
a=end-of-candidates
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level
a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
a=fmtp:101 0-15
a=ice-pwd:4d2b8e9c7f6a5b3c1d0e9f8a7b6c5d4e
a=ice-ufrag:9f3c1a2b
a=mid:0
a=msid:{0b7d4c5e-1c2d-4e3f-8a9b-0c1d2e3f4a5b} {6a5b4c3d-2e1f-4a0b-9c8d-7e6f5a4b3c2d}
a=rtcp-mux
a=rtpmap:109 opus/48000/2
a=rtpmap:9 G722/8000/1
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=setup:actpass
a=ssrc:2655508255 cname:{735484ea-4f6c-f74a-bd66-7425f8476c2e}
m=video 0 UDP/TLS/RTP/SAVPF 120 124 121 125
c=IN IP4 0.0.0.0
a=sendonly
a=bundle-only
a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:4 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:5 urn:ietf:params:rtp-hdrext:toffset
a=extmap:6/recvonly http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=fmtp:120 max-fs=12288;max-fr=60
a=fmtp:124 apt=120
a=fmtp:121 max-fs=12288;max-fr=60
a=fmtp:125 apt=121
a=mid:1
a=msid:{0b7d4c5e-1c2d-4e3f-8a9b-0c1d2e3f4a5b} {1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9}
a=rtcp-fb:120 nack
a=rtcp-fb:120 nack pli
a=rtcp-fb:120 ccm fir
a=rtcp-fb:120 goog-remb
a=rtcp-fb:120 transport-cc
a=rtcp-fb:121 nack
a=rtpmap:120 VP8/90000
a=rtpmap:124 rtx/90000
a=rtpmap:121 VP9/90000
a=rtpmap:125 rtx/90000
a=ssrc:4022867384 cname:{735484ea-4f6c-f74a-bd66-7425f8476c2e}
a=ssrc:1210543209 cname:{735484ea-4f6c-f74a-bd66-7425f8476c2e}
a=ssrc-group:FID 4022867384 1210543209
"""

#: Of Debian's Chromium, to an offer of ten m-lines; all audio m-lines of it differ in nothing but the mid.
CHROMIUM_ANSWER_AUDIO = """\
m=audio 9 UDP/TLS/RTP/SAVPF 111
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:ZoLP
a=ice-pwd:Nz+r+e2bVEjXUBD4Out6sga6
a=ice-options:trickle
a=fingerprint:sha-256 7F:CC:7F:AD:70:C1:46:EB:FA:28:88:80:7D:99:8B:3E:A8:7B:6D:94:AA:AE:CB:2F:B2:1E:B4:8A:A8:99:1B:AB
a=setup:active
a=mid:{mid}
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=recvonly
a=rtcp-mux
a=rtcp-rsize
a=rtcp-xr:rcvr-rtt=all
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
"""
CHROMIUM_ANSWER_VIDEO = """\
m=video 9 UDP/TLS/RTP/SAVPF 96 97
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:ZoLP
a=ice-pwd:Nz+r+e2bVEjXUBD4Out6sga6
a=ice-options:trickle
a=fingerprint:sha-256 7F:CC:7F:AD:70:C1:46:EB:FA:28:88:80:7D:99:8B:3E:A8:7B:6D:94:AA:AE:CB:2F:B2:1E:B4:8A:A8:99:1B:AB
a=setup:active
a=mid:{mid}
a=extmap:14 urn:ietf:params:rtp-hdrext:toffset
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:13 urn:3gpp:video-orientation
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
a=extmap:6 http://www.webrtc.org/experiments/rtp-hdrext/video-content-type
a=extmap:7 http://www.webrtc.org/experiments/rtp-hdrext/video-timing
a=extmap:8 http://www.webrtc.org/experiments/rtp-hdrext/color-space
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id
a=recvonly
a=rtcp-mux
a=rtcp-rsize
a=rtcp-xr:rcvr-rtt=all
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 transport-cc
a=rtcp-fb:96 ccm fir
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
"""
CHROMIUM_ANSWER_REJECTED = """\
m=video 0 UDP/TLS/RTP/SAVPF 0
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:M/60
a=ice-pwd:HMnRcmKqZbS933DtU/XGkVyX
a=ice-options:trickle
a=fingerprint:sha-256 E2:4F:8E:C4:96:30:14:B9:99:FC:15:8E:3C:59:C3:5D:74:8E:78:F1:62:AB:A9:DC:7B:41:F2:4D:A6:C5:C1:BE
a=setup:active
a=mid:{mid}
a=extmap:14 urn:ietf:params:rtp-hdrext:toffset
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:13 urn:3gpp:video-orientation
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
a=extmap:6 http://www.webrtc.org/experiments/rtp-hdrext/video-content-type
a=extmap:7 http://www.webrtc.org/experiments/rtp-hdrext/video-timing
a=extmap:8 http://www.webrtc.org/experiments/rtp-hdrext/color-space
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id
a=recvonly
a=rtcp-mux
a=rtcp-rsize
a=rtcp-xr:rcvr-rtt=all
"""

WATCHER_MIDS = list("0123456789")
VIEWER_MIDS = ["a1", "v1", "a2", "v2", "a3", "v3", "a4", "v4", "a5", "v5"]

ID = r"[A-Za-z0-9{}_+/=.-]{1,64}"
PLAIN_CANDIDATE = (
    r"candidate:[A-Za-z0-9+/]{1,32} 1 (udp|tcp) \d{1,10} [0-9a-f:.-]{2,45}(local)? \d{1,5}"
    r" typ (host|(srflx|prflx|relay) raddr (::|0\.0\.0\.0) rport 0)( tcptype active)?"
)
#: All that Janus may ever read.
GRAMMAR = [
    "v=0",
    "o=- 1 1 IN IP4 127\\.0\\.0\\.1",
    "s=-",
    "t=0 0",
    r"a=group:BUNDLE( (\d|[av][1-5])){1,10}",
    "a=extmap-allow-mixed",
    r"a=msid-semantic: WMS \*",
    r"m=(audio|video) (9|0) UDP/TLS/RTP/SAVPF( \d{1,3})+",
    r"c=IN IP4 0\.0\.0\.0",
    r"a=rtcp:9 IN IP4 0\.0\.0\.0",
    "a=" + PLAIN_CANDIDATE,
    "a=end-of-candidates",
    r"a=ice-ufrag:[A-Za-z0-9+/]{4,64}",
    r"a=ice-pwd:[A-Za-z0-9+/]{22,128}",
    r"a=fingerprint:sha-256 [0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31}",
    r"a=setup:(actpass|active|passive)",
    "a=ice-options:trickle",
    r"a=mid:(\d|[av][1-5])",
    r"a=extmap:([1-9]|1[0-4])(/(sendrecv|sendonly|recvonly|inactive))? (urn|http)[a-z0-9:/.-]+",
    "a=(sendrecv|sendonly|recvonly|inactive)",
    rf"a=msid:{ID}( {ID})?",
    "a=rtcp-(mux|rsize)",
    r"a=rtpmap:\d{2,3} (opus/48000/2|VP8/90000|rtx/90000)",
    r"a=rtcp-fb:\d{2,3} (nack|nack pli|ccm fir|goog-remb|transport-cc)",
    r"a=fmtp:\d{2,3} [a-z-]+=\d{1,9}(;[a-z-]+=\d{1,9})*",
    rf"a=ssrc:\d{{1,10}} (cname:{ID}|msid:{ID} {ID})",
    r"a=ssrc-group:FID \d{1,10} \d{1,10}",
]
KNOWN_LINE = re.compile("|".join(f"(?:{each})" for each in GRAMMAR), re.ASCII)


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def an_answer(mids: list[str], rejected: str = "") -> str:
    session = (
        f"v=0\no=- 1 2 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE {' '.join(mids)}\na=msid-semantic: WMS\n"
    )
    for number, mid in enumerate(mids):
        section = CHROMIUM_ANSWER_VIDEO if number % 2 else CHROMIUM_ANSWER_AUDIO
        session += (CHROMIUM_ANSWER_REJECTED if mid == rejected else section).replace("{mid}", mid)
    return crlf(session)


def check(fitted: str, mids: list[str]) -> list[str]:
    """The lines, each of which Janus may read."""
    assert fitted.endswith("\r\n")
    lines = fitted.removesuffix("\r\n").split("\r\n")
    assert [line for line in lines if KNOWN_LINE.fullmatch(line) is None] == []
    assert [line[:7] for line in lines if line.startswith("m=")] == ["m=audio", "m=video"] * (len(mids) // 2)
    assert [line for line in lines if line.startswith("a=mid:")] == [f"a=mid:{mid}" for mid in mids]
    return lines


@pytest.mark.parametrize(
    "offer", [CHROMIUM_OFFER, crlf(CHROMIUM_OFFER), FIREFOX_OFFER], ids=["lf", "crlf", "firefox"]
)
def test_browsers_offers_fit_and_fit_again(offer: str) -> None:
    fitted = fit_offer(offer)
    check(fitted, ["0", "1"])
    assert fit_offer(fitted) == fitted


def test_of_chromium_only_opus_and_vp8_with_its_repair_stay() -> None:
    lines = check(fit_offer(CHROMIUM_OFFER), ["0", "1"])
    assert [line for line in lines if line.startswith("m=")] == [
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
    ]
    assert "a=fmtp:111 minptime=10;useinbandfec=1" in lines
    assert "a=fmtp:97 apt=96" in lines
    assert not [line for line in lines if "127.0.0.1 " in line or " ::1 " in line]
    assert [line for line in lines if " 192.0.2.2 " in line]


def test_what_firefox_says_once_is_said_for_both() -> None:
    lines = check(fit_offer(FIREFOX_OFFER), ["0", "1"])
    for begin in ("a=fingerprint:", "a=ice-ufrag:", "a=setup:actpass", "a=rtcp-mux"):
        assert sum(line.startswith(begin) for line in lines) == 2
    assert "m=video 9 UDP/TLS/RTP/SAVPF 120 124" in lines
    assert "a=candidate:1 1 udp 1686052863 203.0.113.9 50123 typ srflx raddr 0.0.0.0 rport 0" in lines


@pytest.mark.parametrize("mids", [WATCHER_MIDS, VIEWER_MIDS], ids=["watcher", "viewer"])
def test_chromiums_answers_fit_and_fit_again(mids: list[str]) -> None:
    fitted = fit_answer(an_answer(mids), mids)
    assert f"a=group:BUNDLE {' '.join(mids)}" in check(fitted, mids)
    assert fit_answer(fitted, mids) == fitted


def test_an_answer_may_reject_one_m_line() -> None:
    lines = check(fit_answer(an_answer(WATCHER_MIDS, rejected="1"), WATCHER_MIDS), WATCHER_MIDS)
    assert "m=video 0 UDP/TLS/RTP/SAVPF 0" in lines
    assert "a=group:BUNDLE 0 2 3 4 5 6 7 8 9" in lines


@pytest.mark.parametrize(
    "mids", [WATCHER_MIDS[:8], [*WATCHER_MIDS, "10", "11"], WATCHER_MIDS[::-1], VIEWER_MIDS]
)
def test_answers_with_other_m_lines_are_refused(mids: list[str]) -> None:
    with pytest.raises(UnfitSdp):
        fit_answer(an_answer(mids), WATCHER_MIDS)


@pytest.mark.parametrize(
    "line",
    [
        "a=extmap:-1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "a=extmap:0 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "a=extmap:15 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "a=extmap:256 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "a=extmap:9 urn:somebody:else",
        "a=simulcast:send h;m;l",
        "a=rid:h send",
        "a=rtcp-fb:96 nack rpsi",
        "a=rtpmap:-1 opus/48000/2",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x",
        "a=ssrc-group:SIM 1 2 3",
        "a=candidate:1 1 udp 1 169.254.169.254 80 typ host",
        "b=AS:99999999",
        "i=anything",
    ],
)
def test_lines_that_nobody_needs_are_gone(line: str) -> None:
    for place in ("a=mid:0\n", "a=mid:1\n", "t=0 0\n"):
        with_it = CHROMIUM_OFFER.replace(place, f"{place}{line}\n")
        assert with_it != CHROMIUM_OFFER
        assert fit_offer(with_it) == fit_offer(CHROMIUM_OFFER)


@pytest.mark.parametrize(
    "line",
    [
        "m= video 9 UDP/TLS/RTP/SAVPF 96",
        "m=video\t9 UDP/TLS/RTP/SAVPF 96",
        "m=video 9 UDP/TLS/RTP/SAVPF 96",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        " m=video 9 UDP/TLS/RTP/SAVPF 96",
        "a=mid: x",
        "a=mid:\t7",
        "a=mid:7",
        "a=mid",
        "a=recvonly",
        "a=setup:passive",
        "a=ice-ufrag:other",
        "a=extmap:1 urn:ietf:params:rtp-hdrext:toffset",
        "a=extmap:12 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
        "a=rtpmap:111 VP8/90000\na=rtpmap:96 opus/48000/2",
        "a=x\x00y",
        "a=x\ry",
        "a=\u2028m=video",
        "a=é",
        "",
        "a=" + "x" * 511,
        "\n".join(["a=x"] * 600),
    ],
)
def test_lines_that_change_what_is_offered_are_refused(line: str) -> None:
    for place in ("a=mid:0\n", "a=mid:1\n"):
        with pytest.raises(UnfitSdp):
            fit_offer(CHROMIUM_OFFER.replace(place, f"{place}{line}\n"))


def test_a_mid_of_the_session_is_gone() -> None:
    assert fit_offer(CHROMIUM_OFFER.replace("t=0 0\n", "t=0 0\na=mid:x\n")) == fit_offer(CHROMIUM_OFFER)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("m=video 9 ", "m=video 0 "),
        ("a=mid:1", "a=mid:01"),
        ("opus/48000/2", "opus/8000/1"),
        ("VP8/90000", "VP0/90000"),
        ("a=fingerprint:sha-256", "a=fingerprint:md5"),
        ("a=ice-pwd:", "a=ice-pwd:!"),
        ("a=setup:actpass", "a=setup:holdconn"),
        ("v=0", "v=1"),
    ],
)
def test_offers_that_lack_something_are_refused(old: str, new: str) -> None:
    assert old in CHROMIUM_OFFER
    with pytest.raises(UnfitSdp):
        fit_offer(CHROMIUM_OFFER.replace(old, new))


def test_repair_of_what_is_not_sent_is_gone() -> None:
    fitted = fit_offer(CHROMIUM_OFFER.replace("a=fmtp:97 apt=96", "a=fmtp:97 apt=97"))
    assert "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" in fitted
    assert "rtx" not in fitted


# --- Whatever text goes in ----------------------------
PIECES = [
    *CHROMIUM_OFFER.split("\n"),
    "m= video 9 UDP/TLS/RTP/SAVPF 96",
    "a=extmap:-1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "a=mid:\t7",
    "a=mid:2",
    "m=audio 0 UDP/TLS/RTP/SAVPF 0",
]


@st.composite
def changed(draw: st.DrawFn, text: str) -> str:
    """A text of a browser, with a few lines changed, gone, doubled or from elsewhere."""
    lines = text.split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["new", "gone", "piece", "cut", "spliced"])):
            case "new":
                lines.insert(at, draw(st.text(max_size=40)))
            case "gone":
                lines[at : at + 1] = [""] if len(lines) == 1 else []
            case "piece":
                lines.insert(at, draw(st.sampled_from(PIECES)))
            case "cut":
                lines[at] = lines[at][: draw(st.integers(0, 40))]
            case "spliced":
                place = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:place] + draw(st.text(max_size=5)) + lines[at][place:]
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


@given(st.text() | changed(CHROMIUM_OFFER) | changed(FIREFOX_OFFER))
def test_only_known_lines_of_offers_come_out(text: str) -> None:
    with suppress(UnfitSdp):
        check(fit_offer(text), ["0", "1"])


@given(st.text() | changed(an_answer(VIEWER_MIDS).replace("\r", "")))
def test_only_known_lines_of_answers_come_out(text: str) -> None:
    with suppress(UnfitSdp):
        check(fit_answer(text, VIEWER_MIDS), VIEWER_MIDS)


@given(
    st.text()
    | st.from_regex(r"candidate:1 1 udp 1 [0-9a-f:.]{2,20} 9 typ (host|relay).{0,9}", fullmatch=True)
)
def test_only_known_candidates_come_out(text: str) -> None:
    fitted = fit_candidate(text)
    assert fitted is None or re.fullmatch(PLAIN_CANDIDATE, fitted, re.ASCII)


# --- Candidates ----------------------------
@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.7", "172.20.1.2", "192.168.1.5", "192.0.2.2", "100.64.3.4", "8.8.8.8", "fd00::2", "2a00:1450::5",
        "5d2b9cd0-0fc4-4bd8-9a7e-3f1a6f5e9a11.local",
    ],
)  # fmt: skip
def test_addresses_of_people_stay(address: str) -> None:
    candidate = f"candidate:1 1 udp 2122063615 {address} 47445 typ host"
    assert fit_candidate(f"{candidate} generation 0 ufrag 3pyn network-id 1 network-cost 50") == candidate


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "0.1.2.3", "::", "169.254.169.254", "fe80::1", "fe80::1%eth0",  # noqa: S104
        "224.0.0.251", "ff02::fb", "255.255.255.255", "240.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
        "::127.0.0.1", "2002:7f00:1::", "localhost", "redis.local", "example.org", "0177.0.0.1", "2130706433", "1.2",
    ],
)  # fmt: skip
def test_other_addresses_are_dropped(address: str) -> None:
    assert fit_candidate(f"candidate:1 1 udp 2122063615 {address} 47445 typ host") is None


@pytest.mark.parametrize(
    "candidate",
    [
        "",
        "a=candidate:1 1 udp 1 8.8.8.8 9 typ host",
        "candidate:1 2 udp 1 8.8.8.8 9 typ host",
        "candidate:1 1 sctp 1 8.8.8.8 9 typ host",
        "candidate:1 1 udp 1 8.8.8.8 0 typ host",
        "candidate:1 1 udp 1 8.8.8.8 65536 typ host",
        "candidate:1 1 udp 4294967296 8.8.8.8 9 typ host",
        "candidate:1 1 udp 1 8.8.8.8 9 typ host\r\na=extmap:-1 x",
        "candidate:1 1 udp 1 8.8.8.8 9 typ host\n",
        "candidate:1  1 udp 1 8.8.8.8 9 typ host",
        "candidate:1 1 tcp 1 8.8.8.8 22 typ host tcptype passive",
        "candidate:1 1 tcp 1 8.8.8.8 22 typ host",
    ],
)
def test_candidates_that_no_browser_writes_are_dropped(candidate: str) -> None:
    assert fit_candidate(candidate) is None


def test_what_lies_behind_an_address_is_not_told() -> None:
    told = "candidate:1 1 udp 9 8.8.8.8 999 typ srflx raddr 192.168.1.5 rport 4711"
    assert fit_candidate(told) == "candidate:1 1 udp 9 8.8.8.8 999 typ srflx raddr 0.0.0.0 rport 0"


def test_positions() -> None:
    assert fit_candidate_position("0", 0)
    assert fit_candidate_position("v5", 9)
    assert fit_candidate_position("a1", None)
    assert fit_candidate_position(None, 3)
    for mid, index in ((None, None), ("0", 10), ("0", -1), ("a6", 0), ("", 0), ("0\n", 0), ("10", 0)):
        assert not fit_candidate_position(mid, index)
