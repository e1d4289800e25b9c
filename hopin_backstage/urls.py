"""All pages."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.static import serve

from hopin_backstage.health import healthz

handler500 = "events.views.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("", include("backstage.urls")),
    path("", include("events.urls")),
    # Photos. Behind a proxy of one's own, let that answer for this address.
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
]
