"""Asking people by e-mail to join an organization.

The letter holds the only copy of a secret; whoever opens its link has to show, besides, that the address is theirs.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import permissions, selectors
from events.letters import send_letter
from events.models import Invitation, Membership, Organization, User
from events.services.access import ask_again
from events.services.organizations import check_may_give, lock_roles
from events.services.pacing import count
from events.services.rules import not_your_organization
from hopin_backstage.realtime import Refused

log = structlog.get_logger(__name__)

VALID_FOR = timedelta(days=7)
#: Characters: https://www.rfc-editor.org/errata/eid1690
ADDRESS_LENGTH = 254

#: Letters within so many seconds: of one person, of one organization, to one address from everybody.
HOUR_S, DAY_S = 3_600, 86_400
MOST_OF_PERSON, MOST_OF_ORGANIZATION = 30, 60
MOST_TO_ADDRESS = 5

#: From the secret to the address of the page that accepts it: only a view knows on which host it runs.
AddressOf = Callable[[str], str]


@transaction.atomic
def invite(
    *,
    actor: User,
    organization: Organization,
    email: str,
    role: str = Membership.Role.MEMBER,
    address_of: AddressOf,
) -> Invitation:
    """Invites an address for seven days; where an invitation of it has expired, that one is renewed.

    Side effect: sends a letter once this is committed. Raises Refused: `organization.` `not_yours`, `owners_only`,
    `role`, and `invitation.` `address`, `is_member`, `exists`, `too_many`, `letter_failed` (the last after the
    invitation was made: it can be sent again).
    """
    lock_roles(organization)
    check_may_give(actor, organization, role)
    email = _checked_address(email)
    if selectors.member_by_email(organization, email):
        raise Refused("invitation.is_member", _("%(email)s belongs to a member already.") % {"email": email})
    invitation = organization.invitations.filter(
        email=email, accepted_at__isnull=True, withdrawn_at__isnull=True
    ).first()
    if invitation is None:
        invitation = Invitation(organization=organization, email=email)
    elif invitation.expires_at > timezone.now():
        raise Refused(
            "invitation.exists",
            _("%(email)s has been invited already. Send the e-mail again, or withdraw the invitation first.")
            % {"email": email},
        )
    invitation.role, invitation.invited_by = role, actor
    _send(invitation, actor, address_of)
    return invitation


@transaction.atomic
def resend(*, actor: User, invitation: Invitation, address_of: AddressOf) -> Invitation:
    """Sends a new letter, good for seven days; the link in the old one is dead.

    Raises Refused: `organization.not_yours`, `organization.owners_only`, and `invitation.` `gone`, `too_many`,
    `letter_failed`.
    """
    invitation = _still_open(invitation)
    check_may_give(actor, invitation.organization, invitation.role)
    _send(invitation, actor, address_of)
    return invitation


@transaction.atomic
def withdraw(*, actor: User, invitation: Invitation) -> None:
    """The link in the letter is dead. Raises Refused: `organization.not_yours`, `invitation.gone`."""
    if not permissions.may_run_organization(actor, invitation.organization):
        raise not_your_organization()
    invitation = _still_open(invitation)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])


@transaction.atomic
def accept(*, actor: User, token: str) -> Membership:
    """The actor, whose confirmed address was invited, belongs to the organization; once for each invitation.

    Whoever is a member by now keeps the role they have. Raises Refused: `invitation.gone`, `invitation.not_yours`.
    """
    invitation = selectors.invitation_by_token(token)
    if invitation is None:
        raise _gone()
    if not permissions.may_accept(actor, invitation):
        raise not_yours(invitation)
    _lock(invitation)
    # What was found before the lock may be accepted, withdrawn or sent again by now.
    invitation = selectors.invitation_by_token(token)
    if invitation is None:
        raise _gone()
    invitation.accepted_at, invitation.accepted_by = timezone.now(), actor
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    membership, _new = Membership.objects.get_or_create(
        organization=invitation.organization, user=actor, defaults={"role": invitation.role}
    )
    ask_again(actor)
    return membership


def not_yours(invitation: Invitation) -> Refused:
    return Refused(
        "invitation.not_yours",
        _("This invitation is for %(email)s. Sign in with the account that has this address.")
        % {"email": masked(invitation.email)},
    )


def masked(email: str) -> str:
    """Enough to know one's own by, too little to learn another's: a link may be forwarded."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"


def _checked_address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
        MaxLengthValidator(ADDRESS_LENGTH)(email)
    except ValidationError:
        raise Refused("invitation.address", _("Enter a valid e-mail address.")) from None
    return email


def _lock(invitation: Invitation) -> None:
    """By its organization, as everything that changes who belongs there."""
    lock_roles(invitation.organization)


def _still_open(invitation: Invitation) -> Invitation:
    _lock(invitation)
    found = (
        Invitation.objects.select_related("organization")
        .filter(pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True)
        .first()
    )
    if found is None:
        raise Refused(
            "invitation.gone",
            _("This invitation was accepted or withdrawn in the meantime. The list shows how it is now."),
        )
    return found


def _send(invitation: Invitation, actor: User, address_of: AddressOf) -> None:
    """With a new secret, of which only the letter and its digest are left."""
    _count_letters(invitation, actor)
    token = secrets.token_urlsafe(32)
    invitation.token_digest = selectors.token_digest(token)
    invitation.expires_at = timezone.now() + VALID_FOR
    invitation.save()
    letter = {"invitation": invitation, "organization": invitation.organization, "inviter": actor}
    transaction.on_commit(lambda: _send_letter(invitation, {**letter, "address": address_of(token)}))


def _send_letter(invitation: Invitation, context: dict[str, object]) -> None:
    try:
        send_letter("invitation", to=invitation.email, context=context)
    except OSError as failure:
        # What smtplib raises, too. The invitation is committed and listed, so whoever asked can do it again.
        log.warning("invitation.letter_failed", invitation=str(invitation.pk), failure=type(failure).__name__)
        raise Refused(
            "invitation.letter_failed",
            _("The e-mail to %(email)s could not be sent just now. Press Send again in a few minutes.")
            % {"email": invitation.email},
        ) from failure


def _count_letters(invitation: Invitation, actor: User) -> None:
    too_many = Refused(
        "invitation.too_many", _("You sent many invitations in a short while. Wait an hour, then go on.")
    )
    count(f"invite:person:{actor.pk}", most=MOST_OF_PERSON, within_s=HOUR_S, otherwise=too_many)
    count(
        f"invite:organization:{invitation.organization_id}",
        most=MOST_OF_ORGANIZATION,
        within_s=HOUR_S,
        otherwise=too_many,
    )
    count(
        f"invite:address:{invitation.email}",
        most=MOST_TO_ADDRESS,
        within_s=DAY_S,
        otherwise=Refused(
            "invitation.too_many",
            _("%(email)s has been sent many invitations today. Ask them to look in their spam folder.")
            % {"email": invitation.email},
        ),
    )


def _gone() -> Refused:
    return Refused(
        "invitation.gone", _("This invitation no longer works. Ask whoever invited you for a new one.")
    )
