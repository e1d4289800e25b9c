"""Rows for tests, as few fields as the test needs. Rules are not asked: a test that needs them calls the services."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from events.models import Block, Event, Membership, Organization, Registration, Speaker, Stage, User

#: Everybody's; `make_password` is slow on purpose, so it is made once.
PASSWORD = "a long enough password"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@example.com")
    display_name = factory.Sequence(lambda number: f"Person {number}")
    password = factory.django.Password(PASSWORD)


class OrganizationFactory(DjangoModelFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda number: f"Organization {number}")
    slug = factory.Sequence(lambda number: f"organization-{number}")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    organization = factory.SubFactory(OrganizationFactory)
    user = factory.SubFactory(UserFactory)
    role = Membership.Role.MEMBER


class EventFactory(DjangoModelFactory):
    """Published and running now."""

    class Meta:
        model = Event
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda number: f"Event {number}")
    slug = factory.Sequence(lambda number: f"event-{number}")
    starts_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    ends_at = factory.LazyAttribute(lambda event: event.starts_at + timedelta(hours=8))
    status = Event.Status.PUBLISHED

    @factory.post_generation
    def organizers(self, create: bool, people: list[User] | None, **kwargs: object) -> None:
        if create and people:
            self.organizers.add(*people)


class StageFactory(DjangoModelFactory):
    class Meta:
        model = Stage

    event = factory.SubFactory(EventFactory)
    name = "Main Stage"


class RegistrationFactory(DjangoModelFactory):
    class Meta:
        model = Registration

    event = factory.SubFactory(EventFactory)
    user = factory.SubFactory(UserFactory)


class SpeakerFactory(DjangoModelFactory):
    class Meta:
        model = Speaker

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda number: f"Speaker {number}")
    position = factory.Sequence(lambda number: number)


class BlockFactory(DjangoModelFactory):
    class Meta:
        model = Block

    event = factory.SubFactory(EventFactory)
    user = factory.SubFactory(UserFactory)
