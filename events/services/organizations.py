"""Organizations and who belongs to them."""

from django.db import transaction
from django.utils.translation import gettext as _

from events import permissions
from events.models import Membership, Organization, User
from events.services.access import ask_again
from events.services.rules import free_slug, not_your_organization
from hopin_backstage.realtime import Refused


@transaction.atomic
def create_organization(*, actor: User, name: str, slug: str = "") -> Organization:
    """Makes an organization and, beside it, the membership that makes the actor its owner."""
    organization = Organization.objects.create(
        name=name, slug=slug or free_slug(Organization.objects.all(), name, longest=50)
    )
    Membership.objects.create(organization=organization, user=actor, role=Membership.Role.OWNER)
    return organization


@transaction.atomic
def add_member(
    *, actor: User, organization: Organization, user: User, role: str = Membership.Role.MEMBER
) -> Membership:
    """Takes a person into the organization, or gives a member another role.

    Raises Refused: `organization.not_yours`, `organization.owners_only`, `organization.last_owner`.
    """
    if not permissions.may_run_organization(actor, organization):
        raise not_your_organization()
    # The organization's row is the lock: two owners who step down at once must not leave it without one.
    Organization.objects.select_for_update().get(pk=organization.pk)
    roles = dict(organization.memberships.values_list("user_id", "role"))
    touches_an_owner = Membership.Role.OWNER in (role, roles.get(user.pk))
    if touches_an_owner and roles.get(actor.pk) != Membership.Role.OWNER:
        raise Refused("organization.owners_only", _("Only an owner can make or unmake owners."))
    owners = [pk for pk, held in roles.items() if held == Membership.Role.OWNER]
    if owners == [user.pk] and role != Membership.Role.OWNER:
        raise Refused("organization.last_owner", _("Make somebody else an owner first. One has to stay."))
    membership, _new = Membership.objects.update_or_create(
        organization=organization, user=user, defaults={"role": role}
    )
    ask_again(user)
    return membership
