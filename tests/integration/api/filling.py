"""More of everything that lists show."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from backstage import services as backstage
from backstage.models import Broadcast
from chat import services as chat
from chat.models import Mention, Message
from events.models import Invitation, Speaker, SpeakerLink
from tests.factories import EventFactory, MembershipFactory, RegistrationFactory, StageFactory, UserFactory
from tests.integration.api.conftest import House


def fill(house: House, number: int) -> None:
    for _ in range(number):
        MembershipFactory(user=house.olivia, role="owner")
        organization = house.event.organization
        EventFactory(organization=organization)
        MembershipFactory(organization=organization)
        Invitation.objects.create(
            organization=organization,
            email=f"{uuid4().hex}@example.com",
            token_digest=uuid4().hex,
            invited_by=UserFactory(),
            expires_at=timezone.now() + timedelta(days=7),
        )
        session = backstage.backstage_of(StageFactory(event=house.event))
        Broadcast.objects.create(
            backstage_session=session, delay_s=12, on_air_at=timezone.now() - timedelta(minutes=1)
        )
        speaker = Speaker.objects.create(event=house.event, name="Grace")
        SpeakerLink.objects.create(speaker=speaker, url="https://example.com")
        user = UserFactory()
        RegistrationFactory(event=house.event, user=user)
        house.event.organizers.add(UserFactory())
        house.ask(user)
        for room in (chat.room_of_event(house.event), chat.room_of_backstage(house.session)):
            room.last_number += 1
            room.save()
            said = Message.objects.create(
                room=room, number=room.last_number, author=user, text=f"@{house.ada} look"
            )
            Mention.objects.create(message=said, person=house.ada, name="Ada")
