"""What **Help** needs: a reference that support finds in the logs."""

import structlog
from django import template

register = template.Library()

#: Characters of the request's id that a person can read out on the telephone.
REFERENCE_LENGTH = 8


@register.simple_tag
def support_reference() -> str:
    """The beginning of `request_id`, as django-structlog writes it on every line about this request."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))[:REFERENCE_LENGTH]
