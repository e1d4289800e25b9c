"""Who asks, and for what: what all views of the API want to know of an address."""

from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from events import selectors
from events.models import Event, Organization, User
from hopin_backstage.rest.views import ApiView

SLUG = r"[-a-zA-Z0-9_]+"
UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
#: Of people, and of what belongs to one.
NUMBER = r"[0-9]{1,18}"
#: In the path of everything that belongs to an event.
EVENT = OpenApiParameter(
    "event",
    {"type": "string", "pattern": f"^{SLUG}$", "maxLength": 80},
    OpenApiParameter.PATH,
    description="Its slug.",
)
#: In the path of everything that belongs to an organization.
ORGANIZATION = OpenApiParameter(
    "organization",
    {"type": "string", "pattern": f"^{SLUG}$", "maxLength": 50},
    OpenApiParameter.PATH,
    description="Its slug.",
)
#: Of members and organizers, who need no registration.
PERSON = OpenApiParameter(
    "person", OpenApiTypes.INT64, OpenApiParameter.PATH, description="The person's `id`."
)
#: An address of a picture.
PICTURE = {"type": "string", "format": "uri", "nullable": True}


def asker(request: Request) -> User:
    """Whoever is signed in: views that ask this let nobody else in."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def address_of(serializer: serializers.Serializer[Any], picture: Any) -> str | None:
    """Whole, as programs need it. Pictures are served to whoever is signed in."""
    if not picture:
        return None
    url: str = serializer.context["request"].build_absolute_uri(picture.url)
    return url


class OfEvent(ApiView):
    """Views below `/events/SLUG/`."""

    def event(self) -> Event:
        """404 also where there is a draft that the asker may not see."""
        found = selectors.event_for(self.request.user, self.kwargs["event"])
        if found is None:
            raise Http404
        return found

    def event_to_run(self) -> Event:
        """404 also where there is one that they do not organize: what only organizers see is not there for others."""
        found = selectors.event_to_run(self.request.user, self.kwargs["event"])
        if found is None:
            raise Http404
        return found


class OfOrganization(ApiView):
    """Views below `/organizations/SLUG/`."""

    def organization(self) -> Organization:
        """404 also where there is one that the asker may not see."""
        found = selectors.organization_for(self.request.user, self.kwargs["organization"])
        if found is None:
            raise Http404
        return found
