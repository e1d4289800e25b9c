"""Invitations to an organization: sent again, withdrawn, and accepted by whoever holds the letter."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from events import permissions, selectors, services
from events.models import Invitation
from events.services.invitations import masked
from events.views.asking import invitation_address, signed_in
from hopin_backstage.realtime import Refused


@login_required
@require_POST
def resend(request: HttpRequest, slug: str, invitation_id: UUID) -> HttpResponse:
    invitation = _invitation_to_run(request, slug, invitation_id)
    return _answer(
        request,
        invitation,
        services.resend,
        _("We have sent %(email)s a new e-mail. The link in the old one no longer works."),
        address_of=invitation_address(request),
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, invitation_id: UUID) -> HttpResponse:
    """Asks nothing: inviting again makes it good."""
    invitation = _invitation_to_run(request, slug, invitation_id)
    return _answer(
        request,
        invitation,
        services.withdraw,
        _("The invitation of %(email)s is withdrawn. The link in the e-mail no longer works."),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the letter reads who invites whom to what; a link that does not work says that and nothing else."""
    found = selectors.invitation_by_token(token)
    if found is None:
        return render(request, "events/invitation_gone.html", status=404)
    mine = permissions.may_accept(request.user, found)
    if request.method == "POST" and mine:
        try:
            services.accept(actor=signed_in(request), token=token)
        except Refused as refusal:
            messages.warning(request, refusal.text)
            return redirect("events:home")
        messages.success(
            request, _("You belong to %(organization)s now.") % {"organization": found.organization}
        )
        return redirect("events:organization", found.organization.slug)
    return render(
        request,
        "events/invitation.html",
        {"invitation": found, "mine": mine, "masked_email": masked(found.email)},
        status=403 if request.method == "POST" else 200,
    )


def _invitation_to_run(request: HttpRequest, slug: str, invitation_id: UUID) -> Invitation:
    user = signed_in(request)
    organization = selectors.organization_for(user, slug)
    if organization is None or not permissions.may_run_organization(user, organization):
        raise Http404
    return get_object_or_404(organization.invitations.select_related("organization"), pk=invitation_id)


def _answer(
    request: HttpRequest, invitation: Invitation, service: Any, sentence: str, **named: Any
) -> HttpResponse:
    try:
        service(actor=signed_in(request), invitation=invitation, **named)
    except Refused as refusal:
        # To whom it was sent is known here; whoever runs the organization is not the person invited.
        messages.warning(request, refusal.text)
    else:
        messages.success(request, sentence % {"email": invitation.email})
    return redirect("events:members", invitation.organization.slug)
