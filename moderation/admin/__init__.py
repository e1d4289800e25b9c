"""Support's view of requests to share, of the audit log and of a show's timeline: to look at, never to change.

log.py  rows; timeline.py  all of a Backstage session in one order; mending.py  emptying a tile
"""

from moderation.admin import log, mending

__all__ = ["log", "mending"]
