"""Every write of organizations, events, registrations, speakers and stages.

Keyword-only; `actor` is the person who asks; each is one transaction and raises Refused where a rule says no.
None of them reaches outside the database but by what it leaves for its commit: a letter, a file that is deleted.
What must follow in a Backstage is done by the layers above.
"""

from events.services.access import ask_again
from events.services.accounts import delete_account, set_profile
from events.services.blocks import block, check_place_again, unblock
from events.services.copies import duplicate_event
from events.services.events import (
    EventChanges,
    add_organizer,
    archive_event,
    create_event,
    edit_event,
    publish_event,
    remove_organizer,
    restore_event,
    set_event_picture,
    unpublish_event,
)
from events.services.help import note_help
from events.services.invitations import accept, invite, resend, withdraw
from events.services.letters import send_next
from events.services.organizations import (
    add_member,
    change_role,
    create_organization,
    remove_member,
    rename_organization,
)
from events.services.registrations import note_came, note_export, register, unregister
from events.services.speakers import (
    Link,
    add_speaker,
    edit_speaker,
    move_speaker,
    remove_speaker,
)
from events.services.stages import (
    archive_stage,
    check_address,
    create_stage,
    note_watching,
    rename_stage,
    reorder_stages,
    restore_stage,
    set_provider,
    set_stage_delay,
)

__all__ = [
    "EventChanges",
    "Link",
    "accept",
    "add_member",
    "add_organizer",
    "add_speaker",
    "archive_event",
    "archive_stage",
    "ask_again",
    "block",
    "change_role",
    "check_address",
    "check_place_again",
    "create_event",
    "create_organization",
    "create_stage",
    "delete_account",
    "duplicate_event",
    "edit_event",
    "edit_speaker",
    "invite",
    "move_speaker",
    "note_came",
    "note_export",
    "note_help",
    "note_watching",
    "publish_event",
    "register",
    "remove_member",
    "remove_organizer",
    "remove_speaker",
    "rename_organization",
    "rename_stage",
    "reorder_stages",
    "resend",
    "restore_event",
    "restore_stage",
    "send_next",
    "set_event_picture",
    "set_profile",
    "set_provider",
    "set_stage_delay",
    "unblock",
    "unpublish_event",
    "unregister",
    "withdraw",
]
