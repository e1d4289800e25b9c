"""The names of all groups, in one place."""

from uuid import UUID

#: The stagehand: told that something it looks after has changed.
STAGEHAND = "stagehand"


def backstage(backstage_session: UUID) -> str:
    """Everybody inside one Backstage."""
    return f"backstage.{backstage_session.hex}"


def media(backstage_session: UUID) -> str:
    """The media connections of one Backstage; what is said here never reaches a page."""
    return f"media.{backstage_session.hex}"


def moderation(backstage_session: UUID) -> str:
    """The organizers inside one Backstage."""
    return f"moderation.{backstage_session.hex}"


def participant(participant_id: UUID) -> str:
    """One person in one Backstage, wherever they have it open."""
    return f"participant.{participant_id.hex}"


def asker(participant_id: UUID) -> str:
    """The same person, about their request to share."""
    return f"asker.{participant_id.hex}"


def askers(backstage_session: UUID) -> str:
    """The moderation connections of one Backstage, organizers' and others'; what is said here never reaches a page."""
    return f"askers.{backstage_session.hex}"


def user(user_id: int) -> str:
    """All connections of one person, wherever they are."""
    return f"user.{user_id}"


def viewer(user_id: int) -> str:
    """All Stage pages of one person."""
    return f"viewer.{user_id}"


def door(backstage_session: UUID) -> str:
    """Those who wait for a place in one Backstage."""
    return f"door.{backstage_session.hex}"


def stage(stage_id: UUID) -> str:
    """Everybody who watches one Stage."""
    return f"stage.{stage_id.hex}"


def chat(room: UUID) -> str:
    """Everybody who reads a chat; of an event's those who are not backstage."""
    return f"chat.{room.hex}"


def chat_from_backstage(room: UUID) -> str:
    """Those who read an event's chat from backstage, and are told how messages lie to what the audience saw."""
    return f"chat-from-backstage.{room.hex}"


def chat_moderation(room: UUID) -> str:
    """The organizers in a chat."""
    return f"chat-moderation.{room.hex}"


def chat_person(room: UUID, user_id: int) -> str:
    """One person in a chat, wherever they have it open."""
    return f"chat-person.{room.hex}.{user_id}"
