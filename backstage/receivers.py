"""What the Backstage does when an account says that something happened."""

from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from backstage import services
from backstage.models import Participant
from events.models import User
from events.signals import account_closing


@receiver(account_closing)
def leave_everywhere(sender: object, user: User, **kwargs: Any) -> None:
    """Tiles and places are given back as on leaving: the rows alone, gone with the account, would tell nobody."""
    inside = Q(left_at__isnull=True) | Q(waiting_since__isnull=False)
    for participant in Participant.objects.filter(inside, user=user):
        services.leave(participant_id=participant.pk)
