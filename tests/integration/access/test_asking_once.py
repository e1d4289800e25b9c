"""Whatever ends something for somebody asks once, naming what it will do, or can be undone."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import PASSWORD
from tests.integration.access import matrix
from tests.integration.access.house import House

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_without_collectstatic")]

#: By route: who may, and what the question names. It is asked where the deed is done, by GET.
ASKS: dict[str, tuple[str, Callable[[House], str]]] = {
    "backstage:archive_stage": ("owner", lambda house: house.stage.name),
    "backstage:reset_link": ("owner", lambda house: house.stage.name),
    "events:archive": ("owner", lambda house: house.event.name),
    "events:block": ("owner", lambda house: house.person("registered").display_name),
    "events:delete_account": ("registered", lambda house: house.person("registered").email),
    "events:make_organizer": ("owner", lambda house: house.person("registered").display_name),
    "events:remove_member": ("owner", lambda house: house.person("member").display_name),
    "events:remove_speaker": ("owner", lambda house: "Grace"),
    "events:take_organizer_back": ("owner", lambda house: house.person("registered").display_name),
    "events:unblock": ("owner", lambda house: house.person("registered").display_name),
    "events:unpublish": ("owner", lambda house: house.event.name),
    "events:unregister": ("registered", lambda house: house.event.name),
    "revoke_token": ("registered", lambda house: "A program"),
}
#: By route: how one takes it back. Nothing is lost, or it is asked on the page itself.
UNDONE = {
    "backstage:add_stage": "Archive",
    "backstage:move_stage": "the other way",
    "backstage:rename_stage": "rename",
    "backstage:restore_stage": "Archive",
    "backstage:set_delay": "choose again",
    "backstage:set_provider": "choose again: its link and broadcasts stay",
    "chat:unmute": "mute in the chat",
    "events:add_organizer": "Take organizer back",
    "events:add_speaker": "Remove",
    "events:change_role": "choose again; stepping down asks",
    "events:create_event": "Archive",
    "events:create_organization": "nobody else sees it",
    "events:duplicate": "Archive",
    "events:edit_speaker": "edit again",
    "events:help_opened": "nothing is done",
    "events:invitation": "leave again",
    "events:members": "Withdraw",
    "events:move_speaker": "the other way",
    "events:profile": "edit again",
    "events:publish": "Unpublish",
    "events:register": "unregister",
    "events:rename_organization": "rename",
    "events:resend_invitation": "Withdraw",
    "events:restore": "Archive",
    "events:settings": "edit again",
    "events:withdraw_invitation": "invite again",
    "moderation:webhook": "Resume; Delete asks where it stands",
    "moderation:webhooks": "Delete",
    "tokens": "Revoke",
}


def test_of_every_deed_of_the_pages_it_is_written_down_whether_it_asks_or_how_it_is_undone() -> None:
    """Those of the API are by programs."""
    deeds = {name for method, name in matrix.rows("pages.txt") if method == "POST"}
    assert {name for name in deeds if not name.startswith("api:")} == ASKS.keys() | UNDONE.keys()


@pytest.mark.parametrize("route", ASKS)
def test_the_question_names_what_will_be_done_and_does_nothing(
    house: House, client: Client, route: str
) -> None:
    role, named = ASKS[route]
    client.force_login(house.person(role))
    if route in ("events:take_organizer_back", "events:unblock"):
        house.event.organizers.add(house.person("registered"))
    # Before an account goes, its password is asked for.
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(matrix.address_of(house, route))
    assert answer.status_code == 200
    question = re.search(r"<(?:main|dialog)\b.*</(?:main|dialog)>", answer.content.decode(), re.DOTALL)
    assert question
    form = re.search(r'<form[^>]*method="post".*?</form>', question[0], re.DOTALL)
    assert form
    assert named(house) in re.sub(r"<[^>]*>", " ", question[0])
    written = [query["sql"] for query in asked if re.match(r"INSERT|UPDATE|DELETE", query["sql"])]
    assert written == []
