"""One evening in one order: what people did, beside what a real Janus saw of a peer that really connects."""

from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backstage import services
from backstage.actions import Action
from backstage.models import BackstageSession, MediaEvent, Movement, Participant
from moderation import audit, timeline
from moderation.models import AuditEntry
from moderation.timeline import Wanted
from tests.browser.scene import Scene, make_scene
from tests.factories import StageFactory, UserFactory
from tests.integration.backstage.support import LOOK, hire, rows_of, timeline_of, told
from tests.integration.backstage.test_enforced_mute import come_on_screen, me, mute, speak
from tests.integration.backstage.test_entrances import come_in
from tests.integration.browsers import SignIn, windowless
from tests.janus.waiting import eventually
from tests.servers.product import Product

pytestmark = pytest.mark.usefixtures("pages_without_collectstatic")
numbers = count(1)


@pytest.mark.janus
@pytest.mark.timeout(480)
async def test_a_show_stands_in_its_timeline_in_order(product: Product, doors: AsyncExitStack) -> None:
    scene: Scene = make_scene(product, f"timeline-{next(numbers)}", delay_s=10)

    def kinds(person: str) -> list[str]:
        return [kind for kind, whose in product.django(told, scene.token) if whose == person]

    async def shows(kind: str, person: str = "Sam Barnes") -> None:
        try:
            await eventually(lambda: kind in kinds(person), 20)
        except AssertionError:
            raise AssertionError(f"no {kind}: {product.django(told, scene.token, '')}") from None

    olivia, sam, _onlooker = await come_on_screen(doors, product, scene)
    await speak(doors, sam["media"])
    await shows("first_frame")
    await shows("published")
    who = await me(sam)
    await mute(olivia, who, muted=True)
    await shows("held_back")
    await olivia["backstage"].ok("broadcast.start")
    await shows("forwarded")
    await sam["backstage"].close()
    await shows("away")
    again = await come_in(doors, product, scene, "sam", "backstage")
    await shows("back")
    await olivia["backstage"].ok("broadcast.cut")
    await olivia["moderation"].ok("screen.remove", participant=who, screen=False)
    await shows("unpublished")
    await again["backstage"].ok("backstage.leave")
    await shows("left")

    of_sam = kinds("Sam Barnes")
    for earlier, later in pairwise(
        [
            "came_in",
            "asked",
            "accepted",
            "connected",
            "first_frame",
            "muted",
            "held_back",
            "forwarded",
            "away",
        ]
    ):
        assert of_sam.index(earlier) < of_sam.index(later), (earlier, later, of_sam)
    for earlier, later in pairwise(["away", "back", "removed", "unpublished"]):
        assert of_sam.index(earlier) < of_sam.index(later), (earlier, later, of_sam)
    assert of_sam[-1] == "left" or "left" in of_sam[-3:]
    assert [kind for kind in kinds("Olivia Marsh") if kind in {"broadcast_started", "cut"}] == [
        "broadcast_started",
        "cut",
    ]
    assert "room_made" in kinds("")

    support = await doors.enter_async_context(windowless(product, product.django(hire, "Support", *LOOK)))
    page = await support.read(product.django(timeline_of, scene.token))
    # In its table: the filter has all words there are.
    assert 'data-kind="first_frame"' in page
    assert scene.token not in page
    servers = await support.read(reverse("admin:backstage_media_servers"))
    assert "The stagehand is connected to it." in servers
    assert "Product Day 2026" in servers
    assert product.env["JANUS_API_SECRET"] not in servers


# --- Without Janus: order, filters, pages ----------------------------
T0 = timezone.now().replace(microsecond=0)


@pytest.fixture
def session(db: None) -> BackstageSession:
    return services.backstage_of(StageFactory(event__time_zone="Asia/Tokyo"))


def person(session: BackstageSession, name: str) -> Participant:
    return Participant.objects.create(
        backstage_session=session, user=UserFactory(display_name=name), left_at=None
    )


def moved(who: Participant, kind: Movement.Kind, ms: int) -> None:
    Movement.objects.create(
        backstage_session=who.backstage_session,
        participant=who,
        kind=kind,
        at=T0 + timedelta(milliseconds=ms),
    )


def saw(session: BackstageSession, kind: MediaEvent.Kind, ms: int, who: Participant | None = None) -> None:
    MediaEvent.objects.create(
        backstage_session=session, participant=who, kind=kind, at=T0 + timedelta(milliseconds=ms)
    )


def shown(session: BackstageSession, size: int = 100, **wanted: Any) -> list[str]:
    return [str(entry.kind) for entry in timeline.page(session, Wanted(**wanted), size).entries]


def test_filters_by_person_and_kind(session: BackstageSession) -> None:
    sam, rosa = person(session, "Sam"), person(session, "Rosa")
    moved(sam, Movement.Kind.CAME_IN, 0)
    moved(rosa, Movement.Kind.CAME_IN, 1)
    saw(session, MediaEvent.Kind.FIRST_FRAME, 2, sam)
    saw(session, MediaEvent.Kind.SERVER_AWAY, 3)
    audit.record(action=Action.MUTED, actor=rosa.user, session=session, target=sam.user)
    other = services.backstage_of(StageFactory())
    moved(person(other, "Sam"), Movement.Kind.LEFT, 0)
    assert shown(session) == ["came_in", "came_in", "first_frame", "server_away", "muted"]
    assert shown(session, person=sam.user_id) == ["came_in", "first_frame", "muted"]
    assert shown(session, person=rosa.user_id) == ["came_in", "muted"]
    assert shown(session, kind="media") == ["first_frame", "server_away"]
    assert shown(session, kind="media:first_frame") == ["first_frame"]
    assert shown(session, kind="action:muted", person=rosa.user_id) == ["muted"]
    assert shown(session, kind="show") == []


def test_every_entry_is_on_one_page_though_many_share_a_moment(session: BackstageSession) -> None:
    """A house that vanishes is one moment; pages that end in it must neither lose nor repeat."""
    crowd = [person(session, f"Person {number}") for number in range(7)]
    for number, each in enumerate(crowd):
        moved(each, Movement.Kind.CAME_IN, number)
        moved(each, Movement.Kind.AWAY, 100)
    seen: list[tuple[str, str]] = []
    wanted: Wanted | None = Wanted()
    pages = 0
    while wanted is not None:
        page = timeline.page(session, wanted, 3)
        seen = [(str(entry.kind), entry.person) for entry in page.entries] + seen
        wanted, pages = page.earlier, pages + 1
        assert pages <= 5, "the same is shown again and again"
    assert pages == 5
    assert len(seen) == len(set(seen)) == 14
    assert [kind for kind, _who in seen] == ["came_in"] * 7 + ["away"] * 7


def test_a_page_asks_as_often_for_many_as_for_few(
    session: BackstageSession, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(UserFactory(is_staff=True, is_superuser=True))
    path = reverse("admin:moderation_timeline", args=[session.pk])

    def happen(times: int) -> None:
        for number in range(times):
            who = person(session, f"Person {number}")
            moved(who, Movement.Kind.CAME_IN, number)
            saw(session, MediaEvent.Kind.CONNECTED, number, who)
            audit.record(action=Action.MUTED, actor=UserFactory(), session=session, target=who.user)

    happen(3)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    happen(27)
    with django_assert_num_queries(len(few)):
        client.get(path)


#: As support reads them, in the order in which they happen.
WORDS = [
    "Came in",
    "Asked to share",
    "Put on screen",
    "Connected",
    "First frame",
    "Muted",
    "Lost the connection",
    "Is back",
    "Forwarded to the Stage",
    "Removed from the screen",
    "Broadcast",
    "Cut now",
]


def test_the_page_says_in_words_what_happened_in_its_order(
    session: BackstageSession, sign_in: SignIn
) -> None:
    sam, olivia = person(session, "Sam"), UserFactory(display_name="Olivia")
    happened = [
        Movement.Kind.CAME_IN,
        Action.ASKED,
        Action.ACCEPTED,
        MediaEvent.Kind.CONNECTED,
        MediaEvent.Kind.FIRST_FRAME,
        Action.MUTED,
        Movement.Kind.AWAY,
        Movement.Kind.BACK,
        MediaEvent.Kind.FORWARDED,
        Action.REMOVED,
        Action.BROADCAST_STARTED,
        Action.CUT,
    ]
    for ms, kind in enumerate(happened):
        if isinstance(kind, Movement.Kind):
            moved(sam, kind, ms)
        elif isinstance(kind, MediaEvent.Kind):
            saw(session, kind, ms, sam)
        else:
            AuditEntry.objects.create(
                backstage_session=session,
                event=session.stage.event,
                action=kind,
                at=T0 + timedelta(milliseconds=ms),
                actor=olivia,
                actor_name="Olivia",
                target=sam.user,
                target_name="Sam",
            )
    client = sign_in(UserFactory(is_staff=True, is_superuser=True))
    page = client.get(reverse("admin:moderation_timeline", args=[session.pk])).content.decode()
    said = rows_of(page)
    assert len(said) == len(WORDS)
    for row, word in zip(said, WORDS, strict=True):
        assert f" {word} Sam" in row, (word, said)
    assert "Muted Sam Olivia" in said[WORDS.index("Muted")], "and by whom"


def test_times_are_to_the_millisecond_in_the_events_zone(session: BackstageSession, sign_in: SignIn) -> None:
    sam = person(session, "Sam <b>Barnes</b>")
    Movement.objects.create(
        backstage_session=session,
        participant=sam,
        kind=Movement.Kind.CAME_IN,
        at=datetime.fromisoformat("2026-11-25T20:00:00.123456+00:00"),
    )
    client: Client = sign_in(UserFactory(is_staff=True, is_superuser=True))
    path = reverse("admin:moderation_timeline", args=[session.pk])
    page = client.get(path).content.decode()
    assert "05:00:00.123" in page
    assert "2026-11-26" in page
    assert "Asia/Tokyo" in page
    assert "<b>Barnes" not in page
    for nonsense in (
        "?person=x&kind=y&until=z&skip=-1",
        "?until=2026-13-45T99:00:00Z",
        "?person=99999999999",
    ):
        assert client.get(path + nonsense).status_code == 200
    filtered = client.get(path, {"kind": "media"}).content.decode()
    assert "Nothing here matches the filter." in filtered
    assert "05:00:00.123" not in filtered
