"""What people do with their own accounts. Signing up and in, addresses and passwords are the library's."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import selectors
from events.models import DISPLAY_NAME_LENGTH, Event, Organization, Speaker, User
from events.pictures import Choice, forget_pictures, put_picture
from events.selectors.accounts import EVENTS_TO_COME, LAST_OWNER
from events.services.access import ask_again
from events.services.organizations import lock_roles, withdraw_all_invitations
from events.signals import account_closing, organization_closing
from events.text import one_line
from hopin_backstage.realtime import Refused

#: By the code of an `AccountHold`.
WHAT_FIRST = {
    LAST_OWNER: gettext_lazy(
        "You are the last owner of %(organization)s. Make another member an owner first."
    ),
    EVENTS_TO_COME: gettext_lazy(
        "People are registered for events of %(organization)s that are not over. "
        "Invite somebody and make them an owner first."
    ),
}


@transaction.atomic
def set_profile(*, actor: User, display_name: str, photo: Choice = None) -> User:
    """What others see of the actor. `photo` is cleaned (`clean_picture`), False for none any more, None to leave it.

    Side effect: deletes the file of a photo that is replaced. Raises Refused: `account.name`.
    """
    name = one_line(display_name)
    if not name or len(name) > DISPLAY_NAME_LENGTH:
        raise Refused(
            "account.name",
            _("Enter a name of 1 to %(most)s characters.") % {"most": DISPLAY_NAME_LENGTH},
        )
    actor.display_name = name
    put_picture(actor, "photo", photo)
    actor.save(update_fields=["display_name", "photo"])
    return actor


@transaction.atomic
def delete_account(*, actor: User) -> None:
    """Deletes the account with its registrations and memberships, and organizations that nobody else belongs to.

    What others need stays: chat messages without their author, and the audit log with names as written.
    Side effects: `account_closing`, `organization_closing` for each of those, open pages of the person end, invitations
    that they sent let nobody in any more, their photo and those organizations' pictures are deleted.
    Raises Refused: `account.last_owner`, `account.events_to_come`.
    """
    for organization in selectors.owned_by(actor):
        _check_can_do_without(actor, organization)
    alone = list(selectors.organizations_of_nobody_but(actor))
    account_closing.send(sender=User, user=actor)
    ask_again(actor)
    withdraw_all_invitations(actor)
    forget_pictures(
        actor.photo,
        *(event.picture for event in Event.objects.filter(organization__in=alone)),
        *(speaker.photo for speaker in Speaker.objects.filter(event__organization__in=alone)),
    )
    for organization in alone:
        organization_closing.send(sender=Organization, organization=organization)
        organization.delete()
    actor.delete()


def _check_can_do_without(actor: User, organization: Organization) -> None:
    """Needs a transaction: whoever would become the only owner must not leave in the same moment."""
    lock_roles(organization)
    hold = selectors.hold_on_account(actor, organization)
    if hold is not None:
        raise Refused(hold.code, WHAT_FIRST[hold.code] % {"organization": organization})
