"""What the API does when the account library says that something happened."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.dispatch import receiver

from hopin_backstage.rest import services


@receiver([password_changed, password_reset])
def end_programs(sender: object, user: Any, **kwargs: Any) -> None:
    """Whoever changes a password may do so because somebody else knows it, who could have made tokens."""
    services.revoke_all_tokens(user=user)
