"""A few messages in both chats of the demo event, as if people had written them before they came."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from backstage import services as backstage
from chat.models import Mention, Message
from chat.services import room_of_backstage, room_of_event
from chat.services.announcing import locked
from events.demo import EVENT_SLUG, OLIVIA, PEOPLE
from events.models import Event, User

#: Seconds between two messages.
APART_S = 45
#: By the first name of whoever writes, oldest first.
BACKSTAGE = [
    ("Olivia", "Good morning! We go live at the full hour. Please use headphones."),
    ("Sam", "Here already. My slides are ready, 12 minutes with the demo."),
    ("Rosa", "Sound check in five?"),
    ("Olivia", "Yes. Press Ask to Share Audio and Video, and I put you on screen."),
]
EVENT = [
    (
        "Olivia",
        "Welcome to Product Day! Ask your questions here, and the speakers answer them after each talk.",
    ),
    ("Ada", "Hello from Zagreb!"),
    ("Tom", "Will there be a recording?"),
    ("Olivia", "@Tom Hale yes, by tomorrow evening."),
    ("Mia", "Looking forward to the new dashboard."),
]


def fill() -> None:
    """Fills what is empty; needs the event's own demo."""
    event = Event.objects.get(slug=EVENT_SLUG)
    people = {person.name.split()[0]: User.objects.get(email=person.email) for person in PEOPLE}
    _fill(room_of_event(event).pk, EVENT, people)
    for stage in event.stages.filter(provider="hopin", archived_at__isnull=True):
        _fill(room_of_backstage(backstage.backstage_of(stage)).pk, BACKSTAGE, people)


def _fill(room_id: UUID, lines: list[tuple[str, str]], people: dict[str, User]) -> None:
    with locked(room_id) as room:
        if room.last_number:
            return
        began = timezone.now() - timedelta(seconds=APART_S * len(lines))
        written = Message.objects.bulk_create(
            Message(
                room=room,
                number=number,
                author=people[who],
                role=_role(people[who]),
                text=text,
                created_at=began + timedelta(seconds=APART_S * number),
            )
            for number, (who, text) in enumerate(lines, start=1)
        )
        Mention.objects.bulk_create(
            Mention(message=message, person=person, name=person.display_name)
            for message in written
            for person in people.values()
            if f"@{person.display_name}" in message.text
        )
        room.last_number = room.revision = len(lines)
        room.save(update_fields=["last_number", "revision"])


def _role(user: User) -> Message.Role:
    return Message.Role.ORGANIZER if user.email == OLIVIA.email else Message.Role.NONE
