"""What django-allauth is told about our accounts; sign-up, sign-in, confirmation and reset are its own.

https://docs.allauth.org/en/latest/account/adapter.html
"""

from typing import ClassVar
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailConfirmation
from allauth.account.utils import get_next_redirect_url
from django import forms
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from events.models import DISPLAY_NAME_LENGTH, User
from events.text import one_line

#: In a browser's session: the address that the page behind a sign-up names (account/verification_sent.html).
LETTER_SENT_TO = "letter_sent_to"


class AccountAdapter(DefaultAccountAdapter):
    #: The library's own, in the product's voice: what happened, and what to do.
    error_messages: ClassVar[dict[str, object]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account has been closed. Write to the support if that is a mistake."),
        "email_password_mismatch": _("This e-mail address and password do not belong together. Check both."),
        "email_taken": _("There is an account with this e-mail address already. Sign in instead."),
        "invalid_login": _("This e-mail address and password do not belong together. Check both."),
        "invalid_password_reset": _("This link no longer works. Ask for a new one."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, or reset your password."),
        "unknown_email": _("There is no account with this e-mail address. Check the spelling, or sign up."),
    }

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: EmailConfirmation) -> str:
        return leading_on(request, super().get_email_confirmation_url(request, emailconfirmation))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Where the change was asked for; the message says that it is done."""
        return reverse("events:profile")

    def respond_email_verification_sent(
        self, request: HttpRequest, user: AbstractBaseUser | None
    ) -> HttpResponseBase:
        """The page that follows names the address as it was typed: alike whether there is an account with it or not."""
        request.session[LETTER_SENT_TO] = request.POST.get("email") or request.POST.get("login") or ""
        return super().respond_email_verification_sent(request, user)

    def is_safe_url(self, url: str) -> bool:
        """Only this host: the library would also allow every name in ALLOWED_HOSTS."""
        return is_own_url(self.request, url)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        if "password_reset_url" in context:
            reset = leading_on(self.request, str(context["password_reset_url"]))
            context = {**context, "password_reset_url": reset}
        super().send_mail(template_prefix, email, {"support_email": settings.SUPPORT_EMAIL, **context})


def leading_on(request: HttpRequest | None, url: str) -> str:
    """With `next` in it: a letter may be opened in a browser that knows nothing of the way here."""
    onward = get_next_redirect_url(request, REDIRECT_FIELD_NAME) if request else None
    return f"{url}?{urlencode({REDIRECT_FIELD_NAME: onward})}" if onward else url


def is_own_url(request: HttpRequest, url: str) -> bool:
    """Whether somebody may be sent there after signing in or registering: a page of this very site."""
    return url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


class SignupForm(forms.Form):
    """What sign-up asks beside the library's own fields, e-mail and password."""

    display_name = forms.CharField(
        label=_("Your name"),
        max_length=DISPLAY_NAME_LENGTH,
        help_text=_("Everybody in an event sees it."),
        error_messages={"required": _("Enter the name that others should see.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["display_name", "email", "password1"]

    def clean_display_name(self) -> str:
        name = one_line(self.cleaned_data["display_name"])
        if not name:
            raise forms.ValidationError(self.fields["display_name"].error_messages["required"])
        return name

    def signup(self, request: HttpRequest, user: User) -> None:
        """The library calls this once the account is made."""
        user.display_name = self.cleaned_data["display_name"]
        user.save(update_fields=["display_name"])
