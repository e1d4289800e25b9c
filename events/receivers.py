"""What events does when the account library says that something happened."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from events import services
from events.models import User


@receiver(user_logged_out)
def end_visits(sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Signed out is out: of the Backstage in another tab, too."""
    if user is not None:
        # Django does this right after telling us; whoever asks again now must not find the session alive.
        request.session.flush()
        services.ask_again(user)


@receiver([password_changed, password_reset])
def end_visits_of_others(sender: object, user: User, **kwargs: Any) -> None:
    """Whoever sets a new password may do so because somebody else is signed in by the old one: out at once, too."""
    services.ask_again(user)
