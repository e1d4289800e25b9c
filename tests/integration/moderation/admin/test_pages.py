"""Support finds every row, from every other, at the same price for many as for a few."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import SET_NULL, ForeignKey, Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backstage.models import BackstageSession, Participant
from chat.models import Mention, ReadMark
from events.admin import offers
from events.models import Invitation, Speaker, SpeakerLink, User
from hopin_backstage.rest.models import ApiToken, KeptAnswer
from moderation.models import Webhook
from tests.integration.moderation.admin.rows import a_row_of_everything, pages, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_without_collectstatic")]
OURS = {"events", "backstage", "moderation", "chat", "hopin_backstage"}
#: What support does not look up, and why.
UNSEEN = {
    # How far somebody has read is nobody else's business.
    ReadMark,
    # Copies of answers, for a day: what was done stands in the rows themselves and in the audit log.
    KeptAnswer,
}


def test_every_model_is_on_a_page_of_support() -> None:
    inlines = {inline.model for each in admin.site._registry.values() for inline in each.inlines}  # noqa: SLF001
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in OURS]
    assert len(ours) > 20
    assert {model for model in ours if model not in inlines and not admin.site.is_registered(model)} == UNSEEN


def test_every_list_is_searched_and_filtered() -> None:
    for model in shown():
        looked_up = admin.site.get_model_admin(model)
        assert looked_up.search_fields, model
        assert looked_up.list_filter, model


def test_accounts_alone_are_made_and_changed_here_and_nothing_is_deleted(support: Client) -> None:
    """A row that is changed here would be a lie. Not even a superuser is let."""
    a_row_of_everything()
    for model in shown():
        row = model._default_manager.first()
        meta = model._meta
        add = reverse(f"admin:{meta.app_label}_{meta.model_name}_add")
        delete = reverse(f"admin:{meta.app_label}_{meta.model_name}_delete", args=[row.pk])
        assert support.post(delete, {"post": "yes"}).status_code == 403, model
        assert "delete_selected" not in support.get(offers.list_of(model)).content.decode(), model
        may_edit = model is User
        assert support.get(add).status_code == (200 if may_edit else 403), model
        # An account that is posted without its fields is asked for them.
        assert support.post(offers.page_of(row), {}).status_code == (200 if may_edit else 403), model
        if model is not ApiToken:
            assert ('name="_save"' in support.get(offers.page_of(row)).content.decode()) == may_edit, model
        assert model._default_manager.filter(pk=row.pk).exists(), model


def keys_of(model: type[Model]) -> list[ForeignKey[Any, Any]]:
    """To rows that support can open."""
    keys = [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    return [key for key in keys if admin.site.is_registered(key.related_model)]


def test_every_row_leads_to_what_it_belongs_to_and_back(support: Client) -> None:
    """By each of its keys. Who did something to it is led to; what a person did stands in the audit log."""
    a_row_of_everything()
    followed = set()
    for model in shown():
        for key in keys_of(model):
            row = model._default_manager.filter(**{f"{key.name}__isnull": False}).first()
            if row is None:
                continue
            owner = getattr(row, key.name)
            # Of a token there is no page.
            path = offers.list_of(model) if model is ApiToken else offers.page_of(row)
            assert f'href="{offers.page_of(owner)}"' in support.get(path).content.decode(), key
            followed.add(key)
            if key.remote_field.on_delete is SET_NULL:
                continue
            back = f"{offers.list_of(model)}?{key.name}__id__exact={owner.pk}"
            found = support.get(offers.page_of(owner)).context_data["see_also"]
            assert back in [link.path for link in found], key
    assert len(followed) > 40


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200, path
    return len(asked)


def test_a_list_of_thirty_asks_as_often_as_a_list_of_three(support: Client) -> None:
    for _ in range(3):
        a_row_of_everything()
    paths = {model: offers.list_of(model) for model in shown()}
    few = {model: queries(support, path) for model, path in paths.items()}
    for _ in range(27):
        a_row_of_everything()
    many = {model: queries(support, path) for model, path in paths.items()}
    assert many == few
    for model, path in paths.items():
        page = support.get(path).content.decode()
        least = min(30, model._default_manager.count())
        assert page.count('<th class="field-') + page.count('<td class="field-') >= least, (model, "is empty")


def test_every_row_opens_and_leads_to_what_belongs_to_it(support: Client) -> None:
    for _ in range(2):
        a_row_of_everything()
    followed = set()
    for model in shown():
        row = model._default_manager.first()
        if model is ApiToken:
            # A list alone.
            assert support.get(offers.page_of(row)).status_code == 403
            continue
        assert row is not None, model
        opened = support.get(offers.page_of(row))
        assert opened.status_code == 200, model
        for link in [*opened.context_data["see_also"], *opened.context_data["tools"]]:
            followed.add(link.label)
            answer = support.get(link.path)
            assert answer.status_code == 200, (model, link)
            if link.count is not None:
                assert answer.context_data["cl"].result_count == link.count, (model, link)
    assert {"Timeline", "Timeline of this person", "Empty the tile", "End the broadcast"} <= followed


def test_what_belongs_to_a_row_alone_stands_on_its_page(support: Client) -> None:
    a_row_of_everything()
    link, mention = SpeakerLink.objects.get(), Mention.objects.get()
    for row, shown_there in (
        (link.speaker, [link.label, link.url]),
        (mention.message, [offers.page_of(mention.person), str(mention.person)]),
    ):
        page = support.get(offers.page_of(row)).content.decode()
        assert [text for text in shown_there if text not in page] == []
        assert 'name="_save"' not in page
        assert "<textarea" not in page
    by_photo = {"photo__isempty": "1", "event__status__exact": link.speaker.event.status}
    assert link.speaker.name in support.get(offers.list_of(Speaker), by_photo).content.decode()
    with_photo = support.get(offers.list_of(Speaker), {"photo__isempty": "0"})
    assert link.speaker.name not in with_photo.content.decode()


def test_search_finds_by_event_and_person_everywhere(support: Client) -> None:
    a_row_of_everything()
    for model in shown():
        assert support.get(offers.list_of(model), {"q": "x y"}).status_code == 200, model


def test_no_page_has_a_link_token_a_digest_or_a_password(support: Client) -> None:
    a_row_of_everything()
    session = BackstageSession.objects.get()
    user = session.participants.get().user
    user.set_password("a long enough password")
    user.save()
    hidden = {
        "link": session.link_token,
        "invitation": Invitation.objects.get().token_digest,
        "webhook": Webhook.objects.get().secret,
        "token": ApiToken.objects.get().token_key,
        "password": user.password.rsplit("$", 1)[1][:6],
    }
    for model in shown():
        row = (
            model._default_manager.filter(pk=user.pk).first()
            if model is User
            else model._default_manager.first()
        )
        for path in (offers.list_of(model), offers.page_of(row)):
            page = support.get(path).content.decode()
            for what, secret in hidden.items():
                assert secret not in page, (what, path)


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (BackstageSession, "link_token"),
        (Participant, "link_token"),
        (Webhook, "secret"),
        (Invitation, "token_digest"),
        (ApiToken, "digest"),
        (ApiToken, "token_key"),
        (User, "password"),
    ],
)
def test_no_list_lets_a_secret_be_guessed_letter_by_letter(
    support: Client, model: type[Model], field: str
) -> None:
    a_row_of_everything()
    beginning = getattr(model._default_manager.first(), field)[:3]
    for lookup in (f"{field}__startswith", f"{field}__gte", field):
        for guess in (beginning, "wrong"):
            answer = support.get(offers.list_of(model), {lookup: guess})
            assert answer.status_code == 400, (lookup, guess)


#: What the policy forbids: handlers and styles in attributes, and scripts and styles between tags.
INLINE = re.compile(r"""<[^>]*\s(?:on\w+|style)=|<style|<script(?![^>]*\ssrc=)(?![^>]*application/json)""")


def test_no_page_needs_more_than_the_strict_policy_allows(support: Client) -> None:
    a_row_of_everything()
    session = BackstageSession.objects.get()
    for path in [reverse("admin:index"), reverse("admin:events_user_add"), *pages(session)]:
        answer = support.get(path)
        assert answer.status_code == 200, path
        assert "'unsafe" not in answer.headers["Content-Security-Policy"]
        assert not INLINE.findall(answer.content.decode()), path
