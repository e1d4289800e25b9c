"""`{% invited_address as masked %}`: whom the invitation is for that somebody came from to make an account."""

from typing import Any

from django import template
from django.urls import Resolver404, resolve

from events import selectors
from events.services.invitations import masked
from events.views.asking import onward

register = template.Library()


@register.simple_tag(takes_context=True)
def invited_address(context: Any) -> str:
    """Masked: the link may have been forwarded. Empty where nobody was invited, or the link no longer works."""
    request = context.get("request")
    try:
        page = resolve(onward(request)) if request is not None else None
    except Resolver404:
        return ""
    if page is None or page.view_name != "events:invitation":
        return ""
    invitation = selectors.invitation_by_token(page.kwargs["token"])
    return masked(invitation.email) if invitation else ""
