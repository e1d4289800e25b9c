"""What stands in the audit log, as a sentence that somebody can read out."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstage.actions import Action
from moderation.models import AuditEntry

SENTENCES: dict[str, str | Promise] = {
    Action.ASKED: gettext_lazy("%(actor)s asked to share audio and video"),
    Action.WITHDREW: gettext_lazy("%(actor)s withdrew the request to share"),
    Action.ACCEPTED: gettext_lazy("%(actor)s put %(target)s on screen"),
    Action.DECLINED: gettext_lazy("%(actor)s declined the request of %(target)s"),
    Action.DEQUEUED: gettext_lazy("%(actor)s took %(target)s out of the queue"),
    Action.MUTED: gettext_lazy("%(actor)s muted %(target)s"),
    Action.UNMUTED: gettext_lazy("%(actor)s allowed %(target)s to unmute"),
    Action.SCREEN_REMOVED: gettext_lazy("%(actor)s removed the screen that %(target)s shared"),
    Action.REMOVED: gettext_lazy("%(actor)s removed %(target)s from the screen"),
    Action.BLOCKED: gettext_lazy("%(actor)s blocked %(target)s from the event"),
    Action.UNBLOCKED: gettext_lazy("%(actor)s unblocked %(target)s"),
    Action.LINK_RESET: gettext_lazy("%(actor)s reset the Backstage link"),
    Action.BROADCAST_STARTED: gettext_lazy("%(actor)s pressed Broadcast"),
    Action.BROADCAST_STOPPED: gettext_lazy("%(actor)s pressed Stop Broadcasting"),
    Action.CUT: gettext_lazy("%(actor)s pressed Cut now"),
    Action.EVENT_CREATED: gettext_lazy("%(actor)s created the event"),
    Action.EVENT_EDITED: gettext_lazy("%(actor)s changed the event"),
    Action.EVENT_PUBLISHED: gettext_lazy("%(actor)s published the event"),
    Action.EVENT_UNPUBLISHED: gettext_lazy("%(actor)s made the event a draft again"),
    Action.EVENT_ARCHIVED: gettext_lazy("%(actor)s archived the event"),
    Action.EVENT_RESTORED: gettext_lazy("%(actor)s restored the event"),
    Action.ORGANIZER_ADDED: gettext_lazy("%(actor)s made %(target)s an organizer"),
    Action.ORGANIZER_REMOVED: gettext_lazy("%(actor)s took organizer back from %(target)s"),
    Action.SPEAKER_ADDED: gettext_lazy("%(actor)s added %(detail)s to the speakers"),
    Action.SPEAKER_EDITED: gettext_lazy("%(actor)s changed what stands about the speaker %(detail)s"),
    Action.SPEAKER_REMOVED: gettext_lazy("%(actor)s removed %(detail)s from the speakers"),
    Action.SPEAKER_MOVED: gettext_lazy("%(actor)s moved %(detail)s among the speakers"),
    Action.STAGES_REORDERED: gettext_lazy("%(actor)s changed the order of the stages"),
    Action.PEOPLE_EXPORTED: gettext_lazy("%(actor)s exported the list of people"),
    Action.STAGE_ADDED: gettext_lazy("%(actor)s added the stage %(detail)s"),
    Action.STAGE_RENAMED: gettext_lazy("%(actor)s renamed a stage"),
    Action.DELAY_CHANGED: gettext_lazy("%(actor)s changed the delay of a stage"),
    Action.PROVIDER_CHANGED: gettext_lazy("%(actor)s changed where the picture of a stage comes from"),
    Action.STAGE_ARCHIVED: gettext_lazy("%(actor)s archived the stage %(detail)s"),
    Action.STAGE_RESTORED: gettext_lazy("%(actor)s restored the stage %(detail)s"),
    Action.MESSAGE_DELETED: gettext_lazy("%(actor)s deleted a message of %(target)s"),
    Action.CHAT_MUTED: gettext_lazy("%(actor)s muted %(target)s in chat"),
    Action.CHAT_UNMUTED: gettext_lazy("%(actor)s allowed %(target)s to write in chat"),
    Action.WEBHOOK_CREATED: gettext_lazy("%(actor)s made a webhook to %(detail)s"),
    Action.WEBHOOK_PAUSED: gettext_lazy("%(actor)s paused the webhook to %(detail)s"),
    Action.WEBHOOK_RESUMED: gettext_lazy("%(actor)s resumed the webhook to %(detail)s"),
    Action.WEBHOOK_DELETED: gettext_lazy("%(actor)s deleted the webhook to %(detail)s"),
}

#: Where nobody did it.
BY_ITSELF: dict[str, str | Promise] = {
    Action.BROADCAST_STOPPED: gettext_lazy("The broadcast stopped by itself, because the Stage was closed"),
}

#: What a detail means, where it is a word for programs.
MEANING: dict[str, str | Promise] = {
    "keep_inside": gettext_lazy("Those inside stayed"),
    "everybody_again": gettext_lazy("Everybody had to come in again"),
    "name": gettext_lazy("name"),
    "description": gettext_lazy("description"),
    "picture": gettext_lazy("picture"),
    "starts_at": gettext_lazy("start"),
    "ends_at": gettext_lazy("end"),
    "time_zone": gettext_lazy("time zone"),
    "registration_open": gettext_lazy("whether registration is open"),
    "capacity": gettext_lazy("capacity"),
}


def sentence(entry: AuditEntry) -> str:
    """With the names as they were then. An action that has no sentence yet is told by its label."""
    names = {
        "actor": entry.actor_name or _("Somebody"),
        "target": entry.target_name or _("somebody"),
        "detail": entry.detail,
    }
    if not entry.actor_name and entry.action in BY_ITSELF:
        return str(BY_ITSELF[entry.action])
    if entry.action in SENTENCES:
        return str(SENTENCES[entry.action]) % names
    action = _("%(actor)s: %(action)s") % {**names, "action": entry.get_action_display()}
    return f"{action} {entry.target_name}".rstrip()


def detail(entry: AuditEntry) -> str:
    """What more there is to say, in words; empty where the sentence has said it all."""
    if "%(detail)s" in str(SENTENCES.get(entry.action, "")) or (
        not entry.actor_name and entry.action in BY_ITSELF
    ):
        return ""
    if entry.action == Action.DECLINED:
        return f"“{entry.detail}”" if entry.detail else ""
    if entry.action == Action.EVENT_CREATED:
        return _("As a copy of %(event)s") % {"event": entry.detail} if entry.detail else ""
    if entry.action in (Action.EVENT_EDITED, Action.LINK_RESET):
        return ", ".join(str(MEANING.get(word, word)) for word in entry.detail.split(", "))
    return entry.detail
