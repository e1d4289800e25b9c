"""What tests do to a chat behind the pages of those who look: all of it runs in the product's process."""


def fill(slug: str, token: str, texts: list[str], *, event: bool = False, told: bool = False) -> None:
    """What was written before anybody came, by Ken and Mia in turn, a minute apart.

    `told`: everybody is there already, and is told of all of it at once.
    """
    from datetime import timedelta

    from django.db import transaction
    from django.utils import timezone

    from backstage.models import BackstageSession
    from chat import services
    from chat.models import Message
    from chat.services.announcing import announce_posted
    from events.models import User

    session = BackstageSession.objects.get(link_token=token)
    room = services.room_of_event(session.stage.event) if event else services.room_of_backstage(session)
    authors = [User.objects.get(email=f"{who}@{slug}.example") for who in ("ken", "mia")]
    began = timezone.now() - timedelta(minutes=len(texts))
    made = [
        Message(
            room=room,
            number=number,
            author=authors[number // 3 % 2],
            text=text,
            created_at=began + timedelta(minutes=number - room.last_number),
        )
        for number, text in enumerate(texts, start=room.last_number + 1)
    ]
    room.last_number += len(texts)
    room.revision += len(texts)
    with transaction.atomic():
        Message.objects.bulk_create(made)
        room.save()
        if told:
            announce_posted(room, made)


def age(slug: str, minutes: dict[str, int]) -> None:
    """By their text, messages become so old."""
    from datetime import timedelta

    from django.utils import timezone

    from chat.models import Message

    for text, old in minutes.items():
        found = Message.objects.filter(room__event__slug=slug, text=text)
        assert found.update(created_at=timezone.now() - timedelta(minutes=old)) == 1


def was_on_screen(token: str, who: str) -> None:
    """And may return there, so this is a speaker."""
    from django.utils import timezone

    from backstage.models import BackstageSession, Participant
    from events.models import User

    session = BackstageSession.objects.select_related("stage__event").get(link_token=token)
    user = User.objects.get(email=f"{who}@{session.stage.event.slug}.example")
    Participant.objects.create(backstage_session=session, user=user, may_return=True, left_at=timezone.now())


def let_all_write(slug: str) -> None:
    """The event is published, and nobody is muted."""
    from chat import services as chat
    from chat.models import ChatMute
    from events import services
    from events.models import Event, User

    event, olivia = Event.objects.get(slug=slug), User.objects.get(email=f"olivia@{slug}.example")
    if event.status == Event.Status.DRAFT:
        services.publish_event(actor=olivia, event=event)
    for mute in ChatMute.objects.filter(event=event):
        chat.mute(actor=olivia, event=event, person_id=mute.user_id, muted=False)


def write(slug: str, who: str, text: str) -> None:
    """Somebody without a page sends this."""
    from uuid import uuid4

    from chat import services
    from events.models import Event, User

    room = services.room_of_event(Event.objects.get(slug=slug))
    author = User.objects.get(email=f"{who}@{slug}.example")
    services.send(room=room, post=services.Post(actor=author, client_id=uuid4(), text=text))


def when_seen(slug: str, text: str) -> str:
    """ISO 8601, what the author saw then was captured."""
    from chat.models import Message

    seen_at = Message.objects.get(room__event__slug=slug, text=text).seen_at
    assert seen_at is not None
    return seen_at.isoformat()


def forget(slug: str, who: str) -> None:
    """An organizer deletes whatever somebody has written, the newest first."""
    from chat import services
    from chat.models import Message
    from events.models import User

    olivia = User.objects.get(email=f"olivia@{slug}.example")
    found = Message.objects.filter(author__email=f"{who}@{slug}.example", deleted_at=None)
    for message in found.select_related("room").order_by("-created_at", "-number"):
        services.delete(actor=olivia, room=message.room, message_id=message.pk)


def rename(slug: str, names: dict[str, str]) -> None:
    """Past what a form would make of them."""
    from events.models import User

    for who, name in names.items():
        assert User.objects.filter(email=f"{who}@{slug}.example").update(display_name=name) == 1


def namesake(slug: str) -> None:
    """A second Ada comes."""
    from events.models import Event, Registration, User

    user = User.objects.create_user(f"ada2@{slug}.example", display_name="Ada Kovač")
    Registration.objects.create(event=Event.objects.get(slug=slug), user=user)


def mentioned(slug: str, text: str) -> int:
    """How many people, by the message of this text."""
    from chat.models import Mention

    return Mention.objects.filter(message__room__event__slug=slug, message__text=text).count()


def who_is_mentioned(slug: str, texts: list[str]) -> list[int]:
    """By the messages of these texts: the ids."""
    from chat.models import Mention

    found = Mention.objects.filter(message__room__event__slug=slug, message__text__in=texts)
    return list(found.values_list("person_id", flat=True))


def unpublish(slug: str) -> None:
    """As an organizer does on the event's settings."""
    from events import services
    from events.models import Event, User

    actor = User.objects.get(email=f"olivia@{slug}.example")
    services.unpublish_event(actor=actor, event=Event.objects.get(slug=slug))


def delete_first(token: str) -> None:
    """In the Backstage's chat, as its organizer does."""
    from backstage.models import BackstageSession
    from chat import services
    from events.models import User

    session = BackstageSession.objects.get(link_token=token)
    room = services.room_of_backstage(session)
    organizer = User.objects.get(email=f"olivia@{session.stage.event.slug}.example")
    services.delete(actor=organizer, room=room, message_id=room.messages.get(number=1).pk)
