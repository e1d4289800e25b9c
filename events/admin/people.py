"""Accounts, and who belongs where."""

from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from events import permissions, services
from events.admin.acts import Act, ActingAdmin, offer_acts
from events.admin.offers import offer_list
from events.admin.support import LinkingAdmin, ReadOnlyAdmin, linked
from events.models import Block, Event, HelpReference, Mailing, Membership, Registration, UnsentLetter, User
from hopin_backstage.realtime import Refused
from hopin_backstage.rest.services import revoke_all_tokens

#: What makes somebody support: for superusers to give.
POWERS = ["is_staff", "is_superuser", "groups", "user_permissions"]


class PasswordForm(AdminPasswordChangeForm):
    def save(self, commit: bool = True) -> User:
        """As where a person sets a new one: whoever knew the old one may have made tokens."""
        user: User = super().save(commit)
        revoke_all_tokens(user=user)
        services.ask_again(user)
        return user


@admin.register(User)
class UserAdmin(LinkingAdmin, DjangoUserAdmin):
    """Accounts can be opened and closed here; nobody is deleted, since shows and logs go back to them."""

    change_password_form = PasswordForm
    ordering = ["email"]
    list_display = ["email", "display_name", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff", "date_joined"]
    search_fields = ["email", "display_name"]
    # Whoever it shows chooses the photo; what is uploaded there is written anew.
    readonly_fields = ["photo", "signs_in_with", "date_joined", "last_login"]
    fieldsets = [
        (None, {"fields": ["email", "display_name", "photo", "signs_in_with"]}),
        (_("Access"), {"fields": ["is_active", *POWERS]}),
        (_("Dates"), {"fields": ["date_joined", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["email", "display_name", "password1", "password2"]}),
    ]

    @admin.display(description=_("signs in with"))
    def signs_in_with(self, user: User) -> str:
        """And never with what: no part of a digest is shown."""
        return str(_("a password") if user.has_usable_password() else _("no password yet"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whoever may change accounts must not make themselves, or others, more than they are."""
        fixed = [*super().get_readonly_fields(request, obj)]
        if obj is not None:
            # It is confirmed, and changed by whoever reads its letters.
            fixed.append("email")
        return fixed if _is_superuser(request) else [*fixed, *POWERS]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A member of the staff is changed by a superuser alone: their address, too, would be a way in."""
        if isinstance(obj, User) and (obj.is_staff or obj.is_superuser) and not _is_superuser(request):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Whoever knows a password is that person, and no log tells the two apart: people set theirs by the letter."""
        if not _is_superuser(request):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change:
            services.ask_again(obj)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        linked("user", _("person")),
        linked("organization", _("organization")),
        "role",
    ]
    list_filter = ["role"]
    list_select_related = ["user", "organization"]
    search_fields = ["user__email", "user__display_name", "organization__name"]


@admin.register(Registration)
class RegistrationAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        linked("user", _("person")),
        linked("event", _("event")),
        "created_at",
        "came_at",
    ]
    list_filter = ["created_at"]
    list_select_related = ["user", "event"]
    search_fields = ["user__email", "user__display_name", "event__name", "event__slug"]


@admin.register(UnsentLetter)
class UnsentLetterAdmin(ReadOnlyAdmin):
    """Who has not been told yet that they are registered, or what has changed since."""

    list_display = [
        "__str__",
        linked("registration", _("registration")),
        "kind",
        "attempts",
        "created_at",
        "next_at",
    ]
    list_filter = ["created_at"]
    list_select_related = ["registration__user", "registration__event"]
    search_fields = ["registration__user__email", "registration__event__name"]


@admin.register(Mailing)
class MailingAdmin(ReadOnlyAdmin):
    """What everybody who is registered is written, and how far that has come."""

    list_display = ["__str__", linked("event", _("event")), "created_at", "ended_at"]
    list_filter = ["kind", "created_at"]
    list_select_related = ["event"]
    search_fields = ["event__name", "event__slug"]


def _may_unblock(request: HttpRequest) -> bool:
    return permissions.is_support_for_blocks(cast("User", request.user))


def _unblock(actor: User, block: Block, choice: str) -> str:
    services.unblock(actor=actor, event=block.event, user=block.user)
    return now_("%(name)s may come in again.") % {"name": block.user}


@admin.register(Block)
class BlockAdmin(ActingAdmin):
    """Rows are not made or changed here: that would put nobody out, and stand in no audit log."""

    list_display = [
        "__str__",
        linked("user", _("person")),
        linked("event", _("event")),
        linked("by", _("blocked by")),
        "created_at",
    ]
    list_filter = ["created_at"]
    list_select_related = ["user", "event", "by"]
    search_fields = ["user__email", "user__display_name", "event__name", "event__slug"]
    actions = ["unblock"]
    acts: ClassVar[dict[str, Act]] = {
        "unblock": Act(
            label=_("Unblock"),
            title=lambda block: (
                now_("Unblock %(name)s for %(event)s?") % {"name": block.user, "event": block.event}
            ),
            effect=lambda block: [
                now_("%(name)s may come in again, as far as they are registered.") % {"name": block.user},
                now_("Organizers see in the event's audit log that you did it."),
            ],
            perform=_unblock,
            allowed=_may_unblock,
        )
    }

    def has_unblock_permission(self, request: HttpRequest) -> bool:
        return _may_unblock(request)

    @admin.action(description=_("Unblock"), permissions=["unblock"])
    def unblock(self, request: HttpRequest, blocks: QuerySet[Block]) -> HttpResponse | None:
        """Asks first, naming everybody."""
        chosen = list(blocks.select_related("event", "user"))
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": now_("Unblock these people?"),
                "action": "unblock",
                "rows": chosen,
                "label": _("Unblock"),
                "opts": self.model._meta,
            }
            return TemplateResponse(request, "admin/act_on_many.html", context)
        for block in chosen:
            try:
                self.message_user(request, _unblock(cast("User", request.user), block, ""))
            except Refused as refusal:
                # Of this one: the others are let in all the same.
                self.message_user(request, refusal.text, messages.ERROR)
        return None


@admin.register(HelpReference)
class HelpReferenceAdmin(ReadOnlyAdmin):
    """What a person reads out from Help: who it is, where they were, and when."""

    list_display = ["reference", linked("user", _("person")), "page", "of", "opened_at", "made_at", "browser"]
    list_select_related = ["user"]
    list_filter = ["opened_at"]
    search_fields = ["reference", "user__email", "user__display_name"]
    search_help_text = _("The eight characters under “Your reference”, as they were read out.")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[HelpReference], search_term: str
    ) -> tuple[QuerySet[HelpReference], bool]:
        """Read out on the telephone: with blanks and dashes, in capitals."""
        heard = "".join(each for each in search_term.lower() if each in "0123456789abcdef")
        plain = "".join(search_term.lower().replace("-", " ").split())
        return super().get_search_results(request, queryset, heard if heard == plain else search_term)


offer_list(User, Membership, "user__id__exact")
offer_list(User, Registration, "user__id__exact")
offer_list(User, Block, "user__id__exact")
offer_list(User, HelpReference, "user__id__exact")
offer_list(Registration, UnsentLetter, "registration__id__exact")
offer_list(Event, Mailing, "event__id__exact")
offer_list(User, Event, "organizers__id__exact", label=_("events they organize"))
offer_acts(BlockAdmin, Block)
