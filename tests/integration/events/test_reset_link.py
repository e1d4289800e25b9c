"""Reset link on the Stage tab: who may, what it does, and what is shown afterwards."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from backstage import selectors, services
from backstage.actions import Action
from backstage.models import BackstageSession
from events.models import Stage, User
from moderation.models import AuditEntry
from tests.factories import EventFactory, RegistrationFactory, StageFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def session() -> BackstageSession:
    return services.backstage_of(StageFactory(event=EventFactory(organizers=[UserFactory()])))


@pytest.fixture
def organizer(session: BackstageSession, client: Client) -> Client:
    client.force_login(session.stage.event.organizers.get())
    return client


@pytest.fixture
def sam(session: BackstageSession) -> User:
    return RegistrationFactory(event=session.stage.event).user


def address(stage: Stage) -> str:
    return reverse("backstage:reset_link", args=[stage.event.slug, stage.id])


def text(page: object) -> str:
    return page.content.decode()  # type: ignore[attr-defined]


@pytest.fixture
def on_screen(session: BackstageSession, sam: User) -> str:
    """Sam is on screen; the link that he came by."""
    participant = services.enter(session=session, actor=sam, link_token=session.link_token)
    services.put_on_screen(participant=participant, microphone=True, camera=True)
    return session.link_token


def test_keeping_those_inside_is_the_default(
    session: BackstageSession, organizer: Client, sam: User, on_screen: str
) -> None:
    page = organizer.post(address(session.stage), follow=True)
    session.refresh_from_db()
    assert session.link_token != on_screen
    assert f"/backstage/{session.link_token}/" in text(page)
    assert on_screen not in text(page)
    assert "has a new link. Whoever is inside stays." in text(page)
    assert session.slots.count() == 1
    assert selectors.by_link(on_screen, sam) == session, "a reload"
    assert selectors.by_link(on_screen, UserFactory()) is None
    services.leave(participant_id=session.participants.get().pk)
    assert selectors.by_link(on_screen, sam) is None
    entry = AuditEntry.objects.get(action=Action.LINK_RESET)
    assert entry.actor == session.stage.event.organizers.get()


def test_everybody_comes_in_again(
    session: BackstageSession, organizer: Client, sam: User, on_screen: str
) -> None:
    page = organizer.post(address(session.stage), {"inside": "again"}, follow=True)
    assert "has a new link. Everybody comes in again by it." in text(page)
    assert session.slots.count() == 0
    assert session.participants.filter(left_at__isnull=True).count() == 0
    assert selectors.by_link(on_screen, sam) is None


def test_it_asks_first_and_says_what_it_will_do(
    session: BackstageSession, organizer: Client, on_screen: str
) -> None:
    for page in (
        organizer.get(address(session.stage)),
        organizer.get(reverse("backstage:stage_tab", args=[session.stage.event.slug])),
    ):
        assert "1 person is inside now" in text(page)
        assert 'value="keep" checked' in " ".join(text(page).split())
        assert "on air" not in text(page).lower().replace("off air", "").replace("go on air", "")
    services.start_broadcast(actor=_organizer_inside(session))
    assert "You are on air: the audience will see everybody leave" in text(
        organizer.get(address(session.stage))
    )
    session.refresh_from_db()
    assert session.link_token == on_screen, "asking changes nothing"


def _organizer_inside(session: BackstageSession) -> object:
    return services.enter(
        session=session, actor=session.stage.event.organizers.get(), link_token=session.link_token
    )


@pytest.mark.parametrize("ask", [Client.get, Client.post])
def test_nobody_else_can(
    session: BackstageSession, client: Client, sam: User, ask: Callable[..., object]
) -> None:
    before = session.link_token
    assert ask(client, address(session.stage)).status_code == 302, "to the sign-in page"  # type: ignore[attr-defined]
    client.force_login(sam)
    assert ask(client, address(session.stage)).status_code == 404  # type: ignore[attr-defined]
    session.refresh_from_db()
    assert session.link_token == before


def test_a_stage_without_a_backstage_has_no_link_to_reset(
    session: BackstageSession, organizer: Client
) -> None:
    other = StageFactory(event=session.stage.event, provider=Stage.Provider.choices[-1][0])
    assert other.provider != Stage.Provider.HOPIN
    assert organizer.post(address(other)).status_code == 404
