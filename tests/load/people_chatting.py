"""People in an event's chat, for bench_chat. In a module of its own, since it runs in the product's process."""


def seed(people: int) -> tuple[str, list[str]]:
    """So many registered people; the event's slug and their sessions. Runs in the product's process."""
    from django.test import Client

    from events.models import Registration, User
    from tests.factories import EventFactory

    event = EventFactory(slug="bench-chat")
    sessions = []
    for number in range(people):
        user = User.objects.create_user(f"person{number}@bench.example", display_name=f"Person {number}")
        Registration.objects.create(event=event, user=user)
        client = Client()
        client.force_login(user)
        sessions.append(client.cookies["sessionid"].value)
    return event.slug, sessions


def batches(slug: str) -> tuple[int, int]:
    """Messages of the event, and in how many transactions they were stored. Runs in the product's process."""
    from chat.models import Message

    # Those of one transaction have one time.
    times = Message.objects.filter(room__event__slug=slug).values_list("created_at", flat=True)
    return len(times), len(set(times))
