"""Support's view of requests to share, of the audit log and of a show's timeline: to look at, never to change.

log.py  rows; timeline.py  all of a Backstage session in one order; mending.py  emptying a tile;
webhooks.py  what programs elsewhere were told
"""

from moderation.admin import log, mending, webhooks

__all__ = ["log", "mending", "webhooks"]
