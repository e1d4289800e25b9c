"""What support staff look up and mend.

support.py  what all of it has in common; offers.py  links between pages; acts.py  what support does, asked once
people.py   accounts, memberships, registrations, blocks; organizing.py  organizations, events, stages
"""

from events.admin import organizing, people

__all__ = ["organizing", "people"]
