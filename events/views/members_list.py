"""Members, found by name: an organization may have thousands."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from events import permissions, selectors
from events.models import Event, Membership, Organization, User
from events.text import one_line

#: Rows of a page, and members that are offered at a time to be made organizers.
PAGE, OFFERED = 50, 20
#: Characters that are searched for.
LONGEST = 150


@dataclass(frozen=True)
class Offer:
    """Members who could be made organizers of an event."""

    members: list[User]
    search: str
    has_search: bool
    """They are looked for: too many to choose from, or a search was typed."""
    are_more: bool
    """More are called so than are offered."""


def page_of_members(
    request: HttpRequest, organization: Organization, *, by_address: bool
) -> tuple[Page[Membership], str]:
    """The page that is asked for of those who are called as the search says, and the search."""
    search = _typed(request, "search")
    members = selectors.members_of(organization)
    found = selectors.called(members, search, person="user__", by_address=by_address)
    return Paginator(found, PAGE).get_page(request.GET.get("page")), search


def offer_of(request: HttpRequest, event: Event) -> Offer:
    """All of them while they are few; else those who are called as the search says."""
    members = selectors.members_to_assign(request.user, event)
    search = _typed(request, "member")
    if search:
        by_address = permissions.may_run_organization(request.user, event.organization)
        members = selectors.called(members, search, by_address=by_address)
    found = list(members[: OFFERED + 1])
    are_many = len(found) > OFFERED
    if search:
        return Offer(found[:OFFERED], search, has_search=True, are_more=are_many)
    return Offer([] if are_many else found, search, has_search=are_many, are_more=False)


def _typed(request: HttpRequest, name: str) -> str:
    return one_line(request.GET.get(name, ""))[:LONGEST]
