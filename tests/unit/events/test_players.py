"""What people paste, and what becomes of it. Nothing but a provider's own player may come out."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.models import Stage
from events.players import PROVIDERS, NotRecognised, player_of, recognise
from events.players.address import read
from events.players.moment import seconds

YOUTUBE = "https://www.youtube-nocookie.com/embed/"
VIMEO = "https://player.vimeo.com/video/"
WISTIA = "https://fast.wistia.net/embed/iframe/"
TWITCH = "https://player.twitch.tv/?"
CLIPS = "https://clips.twitch.tv/embed?"
#: Origins that a recognised address may lead to, by provider.
OWN = {
    "youtube": {"https://www.youtube-nocookie.com"},
    "vimeo": {"https://player.vimeo.com", "https://vimeo.com"},
    "wistia": {"https://fast.wistia.net"},
    "twitch": {"https://player.twitch.tv", "https://clips.twitch.tv"},
}
VIDEO = "dQw4w9WgXcQ"


def src(provider: str, pasted: str) -> str:
    return recognise(provider, pasted).player.src(parent="events.example")


def frame(address: str) -> str:
    return (
        f'<div style="padding:56.25% 0 0 0"><iframe width="560" height="315" src="{address}" title="A &amp; B" '
        'frameborder="0" allow="autoplay; fullscreen" allowfullscreen></iframe></div>\n<script src="/x.js"></script>'
    )


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        (f"https://www.youtube.com/watch?v={VIDEO}", VIDEO),
        (f"  http://youtube.com/watch?v={VIDEO}&feature=share \n", VIDEO),
        (f"youtube.com/watch?v={VIDEO}", VIDEO),
        (f"//www.youtube.com/watch?v={VIDEO}", VIDEO),
        (f"https://m.youtube.com/watch?app=desktop&v={VIDEO}", VIDEO),
        (f"https://music.youtube.com/watch?v={VIDEO}", VIDEO),
        (f"HTTPS://WWW.YouTube.com/watch?v={VIDEO}", VIDEO),
        (f"https://youtu.be/{VIDEO}?si=AbCdEf", VIDEO),
        (f"youtu.be/{VIDEO}?t=90", f"{VIDEO}?start=90"),
        (f"https://youtu.be/{VIDEO}?t=1m30s", f"{VIDEO}?start=90"),
        (f"https://www.youtube.com/watch?v={VIDEO}&t=1h2m3s", f"{VIDEO}?start=3723"),
        (f"https://www.youtube.com/watch?v={VIDEO}#t=1m30s", f"{VIDEO}?start=90"),
        (f"https://www.youtube.com/watch?v={VIDEO}#t=x", VIDEO),
        (f"https://www.youtube.com/watch?v={VIDEO}&list=PLabc_-1&index=2", f"{VIDEO}?list=PLabc_-1"),
        (f"https://www.youtube.com/embed/{VIDEO}?start=12&autoplay=1", f"{VIDEO}?start=12"),
        (f"https://www.youtube-nocookie.com/embed/{VIDEO}", VIDEO),
        (f"https://www.youtube.com/live/{VIDEO}?feature=share", VIDEO),
        (f"https://www.youtube.com/live/{VIDEO}?si=AbCdEf&t=1m30s", f"{VIDEO}?start=90"),
        (f"https://m.youtube.com/live/{VIDEO}", VIDEO),
        (f"https://studio.youtube.com/video/{VIDEO}/livestreaming", VIDEO),
        (f"studio.youtube.com/video/{VIDEO}/livestreaming?c=UC0123456789012345678901", VIDEO),
        (f"https://studio.youtube.com/video/{VIDEO}/edit", VIDEO),
        (f"https://www.youtube.com/shorts/{VIDEO}", VIDEO),
        (f"https://youtube.com/shorts/{VIDEO}?si=AbCdEf&t=5", f"{VIDEO}?start=5"),
        (f"https://www.youtube.com/watch?time_continue=9&v={VIDEO}", f"{VIDEO}?start=9"),
        (f"https://www.youtube.com/v/{VIDEO}", VIDEO),
        ("https://www.youtube.com/playlist?list=PLabc", "videoseries?list=PLabc"),
        ("https://www.youtube.com/embed/videoseries?list=PLabc", "videoseries?list=PLabc"),
        (
            "https://www.youtube.com/embed/live_stream?channel=UCabcdefghijklmnopqrstuv",
            "live_stream?channel=UCabcdefghijklmnopqrstuv",
        ),
        (
            frame(f"https://www.youtube.com/embed/{VIDEO}?start=5&amp;list=PLabc"),
            f"{VIDEO}?start=5&list=PLabc",
        ),
    ],
)
def test_youtube(pasted: str, expected: str) -> None:
    assert src("youtube", pasted) == YOUTUBE + expected


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("https://vimeo.com/76979871", f"{VIMEO}76979871"),
        ("vimeo.com/76979871", f"{VIMEO}76979871"),
        ("https://www.vimeo.com/76979871#t=1m5s", f"{VIMEO}76979871#t=65s"),
        ("https://vimeo.com/76979871/8272103f6e", f"{VIMEO}76979871?h=8272103f6e"),
        ("https://vimeo.com/76979871?h=8272103f6e&share=copy", f"{VIMEO}76979871?h=8272103f6e"),
        ("https://vimeo.com/76979871?share=copy", f"{VIMEO}76979871"),
        ("https://player.vimeo.com/video/76979871?h=8272103f6e&badge=0", f"{VIMEO}76979871?h=8272103f6e"),
        ("https://vimeo.com/channels/staffpicks/76979871", f"{VIMEO}76979871"),
        ("https://vimeo.com/groups/shortfilms/videos/76979871", f"{VIMEO}76979871"),
        ("https://vimeo.com/showcase/5555555/video/76979871", f"{VIMEO}76979871"),
        ("https://vimeo.com/manage/videos/76979871/8272103f6e", f"{VIMEO}76979871?h=8272103f6e"),
        ("https://vimeo.com/user123/review/76979871/8272103f6e", f"{VIMEO}76979871?h=8272103f6e"),
        ("https://vimeo.com/review/76979871/8272103f6e", f"{VIMEO}76979871?h=8272103f6e"),
        (
            "https://vimeo.com/user123/review/76979871/8272103f6e#t=30s",
            f"{VIMEO}76979871?h=8272103f6e#t=30s",
        ),
        (
            "https://vimeo.com/reviews/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9/videos/76979871",
            f"{VIMEO}76979871",
        ),
        (
            "https://vimeo.com/76979871/8272103f6e?ts=192000&share=copy",
            f"{VIMEO}76979871?h=8272103f6e#t=192s",
        ),
        ("https://vimeo.com/76979871?ts=0&share=copy", f"{VIMEO}76979871"),
        ("https://player.vimeo.com/video/76979871#t=1m5s", f"{VIMEO}76979871#t=65s"),
        ("https://vimeo.com/event/2345678", "https://vimeo.com/event/2345678/embed"),
        ("https://vimeo.com/event/2345678/embed", "https://vimeo.com/event/2345678/embed"),
        ("https://vimeo.com/event/2345678/0a1b2c3d4e", "https://vimeo.com/event/2345678/embed/0a1b2c3d4e"),
        (
            "https://vimeo.com/event/2345678/embed/0a1b2c3d4e",
            "https://vimeo.com/event/2345678/embed/0a1b2c3d4e",
        ),
        ("https://vimeo.com/showcase/5555555", "https://vimeo.com/showcase/5555555/embed"),
        (
            frame("https://player.vimeo.com/video/76979871?h=8272103f6e&amp;app_id=1"),
            f"{VIMEO}76979871?h=8272103f6e",
        ),
    ],
)
def test_vimeo(pasted: str, expected: str) -> None:
    assert src("vimeo", pasted) == expected


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("https://support.wistia.com/medias/26sk4lmiix", "26sk4lmiix"),
        ("northwind.wistia.com/medias/26sk4lmiix?wtime=1m5s", "26sk4lmiix?time=65"),
        ("https://fast.wistia.net/embed/iframe/26sk4lmiix?videoFoam=true", "26sk4lmiix"),
        ("https://fast.wistia.com/embed/medias/26sk4lmiix.jsonp", "26sk4lmiix"),
        ("https://wistia.com/series/show?wvideo=26sk4lmiix", "26sk4lmiix"),
        ("https://northwind.wi.st/medias/26sk4lmiix", "26sk4lmiix"),
        (frame("https://fast.wistia.net/embed/iframe/26sk4lmiix"), "26sk4lmiix"),
        (
            (
                '<script src="//fast.wistia.com/assets/external/E-v1.js" async></script>'
                '<div class="wistia_embed wistia_async_26sk4lmiix videoFoam=true">&nbsp;</div>'
            ),
            "26sk4lmiix",
        ),
        (
            (
                '<script src="https://fast.wistia.com/player.js" async></script>'
                '<script src="https://fast.wistia.com/embed/26sk4lmiix.js" async type="module"></script>'
                '<wistia-player media-id="26sk4lmiix"></wistia-player>'
            ),
            "26sk4lmiix",
        ),
        (
            (
                '<script src="https://fast.wistia.com/assets/external/E-v1.js"></script>'
                '<script src="https://fast.wistia.com/embed/medias/26sk4lmiix.jsonp" async></script>'
            ),
            "26sk4lmiix",
        ),
    ],
)
def test_wistia(pasted: str, expected: str) -> None:
    assert src("wistia", pasted) == WISTIA + expected


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("https://www.twitch.tv/Northwind_TV", f"{TWITCH}channel=northwind_tv"),
        ("twitch.tv/northwind", f"{TWITCH}channel=northwind"),
        ("https://m.twitch.tv/northwind", f"{TWITCH}channel=northwind"),
        ("https://www.twitch.tv/popout/northwind/chat", f"{TWITCH}channel=northwind"),
        ("https://www.twitch.tv/videos/1234567890?t=1h2m3s", f"{TWITCH}video=v1234567890&time=3723s"),
        ("https://www.twitch.tv/northwind/video/1234567890", f"{TWITCH}video=v1234567890"),
        ("https://www.twitch.tv/northwind/clip/BraveTallFox-a1B2", f"{CLIPS}clip=BraveTallFox-a1B2"),
        ("https://clips.twitch.tv/BraveTallFox-a1B2", f"{CLIPS}clip=BraveTallFox-a1B2"),
        ("https://m.twitch.tv/clip/BraveTallFox-a1B2", f"{CLIPS}clip=BraveTallFox-a1B2"),
        ("https://www.twitch.tv/northwind/v/1234567890?t=90s", f"{TWITCH}video=v1234567890&time=90s"),
        ("https://dashboard.twitch.tv/u/northwind/stream-manager", f"{TWITCH}channel=northwind"),
        ("https://www.twitch.tv/moderator/northwind", f"{TWITCH}channel=northwind"),
        ("https://clips.twitch.tv/embed?clip=BraveTallFox&parent=evil.example", f"{CLIPS}clip=BraveTallFox"),
        ("https://player.twitch.tv/?channel=northwind&parent=evil.example", f"{TWITCH}channel=northwind"),
        (
            frame("https://player.twitch.tv/?video=v123456&amp;parent=www.example.com"),
            f"{TWITCH}video=v123456",
        ),
    ],
)
def test_twitch_names_this_page_as_the_parent(pasted: str, expected: str) -> None:
    assert src("twitch", pasted) == f"{expected}&autoplay=false&parent=events.example"


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("https://play.example.com", "https://play.example.com/"),
        (
            "https://play.example.com:8443/embed/1?a=b&c=d#e",
            "https://play.example.com:8443/embed/1?a=b&c=d#e",
        ),
        ("play.example.com/embed", "https://play.example.com/embed"),
        ("https://PLAY.example.com:443/Embed", "https://play.example.com/Embed"),
        (frame("https://play.example.com/embed?a=1&amp;b=2"), "https://play.example.com/embed?a=1&b=2"),
    ],
)
def test_a_custom_player_stays_as_it_is(pasted: str, expected: str) -> None:
    assert src("custom", pasted) == expected


@pytest.mark.parametrize(
    ("provider", "pasted"),
    [
        ("youtube", ""),
        ("youtube", "my talk"),
        ("youtube", "https://www.youtube.com/"),
        ("youtube", "https://www.youtube.com/@northwind/live"),
        ("youtube", "https://studio.youtube.com/channel/UC0123456789012345678901/livestreaming"),
        ("youtube", "https://studio.youtube.com/video/short/livestreaming"),
        ("youtube", f"https://studio.youtube.com.evil.example/video/{VIDEO}/livestreaming"),
        ("youtube", "https://www.youtube.com/watch?v=short"),
        ("youtube", f"https://www.youtube.com/watch?v={VIDEO}x"),
        ("youtube", "https://www.youtube.com/embed/live_stream"),
        ("youtube", "https://www.youtube.com/embed/videoseries"),
        ("youtube", f"https://www.youtube.com.evil.example/watch?v={VIDEO}"),
        ("youtube", f"https://evilyoutube.com/watch?v={VIDEO}"),
        ("youtube", f"https://www.youtube.com@evil.example/watch?v={VIDEO}"),
        ("youtube", f"https://evil.example\\@www.youtube.com/watch?v={VIDEO}"),
        ("youtube", f"https://www.youtube.com:8080/watch?v={VIDEO}"),
        ("youtube", f"ftp://www.youtube.com/watch?v={VIDEO}"),
        ("youtube", f"https://www.youtube.com/watch?v={VIDEO[:-1]}é"),
        ("youtube", f"https://www.youtube.com/embed/{VIDEO[:-3]}%2F."),
        ("youtube", f"javascript://www.youtube.com/watch?v={VIDEO}"),
        ("vimeo", "https://vimeo.com/northwind"),
        ("vimeo", "https://vimeo.com/channels/staffpicks"),
        ("vimeo", "https://vimeo.com/event/../76979871"),
        ("vimeo", "https://vimeo.com/٧٦٩٧٩٨٧١"),
        ("wistia", "https://northwind.wistia.com/projects/abcdefghij"),
        ("wistia", "https://notwistia.com/medias/26sk4lmiix"),
        ("wistia", "https://northwind.wistia.com/medias/26SK4LMIIX"),
        ("wistia", '<div class="wistia_embed wistia_async_short">&nbsp;</div>'),
        ("wistia", '<div class="not_wistia_async_26sk4lmiix">&nbsp;</div>'),
        ("twitch", "https://www.twitch.tv/"),
        ("twitch", "https://www.twitch.tv/directory"),
        ("twitch", "https://www.twitch.tv/videos/abc"),
        ("twitch", "https://www.twitch.tv/clip"),
        ("twitch", "https://dashboard.twitch.tv/settings/stream"),
        ("twitch", "https://blog.twitch.tv/en"),
        ("custom", "http://play.example.com/embed"),
        ("custom", "javascript:alert(1)"),
        ("custom", "data:text/html,hello"),
        ("custom", "https://user:secret@play.example.com/"),
        ("custom", "https://localhost/embed"),
        ("custom", "https://192.168.0.1/embed"),
        ("custom", "https://[::1]/embed"),
        ("custom", "https://play.example.com/a b"),
        ("custom", "https://play.example.com;evil.example/embed"),
        ("custom", "https://play.example.com:port/embed"),
        ("custom", "https://*.example.com/"),
        ("custom", "https://play.example.com/" + "a" * 500),
        ("custom", "https://play.example.com/" + "a" * 6000),
        ("custom", '<iframe src="javascript:alert(1)"></iframe>'),
        ("custom", "<iframe></iframe>"),
        # A marked section that Python's reader of HTML does not know, and one without a name.
        ("custom", "<![x[ https://play.example.com/ ]]>"),
        ("youtube", "<![ ["),
    ],
)
def test_what_is_not_recognised(provider: str, pasted: str) -> None:
    with pytest.raises(NotRecognised) as refused:
        recognise(provider, pasted)
    assert refused.value.other is None


@pytest.mark.parametrize("chosen", PROVIDERS)
@pytest.mark.parametrize(
    ("whose", "pasted"),
    [
        ("youtube", f"https://youtu.be/{VIDEO}"),
        ("youtube", "https://www.youtube.com/@northwind"),
        ("vimeo", frame("https://player.vimeo.com/video/76979871")),
        ("wistia", "northwind.wistia.com/medias/26sk4lmiix"),
        ("twitch", "https://www.twitch.tv/northwind"),
    ],
)
def test_it_says_whose_address_it_is(chosen: str, whose: str, pasted: str) -> None:
    if chosen == whose:
        return
    with pytest.raises(NotRecognised) as refused:
        recognise(chosen, pasted)
    assert refused.value.other == whose


def test_what_is_kept_is_recognised_again() -> None:
    kept = recognise("youtube", frame(f"//www.youtube.com/embed/{VIDEO}")).address
    assert kept == f"https://www.youtube.com/embed/{VIDEO}"
    long = recognise("youtube", f"https://youtu.be/{VIDEO}?t=9&si={'x' * 600}")
    assert long.address == f"{YOUTUBE}{VIDEO}?start=9"
    for each in (kept, long.address):
        assert player_of("youtube", each) is not None


def test_a_frame_before_what_is_no_html_is_found() -> None:
    assert src("youtube", f"{frame(YOUTUBE + VIDEO)}<![endif-x[") == f"{YOUTUBE}{VIDEO}"


def test_what_is_kept_and_no_longer_recognised_shows_nothing() -> None:
    assert player_of("youtube", "https://evil.example/") is None
    assert player_of("hopin", "https://play.example.com/") is None
    assert player_of("custom", "") is None


def test_every_provider_of_a_stage_is_here_but_our_own() -> None:
    assert {*PROVIDERS, "hopin"} == set(Stage.Provider.values)


def test_a_sandbox_lets_nothing_lead_our_page_elsewhere() -> None:
    for provider, pasted in (("youtube", f"youtu.be/{VIDEO}"), ("custom", "https://play.example.com/")):
        allowed = recognise(provider, pasted).player.sandbox.split()
        assert not [each for each in allowed if "top-navigation" in each]
        assert not {"allow-forms", "allow-modals", "allow-downloads"} & set(allowed)
    assert "allow-popups" not in allowed, "of a custom player"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("", None),
        ("0", None),
        ("90", 90),
        ("90s", 90),
        ("1m30s", 90),
        ("2h", 7200),
        ("-1", None),
        ("1m1m", None),
    ],
)
def test_moments(moment: str, expected: int | None) -> None:
    assert seconds(moment) == expected


# --- Whatever is pasted ---------------------------------------------------------------------------------------
HOSTS = st.sampled_from(
    [
        *("www.youtube.com", "youtu.be", "vimeo.com", "player.vimeo.com", "x.wistia.com", "fast.wistia.net"),
        *("www.twitch.tv", "player.twitch.tv", "clips.twitch.tv", "evil.example", "localhost", "127.0.0.1"),
    ]
)
WORDS = st.sampled_from(
    [
        *(
            "watch",
            "embed",
            "live",
            "shorts",
            "video",
            "videos",
            "event",
            "channels",
            "medias",
            "iframe",
            "clip",
        ),
        *(
            VIDEO,
            "76979871",
            "8272103f6e",
            "26sk4lmiix",
            "northwind",
            "..",
            "%2e%2e",
            "%00",
            "@evil.example",
            ";",
        ),
        *(
            "\\",
            "//evil.example",
            "?",
            "#",
            "javascript:alert(1)",
            "&",
            '"',
            "<",
            ">",
            "\t",
            "\n",
            "é",
            "\u202e",
        ),
    ]
)
PIECES = st.lists(st.one_of(WORDS, st.text(max_size=12)), max_size=6)
QUERIES = st.lists(
    st.tuples(
        st.sampled_from(
            ["v", "t", "list", "h", "clip", "channel", "video", "parent", "wvideo", "collection"]
        ),
        st.one_of(WORDS, st.text(max_size=12)),
    ),
    max_size=4,
)


@st.composite
def pasted(draw: st.DrawFn) -> str:
    scheme = draw(st.sampled_from(["https://", "http://", "//", "", "javascript:", "HTTPS://", "https:\\\\"]))
    user = draw(st.sampled_from(["", "", "www.youtube.com@", "a:b@"]))
    port = draw(st.sampled_from(["", "", ":443", ":80", ":8443", ":x"]))
    path = "/".join(draw(PIECES))
    query = "&".join(f"{name}={value}" for name, value in draw(QUERIES))
    address = f"{scheme}{user}{draw(HOSTS)}{port}/{path}?{query}#{draw(st.text(max_size=6))}"
    return frame(address) if draw(st.booleans()) else address


@given(st.sampled_from(sorted(OWN)), st.one_of(pasted(), st.text(max_size=200)))
def test_no_player_is_anywhere_but_at_its_provider(provider: str, text: str) -> None:
    player = player_of(provider, text)
    if player is None:
        return
    found = urlsplit(player.src(parent="events.example"))
    assert f"{found.scheme}://{found.netloc}" == player.origin
    assert player.origin in OWN[provider]
    # Nothing that a browser, our HTML or our Content-Security-Policy could read in two ways.
    assert re.fullmatch(r"[A-Za-z0-9/?&=#._:%-]+", player.src(parent="events.example"))
    assert ".." not in found.path
    if provider == "twitch":
        assert parse_qs(found.query)["parent"] == ["events.example"]


@given(st.one_of(pasted(), st.text(max_size=200)))
def test_a_custom_player_is_at_the_host_that_its_page_allows(text: str) -> None:
    player = player_of("custom", text)
    if player is None:
        return
    found = urlsplit(player.src(parent="events.example"))
    assert found.scheme == "https"
    assert re.fullmatch(r"https://[a-z0-9.-]+(:\d{1,5})?", player.origin)
    assert player.src(parent="").startswith(f"{player.origin}/")
    assert found.hostname not in {"localhost", "127.0.0.1", None}
    assert found.username is None
    assert not any(read(text)[0].is_on(host) for host in ("www.youtube.com", "vimeo.com", "www.twitch.tv"))


@given(st.sampled_from(sorted(PROVIDERS)), st.one_of(pasted(), st.text(max_size=200)))
def test_keeping_changes_nothing(provider: str, text: str) -> None:
    try:
        recognised = recognise(provider, text)
    except NotRecognised:
        return
    assert len(recognised.address) <= 500
    again = recognise(provider, recognised.address)
    assert again.player == recognised.player
    assert again.address == recognised.address
