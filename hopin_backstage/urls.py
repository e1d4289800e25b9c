"""All pages."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from hopin_backstage.health import healthz
from hopin_backstage.media import picture

handler500 = "events.views.errors.server_error"

# The same limits on guessing as at every other door.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("", include("backstage.urls")),
    path("", include("moderation.urls")),
    path("", include("events.urls")),
    path("media/<path:path>", picture),
]
