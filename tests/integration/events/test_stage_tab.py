"""The Stage tab's forms and the Stage page of another provider, as a browser without JavaScript gets them."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backstage.models import BackstageSession, Broadcast
from events import services
from events.demo import PEOPLE, portrait
from events.models import Event, Stage, User
from tests.factories import BlockFactory, EventFactory, RegistrationFactory, StageFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.test_pages import html

pytestmark = pytest.mark.django_db

VIDEO = "https://youtu.be/dQw4w9WgXcQ"
PLAYER = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"


@pytest.fixture
def organizer() -> User:
    return UserFactory()


@pytest.fixture
def event(organizer: User) -> Event:
    return EventFactory(organizers=[organizer])


@pytest.fixture
def stage(event: Event) -> Stage:
    return StageFactory(event=event)


@pytest.fixture
def browser(organizer: User, sign_in: SignIn) -> Client:
    return sign_in(organizer)


def tab(event: Event) -> str:
    return reverse("backstage:stage_tab", args=[event.slug])


def act(name: str, stage: Stage) -> str:
    return reverse(f"backstage:{name}", args=[stage.event.slug, stage.pk])


def frames(response: object) -> dict[str, str]:
    """The attributes of the one frame; empty without any."""
    found = re.findall(r"<iframe\b(.*?)>", html(response), re.DOTALL)
    assert len(found) <= 1
    return dict(re.findall(r'([\w-]+)="([^"]*)"', found[0])) if found else {}


def frame_policy(response: object) -> str | None:
    policy = response.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    found = re.search(r"frame-src ([^;]*)", policy)
    return found[1] if found else None


def test_adding_renaming_moving_archiving_restoring(event: Event, browser: Client) -> None:
    for name in ("First", "Second"):
        page = browser.post(reverse("backstage:add_stage", args=[event.slug]), {"name": name}, follow=True)
        assert f"{name} is added." in html(page)
    first, second = event.stages.all()
    response = browser.post(act("move_stage", second), {"way": "up"})
    assert response.headers["Location"] == f"{tab(event)}#up-{second.pk}"
    assert [each.name for each in event.stages.all()] == ["Second", "First"]
    browser.post(act("move_stage", second), {"way": "up"})
    assert [each.name for each in event.stages.all()] == ["Second", "First"], "it is the first already"
    browser.post(act("rename_stage", first), {"name": "Workshop"})
    assert "Workshop" in html(browser.get(tab(event)))
    assert "Attendees do not find it any more." in html(browser.get(act("archive_stage", first)))
    first.refresh_from_db()
    assert first.archived_at is None, "asking changes nothing"
    page = html(browser.post(act("archive_stage", first), follow=True))
    assert "Workshop is archived." in page
    assert "Restore Workshop" in page
    assert "Workshop is back." in html(browser.post(act("restore_stage", first), follow=True))


def test_an_archived_event_is_read_and_offers_nothing(event: Event, stage: Stage, browser: Client) -> None:
    film = StageFactory(event=event, name="Film", provider="vimeo", video_address="https://vimeo.com/1")
    gone = StageFactory(event=event, name="Gone", archived_at=timezone.now())
    overview = reverse("backstage:overview", args=[event.slug])
    before = html(browser.get(tab(event))) + html(browser.get(overview))
    link = BackstageSession.objects.get(stage=stage).link_token
    acts = ["Add stage", "Save", "Reset link", "Open Backstage", "Copy link", "Rename", "Edit Film", link]
    acts += [act("restore_stage", gone), act("set_provider", stage), act("set_delay", stage)]
    assert [offered for offered in acts if offered not in before] == [], "else nothing is tested"
    Event.objects.update(archived_at=timezone.now())
    shown = html(browser.get(tab(event)))
    page = shown + html(browser.get(overview)) + html(browser.get(f"{tab(event)}?stage={film.pk}"))
    assert [offered for offered in [*acts, "Open Stage", "<iframe"] if offered in page] == []
    for fact in ("Main Stage", "12 seconds", "https://vimeo.com/1", "Gone"):
        assert fact in shown
    assert shown.count("This event is archived") == 1
    Event.objects.update(archived_at=None)
    assert link in html(browser.get(tab(event)))


def test_a_name_that_does_not_fit_stays_there_with_the_reason(
    event: Event, stage: Stage, browser: Client
) -> None:
    for address in (act("rename_stage", stage), reverse("backstage:add_stage", args=[event.slug])):
        response = browser.post(address, {"name": "x" * 81})
        assert "Give the stage a name of at most 80 characters." in html(response)
        assert "x" * 81 in html(response)
    assert event.stages.get().name == "Main Stage"


def test_a_preview_saves_nothing_and_only_its_frame_is_allowed(
    event: Event, stage: Stage, browser: Client
) -> None:
    response = browser.post(
        act("set_provider", stage), {"provider": "youtube", "address": VIDEO, "preview": "1"}
    )
    assert response.status_code == 200
    assert frames(response)["src"] == PLAYER
    assert frames(response)["sandbox"].startswith("allow-scripts ")
    assert frames(response)["referrerpolicy"] == "strict-origin-when-cross-origin"
    assert frames(response)["title"] == "Video on Main Stage"
    assert frame_policy(response) == "https://www.youtube-nocookie.com"
    assert "This is a preview." in html(response)
    stage.refresh_from_db()
    assert stage.provider == "hopin"
    assert frame_policy(browser.get(tab(event))) is None


def test_six_providers_can_be_chosen(event: Event, stage: Stage, browser: Client) -> None:
    page = html(browser.get(tab(event)))
    assert f'<label for="provider-of-{stage.pk}">Stream provider</label>' in page
    offered = page.split(f'id="provider-of-{stage.pk}"')[1].split("</select>")[0]
    assert re.findall(r'<option value="\w+" (selected)?>([^<]*)<', offered) == [
        ("selected", "Hopin"),
        *(("", name) for name in ("YouTube", "Vimeo", "Wistia", "Twitch", "Custom player")),
    ]


def test_saved_it_stands_there_and_is_opened_to_be_edited(
    event: Event, stage: Stage, browser: Client
) -> None:
    response = browser.post(act("set_provider", stage), {"provider": "youtube", "address": VIDEO})
    assert response.headers["Location"] == f"{tab(event)}?stage={stage.pk}#card-{stage.pk}"
    page = browser.get(response.headers["Location"])
    assert frames(page)["src"] == PLAYER
    assert f'value="{VIDEO}"' in html(page)
    assert "Hopin Studio" not in html(page)
    closed = browser.get(tab(event))
    assert "Edit Main Stage" in html(closed)
    assert frames(closed) == {}
    assert frame_policy(closed) is None


def test_whoever_goes_to_hopin_and_back_finds_the_address_again(
    event: Event, stage: Stage, browser: Client
) -> None:
    for provider, address in (("youtube", VIDEO), ("hopin", "")):
        browser.post(act("set_provider", stage), {"provider": provider, "address": address})
    page = browser.get(tab(event))
    assert html(page).count(VIDEO) == 1
    assert f'value="{VIDEO}"' in html(page)
    assert (frames(page), frame_policy(page)) == ({}, None)
    Event.objects.update(archived_at=timezone.now())
    assert VIDEO not in html(browser.get(tab(event)))


@pytest.mark.parametrize("more", [{}, {"preview": "1"}])
def test_what_is_not_recognised_stays_there_with_the_reason(
    stage: Stage, browser: Client, more: dict[str, str]
) -> None:
    typed = '"><script>alert(1)</script>'
    response = browser.post(act("set_provider", stage), {"provider": "vimeo", "address": typed, **more})
    assert "No video of Vimeo is at this address." in html(response)
    assert typed not in html(response)
    assert "&quot;&gt;&lt;script&gt;alert(1)" in html(response)
    assert '<option value="vimeo" selected>' in " ".join(html(response).split())
    assert frame_policy(response) is None


def test_a_running_show_keeps_its_provider(event: Event, stage: Stage, browser: Client) -> None:
    browser.get(tab(event))
    Broadcast.objects.create(backstage_session=BackstageSession.objects.get(), delay_s=12)
    assert "You can change it once the Stage is off air." in html(browser.get(tab(event)))
    response = browser.post(
        act("set_provider", stage), {"provider": "youtube", "address": VIDEO}, follow=True
    )
    assert "The Stage is on air. Stop Broadcasting first, then change the provider." in html(response)
    page = browser.post(act("archive_stage", stage), follow=True)
    assert "The Stage is on air. Stop Broadcasting first, then archive it." in html(page)
    stage.refresh_from_db()
    assert (stage.provider, stage.archived_at) == ("hopin", None)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("rename_stage", {"name": "Mine"}),
        ("move_stage", {"way": "up"}),
        ("archive_stage", {}),
        ("restore_stage", {}),
        ("set_provider", {"provider": "youtube", "address": VIDEO}),
    ],
)
def test_nobody_else_does_any_of_it(
    stage: Stage, client: Client, sign_in: SignIn, name: str, sent: dict[str, str]
) -> None:
    attendee = RegistrationFactory(event=stage.event).user
    elsewhere = UserFactory()
    mine = EventFactory(organizers=[elsewhere])
    assert client.post(act(name, stage), sent).status_code == 302, "to the sign-in page"
    assert sign_in(attendee).post(act(name, stage), sent).status_code == 404
    through_mine = reverse(f"backstage:{name}", args=[mine.slug, stage.pk])
    assert sign_in(elsewhere).post(through_mine, sent).status_code == 404
    stage.refresh_from_db()
    assert (stage.name, stage.provider, stage.archived_at) == ("Main Stage", "hopin", None)


# --- The Stage page ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("provider", "address", "src", "origin"),
    [
        ("youtube", VIDEO, PLAYER, "https://www.youtube-nocookie.com"),
        (
            "vimeo",
            "https://vimeo.com/76979871/8272103f6e#t=9s",
            "https://player.vimeo.com/video/76979871?h=8272103f6e#t=9s",
            "https://player.vimeo.com",
        ),
        (
            "wistia",
            "https://northwind.wistia.com/medias/26sk4lmiix",
            "https://fast.wistia.net/embed/iframe/26sk4lmiix",
            "https://fast.wistia.net",
        ),
        (
            "twitch",
            "https://www.twitch.tv/northwind",
            "https://player.twitch.tv/?channel=northwind&amp;autoplay=false&amp;parent=testserver",
            "https://player.twitch.tv",
        ),
        (
            "custom",
            "https://play.example.com:8443/x",
            "https://play.example.com:8443/x",
            "https://play.example.com:8443",
        ),
    ],
)
def test_another_player_is_framed_and_nothing_else_is_allowed(
    stage: Stage, sign_in: SignIn, provider: str, address: str, src: str, origin: str
) -> None:
    Stage.objects.filter(pk=stage.pk).update(provider=provider, video_address=address)
    StageFactory(event=stage.event, name="Workshop")
    StageFactory(event=stage.event, name="Put away", archived_at=timezone.now())
    page = sign_in(RegistrationFactory(event=stage.event).user).get(act("stage", stage))
    assert frames(page)["src"] == src
    assert frames(page)["sandbox"].startswith("allow-scripts ")
    assert "allow-top-navigation" not in frames(page)["sandbox"]
    assert frame_policy(page) == origin
    assert "Workshop" in html(page)
    assert "Put away" not in html(page)
    assert 'class="stage__chat' in html(page), "the event's chat is beside it, too"
    assert "stage-elsewhere.js" in html(page)
    assert not BackstageSession.objects.exists()


@pytest.mark.parametrize("provider", ["hopin", "youtube"])
def test_before_a_show_there_is_a_poster_with_the_events_picture_and_its_start(
    stage: Stage, organizer: User, sign_in: SignIn, provider: str
) -> None:
    """Known before any script is; of another provider, as long as there is no video."""
    Stage.objects.filter(pk=stage.pk).update(provider=provider)
    starts = timezone.now().replace(microsecond=0) + timedelta(days=3)
    Event.objects.update(starts_at=starts, ends_at=starts + timedelta(hours=2), time_zone="Asia/Tokyo")
    picture = ContentFile(portrait(PEOPLE[1].face), name="picture.webp")
    event = Event.objects.get()
    services.set_event_picture(actor=organizer, event=event, picture=picture)
    page = html(sign_in(RegistrationFactory(event=event).user).get(act("stage", stage)))
    poster = page[page.index('<div class="poster" id="poster">') : page.index("</main>")]
    assert f'<img src="{event.picture.url}" alt="">' in poster
    assert "Main Stage" in poster
    assert event.name in poster
    when = starts.astimezone(ZoneInfo("Asia/Tokyo"))
    assert f'<time datetime="{when.isoformat()}" data-when-start>' in poster
    if provider == "hopin":
        assert "The show has not started yet" in poster
        for is_of_a_show in ('id="live" hidden', 'id="watching" hidden', 'id="interlude" hidden'):
            assert is_of_a_show in page
    else:
        assert "There is no video here yet." in poster


def test_the_page_has_the_stages_of_its_event_and_the_chat(stage: Stage, sign_in: SignIn) -> None:
    side = StageFactory(event=stage.event, name="Side", position=1)
    StageFactory(event=stage.event, name="Put away", archived_at=timezone.now())
    elsewhere = StageFactory(name="Of another event")
    page = html(sign_in(RegistrationFactory(event=stage.event).user).get(act("stage", stage)))
    listed = page.partition('aria-label="Stages"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]*)"', listed) == [act("stage", each) for each in (stage, side)]
    current = listed[: listed.index("</a>")]
    assert 'aria-current="page"' in current
    assert "Main Stage" in current
    assert "Put away" not in page
    assert elsewhere.name not in page
    assert 'id="player"' in page
    assert 'class="stage__chat' in page


def test_our_own_stage_frames_nothing(stage: Stage, sign_in: SignIn) -> None:
    page = sign_in(RegistrationFactory(event=stage.event).user).get(act("stage", stage))
    assert frames(page) == {}
    assert frame_policy(page) is None


@pytest.mark.parametrize("address", ["", "https://evil.example/", "javascript:alert(1)"])
def test_what_is_kept_and_not_recognised_is_no_frame(stage: Stage, sign_in: SignIn, address: str) -> None:
    Stage.objects.filter(pk=stage.pk).update(provider="youtube", video_address=address)
    page = sign_in(RegistrationFactory(event=stage.event).user).get(act("stage", stage))
    assert page.status_code == 200
    assert frames(page) == {}
    assert frame_policy(page) is None
    assert "There is no video here yet." in html(page)


def test_whoever_is_not_let_in_gets_no_address(stage: Stage, client: Client, sign_in: SignIn) -> None:
    Stage.objects.filter(pk=stage.pk).update(provider="youtube", video_address=VIDEO)
    blocked = RegistrationFactory(event=stage.event).user
    BlockFactory(event=stage.event, user=blocked)
    for browser in (client, sign_in(UserFactory()), sign_in(blocked)):
        page = browser.get(act("stage", stage))
        assert page.status_code in (302, 403)
        assert "youtube" not in html(page)
    Stage.objects.filter(pk=stage.pk).update(archived_at=timezone.now())
    assert sign_in(RegistrationFactory(event=stage.event).user).get(act("stage", stage)).status_code == 404
    Stage.objects.filter(pk=stage.pk).update(archived_at=None)
    assert sign_in(RegistrationFactory(event=stage.event).user).get(act("stage", stage)).status_code == 200
    Event.objects.filter(pk=stage.event_id).update(archived_at=timezone.now())
    assert sign_in(RegistrationFactory(event=stage.event).user).get(act("stage", stage)).status_code == 404
    other = EventFactory()
    address = reverse("backstage:stage", args=[other.slug, stage.pk])
    assert sign_in(RegistrationFactory(event=other).user).get(address).status_code == 404
