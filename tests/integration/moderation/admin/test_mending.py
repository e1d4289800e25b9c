"""Support mends a show through services, is named, and may be allowed to look alone."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import BackstageSession, Slot
from events.admin import offers
from events.models import Block
from hopin_backstage.realtime import Refused
from moderation import services as moderation
from moderation.models import AuditEntry
from tests.factories import BlockFactory, EventFactory, RegistrationFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.moderation.admin.rows import a_row_of_everything, pages, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_without_collectstatic")]


def test_whoever_may_look_may_not_mend(sign_in: SignIn) -> None:
    a_row_of_everything()
    session = BackstageSession.objects.get()
    _user, client = staff(
        sign_in, "backstage.view_backstagesession", "backstage.view_slot", "events.view_block"
    )
    page = client.get(offers.page_of(session)).content.decode()
    assert "End the broadcast" not in page
    assert "Timeline" not in page
    for path in list(pages(session))[-5:]:
        assert client.post(path).status_code == 403, path
    assert session.broadcasts.get().stopped_at is None
    assert session.slots.exists()


@pytest.mark.parametrize(
    ("act", "choice", "action"),
    [
        ("stop", "", Action.BROADCAST_STOPPED),
        ("cut", "", Action.CUT),
        ("reset-link", "again", Action.LINK_RESET),
        ("reset-link", "stay", Action.LINK_RESET),
    ],
)
def test_support_mends_a_show_and_is_named(sign_in: SignIn, act: str, choice: str, action: Action) -> None:
    a_row_of_everything()
    session = BackstageSession.objects.get()
    user, client = staff(sign_in, "backstage.view_backstagesession", "backstage.mend_show")
    path = reverse("admin:backstage_backstagesession_act", args=[session.pk, act])
    asked = client.get(path).content.decode()
    assert session.stage.event.name in asked
    assert "names you" in asked
    assert not AuditEntry.objects.filter(action=action).exists(), "looking at the question does nothing"
    done = client.post(path, {"choice": choice}, follow=True)
    assert done.redirect_chain == [(offers.page_of(session), 302)]
    entry = AuditEntry.objects.get(action=action)
    assert (entry.actor, entry.backstage_session_id) == (user, session.pk)
    fresh = BackstageSession.objects.get()
    assert (fresh.link_token != session.link_token) == (act == "reset-link")
    assert fresh.participants.filter(left_at__isnull=True).exists() == (choice != "again")
    broadcast = fresh.broadcasts.get()
    assert (broadcast.stopped_by == user) == (act in {"stop", "cut"})
    assert (broadcast.cut_by == user) == (act == "cut")
    again = client.post(path, {"choice": choice}, follow=True).content.decode()
    if act == "stop":
        assert "not being broadcast" in again
    if act == "cut":
        assert "off air already" in again


@pytest.mark.parametrize("staff_member", [False, True])
def test_the_services_themselves_refuse_whoever_may_not_mend(staff_member: bool) -> None:
    """Staff without the right, and whoever has the right and is no staff."""
    a_row_of_everything()
    session, slot = BackstageSession.objects.get(), Slot.objects.get()
    user = UserFactory(is_staff=staff_member)
    if not staff_member:
        user.user_permissions.add(Permission.objects.get(codename="mend_show"))
    for mend in (
        lambda: moderation.empty_tile(actor=user, slot_id=slot.pk),
        lambda: backstage.mend_by_stopping(actor=user, session_id=session.pk),
        lambda: backstage.mend_by_cutting(actor=user, session_id=session.pk),
        lambda: backstage.reset_link(actor=user, stage=session.stage, everybody_again=True),
    ):
        with pytest.raises(Refused) as refused:
            mend()
        assert refused.value.code == "forbidden"
    assert Slot.objects.exists()
    assert session.broadcasts.get().stopped_at is None


def test_a_choice_that_is_none_does_nothing(sign_in: SignIn) -> None:
    a_row_of_everything()
    session = BackstageSession.objects.get()
    _user, client = staff(sign_in, "backstage.view_backstagesession", "backstage.mend_show")
    path = reverse("admin:backstage_backstagesession_act", args=[session.pk, "reset-link"])
    client.post(path, {"choice": "everything"})
    assert BackstageSession.objects.get().link_token == session.link_token


@pytest.mark.parametrize("kind", [Slot.Kind.CAMERA, Slot.Kind.SCREEN])
def test_support_empties_a_tile(sign_in: SignIn, kind: Slot.Kind) -> None:
    a_row_of_everything()
    Slot.objects.update(kind=kind)
    slot = Slot.objects.get()
    user, client = staff(sign_in, "backstage.view_slot", "backstage.mend_show")
    path = reverse("admin:backstage_slot_act", args=[slot.pk, "empty"])
    assert str(slot.participant.user) in client.get(path).content.decode()
    assert Slot.objects.exists()
    assert client.post(path).status_code == 302
    assert not Slot.objects.exists()
    entry = AuditEntry.objects.get(action__in=[Action.REMOVED, Action.SCREEN_REMOVED])
    assert (entry.actor, entry.target, entry.detail) == (user, slot.participant.user, "support")
    assert entry.action == (Action.SCREEN_REMOVED if kind == Slot.Kind.SCREEN else Action.REMOVED)
    assert client.post(path).status_code == 404


def test_unblocking_asks_once_from_the_page_and_from_the_list(sign_in: SignIn) -> None:
    a_row_of_everything()
    a_row_of_everything()
    session = BackstageSession.objects.first()
    event = session.stage.event
    user, client = staff(sign_in, "events.view_block", "events.delete_block")
    block = event.blocks.get()
    path = reverse("admin:events_block_act", args=[block.pk, "unblock"])
    assert str(block.user) in client.get(path).content.decode()
    assert client.post(path).headers["Location"] == reverse("admin:events_block_changelist")
    assert not event.blocks.exists()
    assert AuditEntry.objects.get(action=Action.UNBLOCKED).actor == user


def test_of_many_who_are_unblocked_those_without_a_place_stay_so_and_it_is_said(sign_in: SignIn) -> None:
    full, free = EventFactory(capacity=1), EventFactory(capacity=1)
    for event in (full, free):
        BlockFactory(event=event, user=RegistrationFactory(event=event).user)
    RegistrationFactory(event=full)
    user, client = staff(sign_in, "events.view_block", "events.delete_block")
    chosen = list(Block.objects.order_by("event").values_list("pk", flat=True))
    done = client.post(
        reverse("admin:events_block_changelist"),
        {"action": "unblock", "_selected_action": chosen, "confirmed": "1"},
        follow=True,
    ).content.decode()
    assert "All places are taken" in done
    assert f"{AuditEntry.objects.get(action=Action.UNBLOCKED).target} may come in again." in done
    assert (full.blocks.count(), free.blocks.count()) == (1, 0)
    assert AuditEntry.objects.get(action=Action.UNBLOCKED).actor == user
