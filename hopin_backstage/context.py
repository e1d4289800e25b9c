"""What every page is given."""

from django.conf import settings
from django.http import HttpRequest


def support(request: HttpRequest) -> dict[str, object]:
    """The address of the support, for **Help** on every page."""
    return {"support_email": settings.SUPPORT_EMAIL}
