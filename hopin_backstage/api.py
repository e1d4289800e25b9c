"""`/api/v1/`: what every app has to offer there, put together."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from backstage.api import Sessions, Stages
from chat.api import BackstageMessages, EventMessages
from events.api.asking import SLUG, UUID
from events.api.events import Events
from events.api.organizations import Invitations, Members, Organizations
from events.api.organizers import Organizers
from events.api.registrations import MyRegistrationView, Registrations
from events.api.speakers import Speakers
from events.views.errors import server_error as page_error
from hopin_backstage.rest.errors import server_error as api_error
from hopin_backstage.rest.pages import browse
from hopin_backstage.rest.views import ApiView, NothingHere
from moderation.api import AuditLog, Requests

ORGANIZATION = rf"organizations/(?P<organization>{SLUG})"
EVENT = rf"events/(?P<event>{SLUG})"
SESSION = rf"{EVENT}/backstage-sessions/(?P<session>{UUID})"

app_name = "api"


class Document(ApiView):
    """The OpenAPI document; whoever reads it may do nothing by that."""

    renderer_classes = [OpenApiJsonRenderer]
    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(document())


@cache
def document() -> Any:
    """Once in each process: it takes a good part of a second to make, and is the same for everybody."""
    with override(settings.LANGUAGE_CODE):
        return SchemaGenerator().get_schema(public=True)


router = SimpleRouter()
router.register("organizations", Organizations, basename="organization")
router.register(f"{ORGANIZATION}/members", Members, basename="member")
router.register(f"{ORGANIZATION}/invitations", Invitations, basename="invitation")
router.register("events", Events, basename="event")
router.register(f"{EVENT}/stages", Stages, basename="stage")
router.register(f"{EVENT}/registrations", Registrations, basename="registration")
router.register(f"{EVENT}/organizers", Organizers, basename="organizer")
router.register(f"{EVENT}/speakers", Speakers, basename="speaker")
router.register(f"{EVENT}/backstage-sessions", Sessions, basename="backstage-session")
router.register(f"{SESSION}/requests", Requests, basename="request")
router.register(f"{EVENT}/messages", EventMessages, basename="event-message")
router.register(f"{SESSION}/messages", BackstageMessages, basename="backstage-message")
router.register(f"{EVENT}/audit-log", AuditLog, basename="audit-entry")

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", browse, name="browse"),
    path("v1/openapi.json", Document.as_view(), name="document"),
    path("v1/", include(router.urls)),
    path("v1/events/<slug:event>/registration/", MyRegistrationView.as_view(), name="my-registration"),
    re_path("", NothingHere.as_view()),
]


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: programs are told in their form."""
    return api_error(request) if request.path.startswith("/api/") else page_error(request)
