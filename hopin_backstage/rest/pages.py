"""The pages for people: their tokens, and the API to browse."""

from datetime import timedelta
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from hopin_backstage.realtime import Refused
from hopin_backstage.rest import selectors, services, shown_once

#: By the days that stand in the form; 0: until it is revoked.
LASTS = {
    30: gettext_lazy("30 days"),
    90: gettext_lazy("90 days"),
    365: gettext_lazy("One year"),
    0: gettext_lazy("Until I revoke it"),
}


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("So that you know later which program has it."),
        error_messages={"required": gettext_lazy("Give the token a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    lasts = forms.TypedChoiceField(
        label=gettext_lazy("Works for"), choices=list(LASTS.items()), coerce=int, initial=90
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def tokens(request: HttpRequest) -> HttpResponse:
    """POST makes one and sends on to where it is shown, this once: who loads that again makes no second one.

    The password was given within five minutes: a token goes on where somebody left a browser open for a moment.
    """
    form = TokenForm(request.POST or None, initial=_typed_before(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _make(request, form)
        except Refused as refusal:
            form.add_error(None, refusal.text)
        except ReauthenticationRequired:
            # Left to the library, this very request would be carried out behind the password, now or much later.
            typed = urlencode({name: request.POST[name] for name in form.fields})
            onward = urlencode({"next": f"{reverse('tokens')}?{typed}"})
            return redirect(f"{reverse('account_reauthenticate')}?{onward}")
    return render(
        request,
        "account/tokens.html",
        {
            **shown_once.take(request),
            "form": form,
            "tokens": selectors.tokens_of(request.user),
            "now": timezone.now(),
        },
    )


def _typed_before(request: HttpRequest) -> dict[str, object]:
    """What stood in the form when the password was asked for."""
    return {name: request.GET[name] for name in TokenForm.base_fields if name in request.GET}


@reauthentication_required
@sensitive_variables()
@transaction.atomic
def _make(request: HttpRequest, form: TokenForm) -> HttpResponse:
    """One that could not be shown is not made."""
    days = form.cleaned_data["lasts"]
    token = services.create_token(
        actor=request.user,
        name=form.cleaned_data["name"],
        lasts=timedelta(days=days) if days else None,
    )
    return shown_once.redirect_to_show(request, reverse("tokens"), token)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, token_key: str) -> HttpResponse:
    """GET asks. One that is revoked twice, in two tabs, is revoked."""
    if request.method != "POST":
        token = get_object_or_404(selectors.tokens_of(request.user), token_key=token_key)
        return render(request, "account/revoke_token.html", {"token": token})
    services.revoke_token(actor=request.user, token_key=token_key)
    messages.success(request, _("The token is revoked. Whatever used it is signed out."))
    return redirect("tokens")


@require_safe
@never_cache
def browse(request: HttpRequest) -> HttpResponse:
    """Swagger UI. It calls the API by the session of whoever is signed in, so it needs their CSRF token."""
    return render(
        request,
        "api/browse.html",
        {"document": reverse("api:document"), "csrf": get_token(request)},
    )
