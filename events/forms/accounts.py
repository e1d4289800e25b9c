"""The library's forms, with the word that the product's pages use for an address.

https://docs.allauth.org/en/latest/account/forms.html
"""

from typing import Any

from allauth.account import forms as library
from django.utils.translation import gettext_lazy as _


class _SaysAddress:
    fields: dict[str, Any]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in {"email", "login"} & self.fields.keys():
            self.fields[name].label = self.address_label

    address_label = _("E-mail address")


class LoginForm(_SaysAddress, library.LoginForm):
    pass


class SignupForm(_SaysAddress, library.SignupForm):
    pass


class ResetPasswordForm(_SaysAddress, library.ResetPasswordForm):
    pass


class AddEmailForm(_SaysAddress, library.AddEmailForm):
    address_label = _("New e-mail address")
