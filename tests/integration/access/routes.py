"""All addresses of the product, out of its URL configuration: none can be forgotten."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import getclosurevars
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from hopin_backstage.routing import sockets

#: Ours by their first name; other views are the libraries'.
OURS = {"hopin_backstage", "events", "backstage", "chat", "moderation"}
#: Answered wherever GET is, and wherever anything is.
IMPLIED = {"HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Route:
    name: str
    """With its namespace."""
    parameters: frozenset[str]
    methods: frozenset[str]
    """Those that the view itself names, without IMPLIED; empty for a view that does not say."""
    must_say: bool
    """A view of ours that is a function: it answers every method if it names none."""


def pages() -> list[Route]:
    return list(_within(get_resolver(), "", frozenset()))


def socket_paths() -> list[str]:
    """As routing.py writes them, but for the one that refuses everything else."""
    written = [str(pattern.pattern) for pattern in sockets.routes]
    return [path for path in written if path not in ("", "<path:anything>")]


def _within(resolver: URLResolver, namespace: str, outer: frozenset[str]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        parameters = outer | frozenset(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            name = pattern.name or str(pattern.pattern)
            yield Route(
                f"{namespace}{name}", parameters, _methods(pattern.callback), _is_ours(pattern.callback)
            )
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _within(pattern, inner, parameters)


def _methods(view: Callable[..., Any]) -> frozenset[str]:
    """Of a viewset its actions, of another class of the API its handlers, of a function what it requires."""
    if hasattr(view, "actions"):
        named = set(view.actions)
    elif hasattr(view, "cls"):
        named = {method for method in view.cls.http_method_names if hasattr(view.cls, method)}
    else:
        named = _required(view)
    return frozenset(method.upper() for method in named) - IMPLIED


def _required(view: Callable[..., Any] | None) -> set[str]:
    """What `require_http_methods` was given; those beside it in django.views.decorators.http are made of it."""
    while view is not None:
        named = getclosurevars(view).nonlocals.get("request_method_list")
        if named is not None:
            return set(named)
        view = getattr(view, "__wrapped__", None)
    return set()


def _is_ours(view: Callable[..., Any]) -> bool:
    return view.__module__.split(".")[0] in OURS and not hasattr(view, "cls")
