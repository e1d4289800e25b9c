"""A person's own page, and the way out for good."""

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events import selectors, services
from events.forms.profile import ProfileForm
from events.views.asking import signed_in
from hopin_backstage.realtime import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = ProfileForm(
        request.POST or None,
        request.FILES or None,
        initial={"display_name": user.display_name, "photo": user.photo},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.set_profile(actor=user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("events:profile")
    # A name that was refused is not the person's yet: the page's frame shows the one they have.
    return render(request, "events/profile.html", {"form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_account(request: HttpRequest) -> HttpResponse:
    """Says what would go, and does it by the form on it; for both the password was given within five minutes.

    Where an organization cannot do without the person it says what has to be done first, and has no form.
    """
    if request.method != "POST":
        return _ask(request)
    try:
        return _delete(request)
    except ReauthenticationRequired:
        # Left to the library, this very request would be carried out behind the password, now or much later.
        return redirect("events:delete_account")


@reauthentication_required
def _ask(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    context = {
        "holds": selectors.holds_on_account(user),
        "alone": selectors.organizations_of_nobody_but(user),
        "numbers": selectors.belongings(user),
    }
    return render(request, "events/delete_account.html", context)


@reauthentication_required
def _delete(request: HttpRequest) -> HttpResponse:
    try:
        services.delete_account(actor=signed_in(request))
    except Refused as refusal:
        messages.warning(request, refusal.text)
        return redirect("events:delete_account")
    # Not `logout`: it would tell the receivers of its signal of somebody who is no more.
    request.session.flush()
    request.user = AnonymousUser()
    messages.success(request, _("Your account is deleted."))
    return redirect("events:home")
