"""All addresses of the product, out of its URL configuration: none can be forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from hopin_backstage.routing import sockets


@dataclass(frozen=True)
class Route:
    name: str
    """With its namespace."""
    parameters: frozenset[str]
    methods: frozenset[str]
    """Those that the view itself names; empty for a view that does not say."""


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
            yield Route(f"{namespace}{name}", parameters, _methods(pattern))
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _within(pattern, inner, parameters)


def _methods(pattern: URLPattern) -> frozenset[str]:
    """Of a viewset of Django REST framework."""
    actions: dict[str, str] = getattr(pattern.callback, "actions", {})
    return frozenset(method.upper() for method in actions)
