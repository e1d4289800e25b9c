"""A Backstage with fourteen people in it, whose pages run without their looks in a process of node (pages.js)."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hopin_backstage.run.process import tethered
from tests.servers.product import Product

ORGANIZERS = ("olivia", "omar")
GUESTS = tuple(f"guest{number}" for number in range(1, 13))
EVERYBODY = (*ORGANIZERS, *GUESTS)
PAGES = Path(__file__).with_name("pages.js")


@dataclass(frozen=True)
class Command:
    who: str
    socket: str
    type: str
    body: dict[str, Any]


class House:
    def __init__(self, product: Product, slug: str) -> None:
        self.product, self.slug = product, slug
        token, cookies, self.people = product.django(seed, slug)
        self._node = subprocess.Popen(
            tethered(
                [
                    *("node", "--no-warnings", "--experimental-websocket"),
                    *(str(PAGES), product.url, token, json.dumps(cookies)),
                ]
            ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _ask(self, do: str, **task: Any) -> Any:
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(json.dumps({"do": do, **task}) + "\n")
        self._node.stdin.flush()
        answer = self._node.stdout.readline()
        assert answer, "the pages' process has ended"
        return json.loads(answer)

    def open(self, who: str) -> str:
        """Empty once inside, or the code with which they were turned away."""
        answer = self._ask("open", who=who)
        return "" if answer["inside"] else answer["end"]

    def close_tab(self, who: str) -> None:
        self._ask("close", who=who)

    def drop_line(self, who: str) -> None:
        self._ask("drop", who=who)

    def lose_a_notice(self, who: str, socket: str) -> None:
        """The next numbered one."""
        self._ask("lose", who=who, socket=socket)

    def together(self, *commands: Command) -> list[str | None]:
        """All sent in the same moment: for each None, or the code with which it was refused."""
        return self._ask("together", commands=[vars(each) for each in commands])

    def open_pages(self) -> set[str]:
        return set(self._ask("open_pages"))

    def complaints(self) -> list[str]:
        return self._ask("complaints")

    def differences(self, within_ms: int = 1000) -> dict[str, Any]:
        """What open pages show otherwise than a page opened now would, by person."""
        truth = self.product.django(fresh_snapshots, self.slug)
        return self._ask("compare", truth=truth, within_ms=within_ms)

    def close(self) -> None:
        self._node.kill()
        self._node.communicate()


# --- In the product's process -----------------------------------------------------------------------------------
def seed(slug: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """The link's token, the session cookie of each person, and the participant of each, who is inside once."""
    from django.test import Client

    from backstage import services as backstage
    from events.models import User
    from tests.factories import EventFactory, OrganizationFactory, RegistrationFactory, StageFactory

    organization = OrganizationFactory(slug=f"house-{slug}")
    session = backstage.backstage_of(StageFactory(event=EventFactory(slug=slug, organization=organization)))
    event = session.stage.event
    cookies, people = {}, {}
    for who in EVERYBODY:
        user = User.objects.create_user(f"{who}@{slug}.example", display_name=who.title())
        RegistrationFactory(event=event, user=user)
        if who in ORGANIZERS:
            event.organizers.add(user)
        client = Client()
        client.force_login(user)
        cookies[who] = client.cookies["sessionid"].value
        people[who] = str(backstage.enter(session=session, actor=user, link_token=session.link_token).id)
    return session.link_token, cookies, people


def fresh_snapshots(slug: str) -> dict[str, dict[str, str]]:
    """The frames that everybody inside would be greeted with now."""
    from backstage import selectors as backstage
    from backstage.models import Participant
    from hopin_backstage.realtime.codec import encode_notice
    from moderation import selectors as moderation

    frames = {}
    inside = Participant.objects.filter(backstage_session__stage__event__slug=slug, left_at__isnull=True)
    for participant in inside.select_related("user"):
        frames[participant.user.email.split("@")[0]] = {
            "backstage": encode_notice(*backstage.numbered_snapshot(participant.id, 0)),
            "moderation": encode_notice(*moderation.snapshot(participant.id)),
        }
    return frames


@dataclass(frozen=True)
class Facts:
    """What the database says after a step."""

    revisions: tuple[int, int]
    waiting: dict[str, str]
    """The participant by request, in order."""
    on_screen: list[str]
    """Participants, by slot; one with camera and screen twice."""
    wrong: list[str]
    """Rules that are broken."""


def facts(slug: str) -> Facts:
    from backstage.models import BackstageSession, Participant
    from moderation.selectors import queue

    session = BackstageSession.objects.get(stage__event__slug=slug)
    slots = list(session.slots.select_related("participant"))
    waiting = queue(session)
    asking = {request.participant_id for request in waiting}
    wrong = [
        f"{person} is_asking={person.is_asking}, waiting={person.pk in asking}"
        for person in Participant.objects.filter(backstage_session=session)
        if person.is_asking != (person.pk in asking)
    ]
    for request in waiting:
        if request.participant.left_at is not None:
            wrong.append(f"{request} and has left")
        if request.participant_id in {slot.participant_id for slot in slots}:
            wrong.append(f"{request} and is on screen")
    return Facts(
        revisions=(session.revision, session.requests_revision),
        waiting={str(request.id): str(request.participant_id) for request in waiting},
        on_screen=[str(slot.participant_id) for slot in slots],
        wrong=wrong + wrong_places(slots),
    )


def wrong_places(slots: list[Any]) -> list[str]:
    wrong = []
    if len(slots) > 5:
        wrong.append(f"{len(slots)} on screen")
    if len({slot.index for slot in slots}) < len(slots):
        wrong.append("two in one place")
    cameras = [slot.participant_id for slot in slots if slot.kind == "camera" or slot.replaces_camera]
    screens = [slot.participant_id for slot in slots if slot.kind == "screen"]
    for kind, holders in (("cameras", cameras), ("screens", screens)):
        if len(set(holders)) < len(holders):
            wrong.append(f"two {kind} of one person")
    for slot in slots:
        if slot.participant.left_at is not None:
            wrong.append(f"{slot} has left")
        if slot.participant.muted and slot.microphone_on and (slot.kind == "camera" or slot.replaces_camera):
            wrong.append(f"{slot} is muted by an organizer and has the microphone on")
    return wrong


def recorded(slug: str) -> dict[str, int]:
    """The audit log of the event: how often each action."""
    from collections import Counter

    from moderation.models import AuditEntry

    return dict(Counter(AuditEntry.objects.filter(event__slug=slug).values_list("action", flat=True)))


def unblock(slug: str, who: str) -> None:
    from events import services
    from events.models import Event, User

    event = Event.objects.get(slug=slug)
    services.unblock(
        actor=User.objects.get(email=f"olivia@{slug}.example"),
        event=event,
        user=User.objects.get(email=f"{who}@{slug}.example"),
    )
