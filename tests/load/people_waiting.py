"""People in a queue, for bench_moderation. In a module of its own, since it runs in the product's process."""


def seed(waiting: int) -> tuple[str, dict[str, str], str]:
    """Two organizers, three who ask, a speaker on screen, and people who wait; runs in the product's process."""
    from django.test import Client

    from backstage import services as backstage
    from events.models import User
    from moderation import services as moderation
    from tests.factories import EventFactory, RegistrationFactory, StageFactory

    event = EventFactory()
    session = backstage.backstage_of(StageFactory(event=event))
    cookies, asker = {}, ""
    for who in [
        "organizer",
        "other",
        "asker",
        "last",
        "leaver",
        "speaker",
        *(f"guest{number}" for number in range(waiting)),
    ]:
        user = User.objects.create_user(f"{who}@bench.example", display_name=who.title())
        RegistrationFactory(event=event, user=user)
        if who in ("organizer", "other"):
            event.organizers.add(user)
        participant = backstage.enter(session=session, actor=user, link_token=session.link_token)
        if who == "speaker":
            backstage.put_on_screen(participant=participant, microphone=True, camera=True)
        elif who == "asker":
            asker = str(participant.id)
        elif who.startswith("guest"):
            moderation.ask(actor=participant, microphone=True, camera=True)
            # People whose lines are lost would leave within the minute.
            continue
        client = Client()
        client.force_login(user)
        cookies[who] = client.cookies["sessionid"].value
    return session.link_token, cookies, asker
