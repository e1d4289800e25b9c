"""The wire: commands, replies and notices between pages and server, and the one door through which notices leave."""

from hopin_backstage.realtime.codec import Command, Notice
from hopin_backstage.realtime.errors import Refused
from hopin_backstage.realtime.fanout import publish, publish_all

__all__ = ["Command", "Notice", "Refused", "publish", "publish_all"]
