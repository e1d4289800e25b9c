"""All pages."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from events.views.password_reset import PasswordResetView
from hopin_backstage.health import healthz
from hopin_backstage.media import picture
from hopin_backstage.rest.pages import revoke, tokens

handler500 = "hopin_backstage.api.server_error"

# The same limits on guessing as at every other door.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    # One way to change a password: the library's, which tells the person and ends their tokens.
    path(
        "admin/password_change/",
        RedirectView.as_view(pattern_name="account_change_password"),
        name="support_password",
    ),
    path("admin/", admin.site.urls),
    path("api/", include("hopin_backstage.api")),
    path("accounts/tokens/", tokens, name="tokens"),
    path("accounts/tokens/<slug:token_key>/revoke/", revoke, name="revoke_token"),
    path("accounts/password/reset/", PasswordResetView.as_view(), name="account_reset_password"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("backstage.urls")),
    path("", include("chat.urls")),
    path("", include("moderation.urls")),
    path("", include("events.urls")),
    path("media/<path:path>", picture),
]
