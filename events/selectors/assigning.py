"""Who could be made organizer of an event."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from events import permissions
from events.models import Event, User
from events.permissions import Person
from events.selectors.organizers import assigned_to, running_all_of
from events.selectors.people import person_at


def members_to_assign(user: Person, event: Event) -> QuerySet[User]:
    """Members of the organization who could be made organizers of the event and are none yet, by name.

    They need not be registered: a member does not even see a draft. None for whoever may not see the members.
    """
    if not permissions.may_see_members(user, event.organization):
        return User.objects.none()
    running = running_all_of(event).values("user_id")
    return (
        User.objects.filter(memberships__organization_id=event.organization_id)
        .exclude(Q(pk__in=running) | Q(pk__in=assigned_to(event).values("user_id")))
        .order_by(Lower("display_name"), "pk")
    )


def person_to_assign(user: Person, event: Event, person_id: int) -> User | None:
    """Of those who could be made organizers, or are: who has to do with the event, and the members that `user` sees."""
    return person_at(event, person_id) or members_to_assign(user, event).filter(pk=person_id).first()
