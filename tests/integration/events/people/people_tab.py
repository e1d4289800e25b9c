"""The People tab of an event, those who are registered for it, and the members who could organize it."""

import re

from django.urls import reverse

from events.models import Event, Membership, User
from tests.factories import MembershipFactory, RegistrationFactory


def at(event: Event, name: str = "people", *more: object) -> str:
    return reverse(f"events:{name}", args=[event.slug, *more])


def person(event: Event, name: str, **named: object) -> User:
    return RegistrationFactory(
        event=event, user__display_name=name, user__email=f"{name.lower()}@example.com", **named
    ).user


def belongs(event: Event, name: str, role: str = Membership.Role.MEMBER) -> User:
    return MembershipFactory(
        organization=event.organization,
        role=role,
        user__display_name=name,
        user__email=f"{name.lower()}@example.com",
    ).user


def offered(page: str) -> list[str]:
    """Whom the list of members names, without the line that asks to choose one."""
    listed = re.search(r'<select[^>]*name="person".*?</select>', page, re.DOTALL)
    options = re.findall(r'<option value="\d+">(.*?)</option>', listed[0], re.DOTALL) if listed else []
    return [" ".join(option.split()) for option in options]
