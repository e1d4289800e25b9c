"""Links between support's pages, both ways. A layer offers its own to those below, which know nothing of it."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse

#: The path of a page for a row; None: there is none for this one.
PathOf: TypeAlias = Callable[[Any], str | None]


@dataclass(frozen=True)
class SeeAlso:
    """The rows of `model` that belong to a row of another: those whose `lookup` is its key."""

    model: type[Model]
    lookup: str
    label: Any = ""


@dataclass(frozen=True)
class Tool:
    """A link beside the history of a row. `allowed`: whether whoever asks may see it."""

    label: Any
    path: PathOf
    allowed: Callable[[HttpRequest], bool]


@dataclass(frozen=True)
class Link:
    label: Any
    path: str
    count: int | None = None


def page_of(row: Model) -> str:
    """Its page in the admin."""
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


def list_of(model: type[Model]) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")


_lists: dict[type[Model], list[SeeAlso]] = defaultdict(list)
_tools: dict[type[Model], list[Tool]] = defaultdict(list)


def offer_list(of: type[Model], model: type[Model], lookup: str, label: Any = "") -> None:
    """On the page of each `of`: how many rows of `model` belong to it, and a link to them."""
    _lists[of].append(SeeAlso(model, lookup, label))


def offer_tool(of: type[Model], label: Any, path: PathOf, allowed: Callable[[HttpRequest], bool]) -> None:
    _tools[of].append(Tool(label, path, allowed))


def is_offered(model: type[Model], lookup: str) -> bool:
    """Whether a list may be asked for in this way."""
    return any(each.model is model and each.lookup == lookup for offers in _lists.values() for each in offers)


def lists_of(row: Model, may_view: Callable[[type[Model]], bool]) -> Iterator[Link]:
    """One short query for each."""
    for offer in _lists[type(row)]:
        if may_view(offer.model):
            path = f"{list_of(offer.model)}?{offer.lookup}={row.pk}"
            count = offer.model._default_manager.filter(**{offer.lookup: row.pk}).count()
            yield Link(str(offer.label or offer.model._meta.verbose_name_plural), path, count)


def tools_of(row: Model, request: HttpRequest) -> Iterator[Link]:
    for tool in _tools[type(row)]:
        if tool.allowed(request) and (path := tool.path(row)):
            yield Link(str(tool.label), path)
