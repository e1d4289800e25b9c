"""Every write of organizations, events, registrations and stages.

Keyword-only; `actor` is the person who asks; each is one transaction and raises Refused where a rule says no.
None of them reaches outside the database: what must follow in a Backstage is done by the layers above.
"""

from events.services.access import ask_again
from events.services.blocks import block, unblock
from events.services.events import add_organizer, create_event
from events.services.help import note_help
from events.services.organizations import add_member, create_organization
from events.services.registrations import register, unregister
from events.services.stages import create_stage, set_stage_delay

__all__ = [
    "add_member",
    "add_organizer",
    "ask_again",
    "block",
    "create_event",
    "create_organization",
    "create_stage",
    "note_help",
    "register",
    "set_stage_delay",
    "unblock",
    "unregister",
]
