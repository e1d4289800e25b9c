"""What libraries register for themselves, as support may see it: no digest, no key, nothing to change."""

from allauth.account import admin as allauth_admin
from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events.admin.offers import offer_list
from events.admin.support import ReadOnlyAdmin, linked
from events.models import User
from hopin_backstage.rest.models import ApiToken

#: Imported first, so that they have registered what is taken back below.
__all__ = ["EmailAddressAdmin", "allauth_admin"]

for model in (EmailAddress, EmailConfirmation):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnlyAdmin):
    list_display = ["email", linked("user", _("person")), "primary", "verified"]
    list_select_related = ["user"]
    list_filter = ["primary", "verified"]
    search_fields = ["email", "user__email", "user__display_name"]


offer_list(User, EmailAddress, "user__id__exact")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """A list alone: the address of a page would be the digest."""

    list_display = ["name", "whose", "created", "expiry"]
    list_display_links = None
    list_select_related = ["user"]
    list_filter = ["created", "expiry"]
    search_fields = ["user__email", "user__display_name"]
    ordering = ["-created"]
    whose = staticmethod(linked("user", _("person")))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_view_permission(request)


offer_list(User, ApiToken, "user__id__exact")
