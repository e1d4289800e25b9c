"""Organizations and who belongs to them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import permissions
from events.deeds import Deed
from events.models import Event, Invitation, Membership, Organization, User
from events.services.access import ask_again
from events.services.rules import new_slug, not_your_organization
from events.signals import dashboard_acted
from events.text import one_line
from hopin_backstage.realtime import Refused

#: By role: the roles that it may give.
GIVES: dict[str, tuple[str, ...]] = {
    Membership.Role.OWNER: tuple(Membership.Role.values),
    Membership.Role.ADMIN: (Membership.Role.ADMIN, Membership.Role.MEMBER),
}
NAME_LENGTH, SLUG_LENGTH = 120, 50
#: That one person owns and goes on making more: whoever needs so many writes to support.
MOST_OWNED = 20


@transaction.atomic
def create_organization(*, actor: User, name: str, slug: str = "") -> Organization:
    """Makes an organization and, beside it, the membership that makes the actor its owner.

    Raises Refused: `organization.name`, `organization.too_many`.
    """
    name = _checked_name(name)
    # The person's row is the lock.
    User.objects.select_for_update().get(pk=actor.pk)
    if actor.memberships.filter(role=Membership.Role.OWNER).count() >= MOST_OWNED:
        raise Refused(
            "organization.too_many",
            _(
                "You own %(most)s organizations already. Use one of them, or write to the support if you need more."
            )
            % {"most": MOST_OWNED},
        )
    organization = Organization.objects.create(
        name=name, slug=slug or new_slug(Organization.objects.all(), name, longest=SLUG_LENGTH)
    )
    Membership.objects.create(organization=organization, user=actor, role=Membership.Role.OWNER)
    return organization


@transaction.atomic
def rename_organization(*, actor: User, organization: Organization, name: str) -> Organization:
    """Its address stays: links to it are out there. Raises Refused: `organization.not_yours`, `organization.name`."""
    _check_runs(actor, organization)
    organization.name = _checked_name(name)
    organization.save(update_fields=["name"])
    return organization


@transaction.atomic
def add_member(
    *, actor: User, organization: Organization, user: User, role: str = Membership.Role.MEMBER
) -> Membership:
    """Takes a person into the organization, or gives a member another role.

    Side effect: withdraws the person's open invitations to roles that they can no longer give.
    Raises Refused: `organization.not_yours`, `organization.owners_only`, `organization.last_owner`,
    `organization.role`.
    """
    check_role(role)
    roles = lock_roles(organization)
    _check_runs(actor, organization)
    _check_owners(actor, organization, user, roles, becomes=role)
    membership, _new = Membership.objects.update_or_create(
        organization=organization, user=user, defaults={"role": role}
    )
    _withdraw_invitations(organization, user, role)
    ask_again(user)
    return membership


@transaction.atomic
def change_role(*, actor: User, organization: Organization, user: User, role: str) -> Membership:
    """As `add_member`, for somebody who is one. Raises Refused as that does, and `organization.no_member`."""
    if user.pk not in lock_roles(organization):
        raise Refused(
            "organization.no_member",
            _("%(name)s does not belong to this organization any more.") % {"name": user},
        )
    return add_member(actor=actor, organization=organization, user=user, role=role)


@transaction.atomic
def remove_member(*, actor: User, organization: Organization, user: User) -> None:
    """Ends a membership, one's own too, and with it the person's assignments to the organization's events.

    Nothing happens to somebody who has none. Side effects: withdraws the person's open invitations; `dashboard_acted`
    for each event that was assigned; the person's open pages ask whether they may stay.
    Raises Refused: `organization.not_yours`, `organization.owners_only`, `organization.last_owner`.
    """
    roles = lock_roles(organization)
    if user.pk not in roles:
        return
    if actor.pk != user.pk:
        _check_runs(actor, organization)
    _check_owners(actor, organization, user, roles, becomes=None)
    organization.memberships.filter(user=user).delete()
    _withdraw_invitations(organization, user, None)
    for event in organization.events.filter(organizers=user):
        event.organizers.remove(user)
        dashboard_acted.send(
            sender=Event, deed=Deed.ORGANIZER_REMOVED, actor=actor, event=event, user=user, detail=""
        )
    ask_again(user)


def lock_roles(organization: Organization) -> dict[int, str]:
    """Role by id of the member, as it stays until the transaction ends.

    The organization's row is the lock: two owners who step down at once must not leave it without one.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    return dict(organization.memberships.values_list("user_id", "role"))


def check_may_give(actor: User, organization: Organization, role: str) -> None:
    """Raises Refused: `organization.not_yours`, `organization.owners_only`, `organization.role`."""
    check_role(role)
    _check_runs(actor, organization)
    if role == Membership.Role.OWNER and not permissions.is_owner(actor, organization):
        raise _owners_only()


def _withdraw_invitations(organization: Organization, user: User, role: str | None) -> None:
    """Those by which the person would give what they can give no longer: nobody comes back by a letter sent before."""
    gives = GIVES.get(role, ()) if role else ()
    own = organization.invitations.filter(
        invited_by=user, accepted_at__isnull=True, withdrawn_at__isnull=True
    )
    own.exclude(role__in=gives).update(withdrawn_at=timezone.now())


def withdraw_all_invitations(user: User) -> None:
    """Of somebody who goes: letters that they sent let nobody in any more."""
    Invitation.objects.filter(invited_by=user, accepted_at__isnull=True, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now()
    )


def _check_owners(
    actor: User, organization: Organization, user: User, roles: dict[int, str], *, becomes: str | None
) -> None:
    """`roles`: locked. `becomes`: the role that the person is to have, or None for none."""
    touches_an_owner = Membership.Role.OWNER in (becomes, roles.get(user.pk))
    if touches_an_owner and roles.get(actor.pk) != Membership.Role.OWNER:
        raise _owners_only()
    if permissions.is_last_owner(user, organization) and becomes != Membership.Role.OWNER:
        raise Refused("organization.last_owner", _("Make somebody else an owner first. One has to stay."))


def check_role(role: str) -> None:
    if role not in Membership.Role.values:
        raise Refused("organization.role", _("Choose one of the roles: owner, admin or member."))


def _check_runs(actor: User, organization: Organization) -> None:
    if not permissions.may_run_organization(actor, organization):
        raise not_your_organization()


def _owners_only() -> Refused:
    return Refused("organization.owners_only", _("Only an owner can make or unmake owners."))


def _checked_name(name: str) -> str:
    name = one_line(name)
    if not name or len(name) > NAME_LENGTH:
        raise Refused(
            "organization.name",
            _("Give the organization a name of 1 to %(most)s characters.") % {"most": NAME_LENGTH},
        )
    return name
