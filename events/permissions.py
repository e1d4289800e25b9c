"""Who may do what in organizations and events: pure predicates, without side effects.

They take whoever asks, signed in or not, and a model object; whoever is not signed in is answered no.
"""

from collections.abc import Collection
from typing import TypeAlias

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser

from events.addresses import is_same
from events.models import Event, Invitation, Membership, Organization, User

Person: TypeAlias = User | AnonymousUser

#: Roles that may do everything in all events of their organization.
RUNS_ALL_EVENTS = (Membership.Role.OWNER, Membership.Role.ADMIN)


def is_organizer(user: Person, event: Event) -> bool:
    """Organizer of the event, or owner or admin of its organization."""
    if not user.is_authenticated:
        return False
    return (
        event.organizers.filter(pk=user.pk).exists()
        or Membership.objects.filter(
            organization_id=event.organization_id, user_id=user.pk, role__in=RUNS_ALL_EVENTS
        ).exists()
    )


def is_registered(user: Person, event: Event) -> bool:
    return user.is_authenticated and event.registrations.filter(user_id=user.pk).exists()


def is_blocked(user: Person, event: Event) -> bool:
    return user.is_authenticated and event.blocks.filter(user_id=user.pk).exists()


def is_support_for_blocks(user: Person) -> bool:
    """Support staff who may undo blocks."""
    return user.is_authenticated and user.is_staff and user.has_perm("events.delete_block")


def is_member(user: Person, organization: Organization) -> bool:
    """In whatever role."""
    return user.is_authenticated and organization.memberships.filter(user_id=user.pk).exists()


def is_archived(event: Event) -> bool:
    """Put away: see what follows from it below, and nowhere else."""
    return event.archived_at is not None


def is_public(event: Event) -> bool:
    """Published, and not put away: there for others than its organizers."""
    return event.status == Event.Status.PUBLISHED and not is_archived(event)


def may_see_event(user: Person, event: Event) -> bool:
    """Everybody sees a published event; a draft, and one that is archived, is there for its organizers only."""
    return is_public(event) or is_organizer(user, event)


def may_attend(user: Person, event: Event) -> bool:
    """Come to its Stages and, by a link, into its Backstages: whoever is registered and not blocked; organizers always.

    To a draft nobody comes but its organizers, to an archived event not even they.
    """
    if is_archived(event):
        return False
    if is_organizer(user, event):
        return True
    return is_public(event) and is_registered(user, event) and not is_blocked(user, event)


def attending_among(user_ids: Collection[int], event: Event) -> set[int]:
    """Of these accounts those who may attend: as `may_attend`, asked of many at once."""
    if is_archived(event):
        return set()
    running = Membership.objects.filter(
        organization_id=event.organization_id, user__in=user_ids, role__in=RUNS_ALL_EVENTS
    )
    organizing = {
        *event.organizers.filter(pk__in=user_ids).values_list("pk", flat=True),
        *running.values_list("user_id", flat=True),
    }
    if not is_public(event):
        return organizing
    registered = event.registrations.filter(user__in=user_ids).values_list("user_id", flat=True)
    blocked = event.blocks.filter(user__in=user_ids).values_list("user_id", flat=True)
    return organizing | (set(registered) - set(blocked))


def may_see_dashboard(user: Person, event: Event) -> bool:
    """Also of an archived event, to be read."""
    return is_organizer(user, event)


def may_change_event(user: Person, event: Event) -> bool:
    """Everything in its dashboard but restoring it."""
    return is_organizer(user, event) and not is_archived(event)


def may_see_organization(user: Person, organization: Organization) -> bool:
    """Its members, and whoever organizes one of its events. Which events they see there is not said here."""
    return is_member(user, organization) or (
        user.is_authenticated and organization.events.filter(organizers=user.pk).exists()
    )


def may_run_organization(user: Person, organization: Organization) -> bool:
    """Owner or admin: members, and every event whether assigned or not."""
    return (
        user.is_authenticated
        and organization.memberships.filter(user_id=user.pk, role__in=RUNS_ALL_EVENTS).exists()
    )


def is_owner(user: Person, organization: Organization) -> bool:
    return (
        user.is_authenticated
        and organization.memberships.filter(user_id=user.pk, role=Membership.Role.OWNER).exists()
    )


def is_last_owner(user: Person, organization: Organization) -> bool:
    """Writers ask within `lock_roles`: two owners must not both be told that there is another."""
    owners = organization.memberships.filter(role=Membership.Role.OWNER)
    return user.is_authenticated and list(owners.values_list("user_id", flat=True)) == [user.pk]


def may_see_members(user: Person, organization: Organization) -> bool:
    """Whoever organizes one event without being a member sees that event, and not who runs the others."""
    return is_member(user, organization)


def may_accept(user: Person, invitation: Invitation) -> bool:
    """The invited address is one that the account has confirmed."""
    if not user.is_authenticated:
        return False
    owned = EmailAddress.objects.filter(user_id=user.pk, verified=True).values_list("email", flat=True)
    return any(is_same(invitation.email, email) for email in owned)


def may_create_event(user: Person, organization: Organization) -> bool:
    return may_run_organization(user, organization)
