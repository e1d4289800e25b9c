"""All pages."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

from hopin_backstage.health import healthz

handler500 = "events.views.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("", include("backstage.urls")),
    path("", include("events.urls")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
