"""Support's view of the Backstage: what should be, what was seen, and the way to mend a show.

rows.py  the rows; mending.py  what support does to a show; media_servers.py  what the stagehand sees
"""

from backstage.admin.mending import may_mend, mending_act
from backstage.admin.rows import BackstageSessionAdmin, SlotAdmin
from events.admin.support import ReadOnlyAdmin

__all__ = ["BackstageSessionAdmin", "ReadOnlyAdmin", "SlotAdmin", "may_mend", "mending_act"]
