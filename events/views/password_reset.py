"""Forgotten password: the library's page, but for where it leads."""

from allauth.account.views import PasswordResetView as LibrarysPasswordResetView
from django.urls import reverse


class PasswordResetView(LibrarysPasswordResetView):
    def get_success_url(self) -> str:
        """To the page that says that an e-mail is sent. The library's own leads to `next` before anything is done."""
        return self.passthrough_next_url(reverse("account_reset_password_done"))
