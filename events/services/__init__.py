"""Every write of organizations, events, registrations and stages.

Keyword-only; `actor` is the person who asks; each is one transaction and raises Refused where a rule says no.
None of them reaches outside the database, but for letters of invitation and files of pictures, on commit: what must
follow in a Backstage is done by the layers above.
"""

from events.services.access import ask_again
from events.services.accounts import delete_account, set_profile
from events.services.blocks import block, unblock
from events.services.events import add_organizer, create_event
from events.services.invitations import accept, invite, resend, withdraw
from events.services.organizations import (
    add_member,
    change_role,
    create_organization,
    remove_member,
    rename_organization,
)
from events.services.registrations import register, unregister
from events.services.stages import (
    archive_stage,
    check_address,
    create_stage,
    rename_stage,
    reorder_stages,
    restore_stage,
    set_provider,
    set_stage_delay,
)

__all__ = [
    "accept",
    "add_member",
    "add_organizer",
    "archive_stage",
    "ask_again",
    "block",
    "change_role",
    "check_address",
    "create_event",
    "create_organization",
    "create_stage",
    "delete_account",
    "invite",
    "register",
    "remove_member",
    "rename_organization",
    "rename_stage",
    "reorder_stages",
    "resend",
    "restore_stage",
    "set_profile",
    "set_provider",
    "set_stage_delay",
    "unblock",
    "unregister",
    "withdraw",
]
