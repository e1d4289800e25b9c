"""Reads of organizations: those of a person, their members, and the frame of their dashboard."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from events import permissions
from events.addresses import is_same
from events.models import Membership, Organization, User
from events.permissions import RUNS_ALL_EVENTS, Person


@dataclass(frozen=True)
class DashboardFrame:
    """What surrounds every page of an organization's dashboard."""

    organization: Organization
    others: list[Organization]
    #: As it is shown; empty for whoever organizes events here without being a member.
    role: str
    is_member: bool
    #: Owner or admin.
    runs: bool
    is_owner: bool


def organizations_of(user: User) -> QuerySet[Organization]:
    """Those I belong to, and those whose events I organize."""
    return (
        Organization.objects.filter(Q(memberships__user=user) | Q(events__organizers=user))
        .distinct()
        .order_by("name")
    )


def organization_for(user: Person, slug: str) -> Organization | None:
    """None also where there is one that the person may not see."""
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None or not permissions.may_see_organization(user, organization):
        return None
    return organization


def with_role(organizations: QuerySet[Organization], user: User) -> QuerySet[Organization]:
    """With `role`: the user's in each; "" for whoever only organizes events of it."""
    mine = Membership.objects.filter(organization=OuterRef("pk"), user=user).values("role")
    return organizations.annotate(role=Coalesce(Subquery(mine), Value("")))


def dashboard_frame(user: User, organization: Organization) -> DashboardFrame:
    membership = Membership.objects.filter(organization=organization, user=user).first()
    return DashboardFrame(
        organization=organization,
        others=[other for other in organizations_of(user) if other.pk != organization.pk],
        role=membership.get_role_display() if membership else "",
        is_member=membership is not None,
        runs=membership is not None and membership.role in RUNS_ALL_EVENTS,
        is_owner=membership is not None and membership.role == Membership.Role.OWNER,
    )


def members_of(organization: Organization) -> QuerySet[Membership]:
    """Owners first, then admins, then members; by name."""
    rank = Case(
        *(When(role=role, then=Value(place)) for place, role in enumerate(Membership.Role.values)),
        output_field=IntegerField(),
    )
    return organization.memberships.select_related("user").order_by(rank, "user__display_name", "pk")


def member_by_email(organization: Organization, email: str) -> Membership | None:
    """By any address that the member's account has confirmed."""
    members = organization.memberships.select_related("user")
    for member in members.filter(user__email__iexact=email):
        if is_same(member.user.email, email):
            return member
    confirmed = EmailAddress.objects.filter(
        email__iexact=email, verified=True, user__memberships__organization=organization
    )
    users = [each.user_id for each in confirmed if is_same(each.email, email)]
    return members.filter(user__in=users).first()


def owned_by(user: User) -> QuerySet[Organization]:
    return Organization.objects.filter(
        memberships__user=user, memberships__role=Membership.Role.OWNER
    ).order_by("pk")


def organizations_of_nobody_but(user: User) -> QuerySet[Organization]:
    """Those that the person alone belongs to."""
    others = Membership.objects.filter(organization=OuterRef("pk")).exclude(user=user)
    return Organization.objects.filter(~Exists(others), memberships__user=user).order_by("name")


def usual_time_zone(organization: Organization) -> str:
    """That of the event made last: the next one is likely to be there, too."""
    newest = organization.events.order_by("-created_at").values_list("time_zone", flat=True).first()
    return newest or "UTC"
