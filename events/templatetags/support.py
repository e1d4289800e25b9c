"""What **Help** needs: a reference that support finds, and what the page says when somebody may read it out."""

from typing import Any

import structlog
from django import template

from events import tickets

register = template.Library()

#: Characters of the request's id that a person can read out on the telephone.
REFERENCE_LENGTH = 8


@register.simple_tag
def support_reference() -> str:
    """The beginning of `request_id`, as django-structlog writes it on every line about this request."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))[:REFERENCE_LENGTH]


@register.simple_tag(takes_context=True)
def help_ticket(context: Any, reference: str) -> str:
    """Empty where nothing is known of the page."""
    request = context.get("request")
    return tickets.issue(request, reference) if request is not None and reference else ""
