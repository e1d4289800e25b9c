"""Every write of the Backstage. Each is one transaction, and announces itself when that is committed.

announcing.py  one writer at a time, and what everybody is told
entry.py       coming in, leaving; door.py  the line at the door; attendance.py  being away; kept.py  for how long
places.py      places on screen; screens.py  sharing a screen
feeds.py       what Janus carries
show.py        on air and off
stages.py      where the picture of a Stage comes from, and putting it away
link.py        the Backstage link
observed.py    what the stagehand saw
movements.py   what is kept of coming and going; media_log.py  what is kept of media; mending.py  what support does
"""

from backstage.services.announcing import announce_tiles, locked
from backstage.services.attendance import close, mark_away, note_presence, put_out_uninvited
from backstage.services.entry import (
    backstage_of,
    backstages_of,
    check_directing,
    check_entry,
    check_inside,
    check_still_allowed,
    check_still_directing,
    check_still_inside,
    check_watching,
    come_to_stage,
    director,
    enter,
    leave,
    not_inside,
)
from backstage.services.feeds import claim_place, feed_started, feed_stopped, link_is, media_arrive
from backstage.services.kept import PLACE_KEPT, SEAT_KEPT
from backstage.services.link import reset_link
from backstage.services.media_log import forget_old, note_media_events
from backstage.services.mending import SUPPORT, check_mending, mend_by_cutting, mend_by_stopping
from backstage.services.observed import (
    broadcast_ended,
    capture_began,
    layout_aired,
    mountpoint_is_ready,
    room_is_ready,
    talking_changed,
    viewers_counted,
    went_on_air,
)
from backstage.services.places import (
    forget_return,
    give_place,
    note_asking,
    put_on_screen,
    set_devices,
    set_muted,
    take_person_off,
    take_place,
)
from backstage.services.screens import give_screen, take_screen, take_screen_off
from backstage.services.show import cut_now, set_delay, start_broadcast, stop_broadcast
from backstage.services.stages import archive_stage, set_provider

__all__ = [
    "PLACE_KEPT",
    "SEAT_KEPT",
    "SUPPORT",
    "announce_tiles",
    "archive_stage",
    "backstage_of",
    "backstages_of",
    "broadcast_ended",
    "capture_began",
    "check_directing",
    "check_entry",
    "check_inside",
    "check_mending",
    "check_still_allowed",
    "check_still_directing",
    "check_still_inside",
    "check_watching",
    "claim_place",
    "close",
    "come_to_stage",
    "cut_now",
    "director",
    "enter",
    "feed_started",
    "feed_stopped",
    "forget_old",
    "forget_return",
    "give_place",
    "give_screen",
    "layout_aired",
    "leave",
    "link_is",
    "locked",
    "mark_away",
    "media_arrive",
    "mend_by_cutting",
    "mend_by_stopping",
    "mountpoint_is_ready",
    "not_inside",
    "note_asking",
    "note_media_events",
    "note_presence",
    "put_on_screen",
    "put_out_uninvited",
    "reset_link",
    "room_is_ready",
    "set_delay",
    "set_devices",
    "set_muted",
    "set_provider",
    "start_broadcast",
    "stop_broadcast",
    "take_person_off",
    "take_place",
    "take_screen",
    "take_screen_off",
    "talking_changed",
    "viewers_counted",
    "went_on_air",
]
