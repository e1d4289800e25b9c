"""A page asks the database as often for many rows as for a few; and each list there is was looked at with both."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.template.defaulttags import ForNode
from django.template.loader import get_template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import PASSWORD
from tests.integration.access import matrix
from tests.integration.access.filling import fill
from tests.integration.access.house import House
from tests.sources import PROJECT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_without_collectstatic")]

#: Who has lists of their own, or other pages of the same address.
ROLES = ("visitor", "registered", "member", "organizer", "owner")
#: Besides the address as it is.
ASKED_WITH = {
    "events:people": [
        "only=came",
        "only=not_came",
        "only=blocked",
        "only=organizers",
        "sort=came",
        "search=person",
        "member=person",
    ],
    "events:members": ["search=person"],
    "moderation:activity": ["action=muted", "person=person"],
}
#: The API's lists have a test of their own (api/test_access.py); photos are files; the last is for machines.
NO_PAGES = ("api:", "media/", "healthz")
#: Shown to whoever has just typed their password; others are sent to do so.
BEHIND_A_PASSWORD = "events:delete_account"
TEMPLATES = PROJECT / "templates"
#: Admin pages have a test of their own (moderation/admin/test_pages.py); letters are written to one person each.
ELSEWHERE = ("admin/", "events/email/", "account/email/")
#: Loops that are no lists of rows, by template and what they go through.
NO_ROWS = {
    ("backstage/room.html", '"12345"'): "the places on screen",
    ("backstage/stage.html", '"12345"'): "the places on screen",
    ("backstage/includes/audience.html", '"12345"'): "the places on screen",
    ("events/includes/add_organizer.html", "kept"): "what stands in the address",
    ("events/members_confirm.html", "hidden.items"): "what was typed before it is asked",
    ("events/people.html", "table.columns"): "of every table the same",
    ("includes/field.html", "field.errors"): "of one form",
    ("includes/form_fields.html", "form.hidden_fields"): "of one form",
    ("includes/form_fields.html", "form.non_field_errors"): "of one form",
    ("includes/form_fields.html", "form.visible_fields"): "of one form",
    ("includes/messages.html", "messages"): "what was just done",
    ("moderation/activity.html", "actions"): "all that there are",
}

#: A loop of a template: where it stands, and what it goes through.
Loop = tuple[str, str]


@dataclass(frozen=True)
class Cost:
    queries: int
    rows: Counter[Loop] = field(default_factory=Counter)
    """That each of the page's loops went through, all together."""


def test_many_rows_cost_what_a_few_cost(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every page that somebody gets by its address, out of pages.txt; a new one is there without being told."""
    rows = counted_rows(monkeypatch)
    visits = [(role, address) for role in ROLES for address in addresses(house, role)]
    fill(house, 2)
    few = {visit: cost_of(house, *visit, rows) for visit in visits}
    fill(house, 4)
    many = {visit: cost_of(house, *visit, rows) for visit in visits}
    grown = {
        key: (cost.queries, many[key].queries)
        for key, cost in few.items()
        if cost.queries != many[key].queries
    }
    assert grown == {}
    assert len(few) > 120
    before, after = (sum((cost.rows for cost in each.values()), Counter()) for each in (few, many))
    short = {loop for loop in loops() if after[loop] <= before[loop]}
    assert short == NO_ROWS.keys(), "lists that no page showed with more rows, or that are none"


def addresses(house: House, role: str) -> Iterator[str]:
    for (method, name), outcomes in matrix.rows("pages.txt").items():
        is_shown = outcomes[role] == "yes" or (name == BEHIND_A_PASSWORD and role != "visitor")
        if method == "GET" and is_shown and not name.startswith(NO_PAGES):
            address = matrix.address_of(house, name)
            yield address
            yield from (f"{address}?{query}" for query in ASKED_WITH.get(name, []))


def cost_of(house: House, role: str, address: str, rows: Counter[Loop]) -> Cost:
    """The second time: the first makes what is made once. By a browser of its own: some pages sign one out."""
    for _ in range(2):
        client = Client()
        if person := house.people[role]:
            client.force_login(person)
        if address == reverse(BEHIND_A_PASSWORD):
            client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        rows.clear()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
            if answer.streaming:
                async_to_sync(read)(answer)
        assert answer.status_code == 200, (role, address)
    return Cost(len(asked), Counter(rows))


async def read(answer: Any) -> None:
    """An export is written while it is read."""
    async for _part in answer.streaming_content:
        pass


def counted_rows(monkeypatch: pytest.MonkeyPatch) -> Counter[Loop]:
    """How many rows each loop of our templates goes through, from now on."""
    rows = Counter[Loop]()

    class Counted:
        def __init__(self, node: ForNode) -> None:
            self.node = node
            self.expression = node.__dict__["sequence"]

        def resolve(self, *arguments: Any, **options: Any) -> Any:
            found = self.expression.resolve(*arguments, **options)
            found = found if hasattr(found, "__len__") else list(found or [])
            rows[loop_of(self.node)] += len(found)
            return found

    # In front of what each loop has of its own, of templates that are parsed already too.
    monkeypatch.setattr(
        ForNode,
        "sequence",
        property(Counted, lambda node, expression: node.__dict__.update(sequence=expression)),
        raising=False,
    )
    return rows


def loops() -> set[Loop]:
    """All that stand in the templates of pages."""
    names = [path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")]
    return {
        loop_of(node)
        for name in names
        if not name.startswith(ELSEWHERE)
        for node in get_template(name).template.nodelist.get_nodes_by_type(ForNode)
        if loop_of(node)[0] == name
    }


def loop_of(node: ForNode) -> Loop:
    return node.origin.template_name, node.__dict__["sequence"].token
