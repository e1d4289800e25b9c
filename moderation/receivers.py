"""What moderation does when the Backstage says that something happened."""

from typing import Any

from django.dispatch import receiver

from backstage.models import Participant
from backstage.signals import participant_left
from moderation import services


@receiver(participant_left)
def end_request(sender: object, participant: Participant, **kwargs: Any) -> None:
    services.end_request_of(participant=participant)
