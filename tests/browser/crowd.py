"""People without browsers: they stand in the queue or on screen by the product's own services. Run in its process."""


def wait_in_queue(token: str, count: int) -> list[str]:
    """So many new people ask to share, in this order. Gives their names."""
    from backstage import services as backstage
    from backstage.models import BackstageSession
    from events.models import Registration, User
    from moderation import services as moderation

    session = BackstageSession.objects.select_related("stage__event").get(link_token=token)
    names = []
    for number in range(1, count + 1):
        name = f"Guest Number {number} of Some"
        user = User.objects.create_user(
            f"guest{number}@{session.stage.event.slug}.example", display_name=name
        )
        Registration.objects.create(event=session.stage.event, user=user)
        person = backstage.enter(session=session, actor=user, link_token=token)
        moderation.ask(actor=person, microphone=True, camera=True)
        names.append(name)
    return names


def answer_guest(token: str, organizer: str, name: str, answer: str) -> None:
    """The organizer answers a person who waits. `answer`: a function of the services, `accept` or `dequeue`."""
    from backstage.models import Participant
    from moderation import services as moderation
    from moderation.models import ShareRequest

    inside = Participant.objects.filter(backstage_session__link_token=token)
    request = ShareRequest.objects.get(
        participant__in=inside, participant__user__display_name=name, state="waiting"
    )
    actor = inside.get(user__display_name=organizer)
    getattr(moderation, answer)(actor=actor, request_id=request.id)


def share_screen(token: str, name: str) -> None:
    from backstage import services as backstage
    from backstage.models import Participant

    actor = Participant.objects.get(backstage_session__link_token=token, user__display_name=name)
    backstage.take_screen(actor=actor, sound=False, instead=False)


def end_screen(token: str, name: str) -> None:
    from backstage import services as backstage
    from backstage.models import Participant

    backstage.give_screen(
        actor=Participant.objects.get(backstage_session__link_token=token, user__display_name=name)
    )


def give_photo(slug: str, who: str) -> None:
    """As the person chooses it on their profile."""
    from io import BytesIO

    from django.core.files.base import ContentFile
    from PIL import Image

    from events import services as events
    from events.models import User
    from events.pictures import clean_picture

    drawn = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(drawn, "PNG")
    user = User.objects.get(email=f"{who}@{slug}.example")
    photo = clean_picture(ContentFile(drawn.getvalue(), name="me.png"), longest_side=64)
    events.set_profile(actor=user, display_name=user.display_name, photo=photo)


def lose_photo(slug: str, who: str) -> None:
    """Its file is gone, and pages still ask for it."""
    from events.models import User

    photo = User.objects.get(email=f"{who}@{slug}.example").photo
    photo.storage.delete(photo.name)
