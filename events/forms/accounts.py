"""The library's forms, with the word that the product's pages use for an address.

https://docs.allauth.org/en/latest/account/forms.html
"""

from typing import Any

from allauth.account import forms as library
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from events.accounts import leading_on


class _SaysAddress:
    fields: dict[str, Any]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in {"email", "login"} & self.fields.keys():
            self.fields[name].label = self.address_label

    address_label = _("E-mail address")


class LoginForm(_SaysAddress, library.LoginForm):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # The library's own link forgets where one wanted to go.
        self.fields["password"].help_text = format_html(
            '<a href="{}">{}</a>',
            leading_on(self.request, reverse("account_reset_password")),
            _("Forgot your password?"),
        )


class SignupForm(_SaysAddress, library.SignupForm):
    pass


class ResetPasswordForm(_SaysAddress, library.ResetPasswordForm):
    pass


class AddEmailForm(_SaysAddress, library.AddEmailForm):
    address_label = _("New e-mail address")
