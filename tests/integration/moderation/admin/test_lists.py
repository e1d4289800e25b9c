"""What support's lists find: each field that is searched, and each filter, shows the rows it is about and no others.

Made from the registry of the admin, so a list that comes to it is asked, too.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.db.models import Model
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from chat.models import Message, Room
from events.admin import offers
from events.models import HelpReference
from moderation.models import AuditEntry
from tests.factories import EventFactory, UserFactory
from tests.integration.moderation.admin.rows import a_row_of_everything, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_without_collectstatic")]

LONG_AGO = timezone.now() - timedelta(days=800)
#: What stands in one row alone, each time another.
numbers = count(420_000)
#: What a constraint wants beside a field that is not empty.
WITH = {"waiting_since": {"left_at": timezone.now()}, "cut_at": {"stopped_at": timezone.now()}}

SEARCHED = [model for model in shown() if admin.site.get_model_admin(model).search_fields]
FILTERED = [model for model in shown() if admin.site.get_model_admin(model).list_filter]


@pytest.fixture(autouse=True)
def _rows(support: Client) -> None:
    for _ in range(2):
        a_row_of_everything()
    room = Room.objects.create(kind=Room.Kind.EVENT, event=EventFactory())
    Message.objects.create(room=room, number=1, author=UserFactory(), text="Hello")


def found(client: Client, model: type[Model], query: dict[str, str]) -> set[Any]:
    response = client.get(offers.list_of(model), query)
    assert response.status_code == 200, query
    return set(response.context_data["cl"].queryset.values_list("pk", flat=True))


def along(row: Any, path: str) -> tuple[Any, str]:
    """The row at the end of a path of names, and the name of its field; of many rows the first."""
    *way, name = path.split("__")
    for step in way:
        row = getattr(row, step)
        row = row.first() if hasattr(row, "first") else row
        if row is None:
            break
    return row, name


def value(row: Any, path: str) -> Any:
    end, name = along(row, path)
    return getattr(end, name, None)


def put(row: Any, path: str, new: Any) -> Any:
    """Returns the row that has it: what cannot be changed is made again."""
    end, name = along(row, path)
    if isinstance(end, AuditEntry):
        fields = [each for each in end._meta.concrete_fields if not each.primary_key]
        kept = {each.attname: getattr(end, each.attname) for each in fields}
        return AuditEntry.objects.create(**{**kept, name: new})
    type(end).objects.filter(pk=end.pk).update(**{name: new, **(WITH.get(name, {}) if new else {})})
    return row


def two(model: type[Model]) -> tuple[Any, Any]:
    # Nothing can be put into a message that was deleted.
    rows = [each for each in model._default_manager.order_by("pk") if not getattr(each, "deleted_at", None)]
    return rows[0], rows[1]


def apart(model: type[Model], path: str, one: Any, another: Any) -> tuple[Any, Any]:
    """Two rows that have these values, as they are where constraints leave no choice."""
    there = [
        next((row for row in model._default_manager.all() if value(row, path) == each), None)
        for each in (one, another)
    ]
    if None not in there:
        return there[0], there[1]
    row, other = two(model)
    return put(row, path, one), put(other, path, another)


@pytest.mark.parametrize("model", SEARCHED, ids=lambda model: model._meta.label)
def test_each_field_that_is_searched_finds_its_row_and_no_other(support: Client, model: type[Model]) -> None:
    for searched in admin.site.get_model_admin(model).search_fields:
        path = str(searched).removeprefix("=")
        row, _other = two(model)
        end, name = along(row, path)
        field = end._meta.get_field(name)
        if field.primary_key:
            term: Any = row.pk
        else:
            term = needle_for(field)
            row = put(row, path, term)
        everybody = list(model._default_manager.all())
        hits = {each.pk for each in everybody if value(each, path) == term}
        assert row.pk in hits
        assert len(hits) < len(everybody)
        assert found(support, model, {"q": str(term)}) == hits, searched
        assert found(support, model, {"q": f"{term} and nothing like it"}) == set(), searched


def needle_for(field: Any) -> Any:
    number = next(numbers)
    if isinstance(field, models.IntegerField):
        return number
    if field.model is HelpReference and field.name == "reference":
        return f"{number:08x}"
    if isinstance(field, models.EmailField):
        return f"needle{number}@x.example"
    return f"needle{number}"


@pytest.mark.parametrize("model", FILTERED, ids=lambda model: model._meta.label)
def test_each_filter_shows_the_rows_that_it_is_about(support: Client, model: type[Model]) -> None:
    for each in admin.site.get_model_admin(model).list_filter:
        path, kind = each if isinstance(each, tuple) else (each, None)
        for query, in_it, out_of_it in cases(support, model, path, kind):
            shown_there = found(support, model, query)
            assert in_it.pk in shown_there, (path, query)
            assert out_of_it.pk not in shown_there, (path, query)


def cases(
    support: Client, model: type[Model], path: str, kind: Any
) -> Iterator[tuple[dict[str, str], Any, Any]]:
    """What is asked; the row that is shown then; and one that is not."""
    row, other = two(model)
    end, name = along(row, path)
    field = end._meta.get_field(name)
    if kind is admin.EmptyFieldListFilter:
        row, other = emptied(model, path, field)
        yield {f"{path}__isempty": "1"}, row, other
        yield {f"{path}__isempty": "0"}, other, row
    elif isinstance(field, models.DateField):
        row, other = put(row, path, timezone.now()), put(other, path, LONG_AGO)
        for link in offered(support, model, path)[1:5]:
            yield link, row, other
    elif field.is_relation:
        wanted = value(row, path)
        other = next(each for each in model._default_manager.all() if value(each, path) != wanted)
        yield {f"{path}__id__exact": str(wanted.pk)}, row, other
    else:
        one, another = two_values(field)
        row, other = apart(model, path, one, another)
        lookup = f"{path}__exact" if field.choices or isinstance(field, models.BooleanField) else path
        yield {lookup: written(one)}, row, other
        yield {lookup: written(another)}, other, row


def emptied(model: type[Model], path: str, field: Any) -> tuple[Any, Any]:
    """A row without, and one with."""
    if isinstance(field, models.FileField):
        return apart(model, path, "", "face.webp")
    deleted = model._default_manager.filter(**{f"{path}__isnull": False}).first()
    row, other = two(model)
    if path == "deleted_at":
        return row, deleted
    some = timezone.now() if isinstance(field, models.DateTimeField) else next(numbers)
    return put(row, path, None), put(other, path, some)


def two_values(field: Any) -> tuple[Any, Any]:
    if isinstance(field, models.BooleanField):
        return True, False
    if field.choices:
        return field.choices[0][0], field.choices[1][0]
    return (10, 15) if isinstance(field, models.IntegerField) else ("one", "another")


def written(wanted: Any) -> str:
    return str(int(wanted)) if isinstance(wanted, bool) else str(wanted)


def offered(client: Client, model: type[Model], path: str) -> list[dict[str, str]]:
    """The links of a filter, as the page has them; the first is for all."""
    listed = client.get(offers.list_of(model)).context_data["cl"]
    spec = next(each for each in listed.filter_specs if getattr(each, "field_path", "") == path)
    return [QueryDict(each["query_string"].removeprefix("?")).dict() for each in spec.choices(listed)]
