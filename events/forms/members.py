"""Roles in an organization, and inviting somebody to have one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import Membership
from events.services.invitations import ADDRESS_LENGTH


def roles_to_give(*, is_owner: bool) -> list[tuple[str, Any]]:
    """The least first. Only owners make owners."""
    roles = list(reversed(Membership.Role.choices))
    return roles if is_owner else [(role, label) for role, label in roles if role != Membership.Role.OWNER]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *arguments: Any, is_owner: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["role"].choices = roles_to_give(is_owner=is_owner)  # type: ignore[attr-defined]


class InvitationForm(RoleForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=ADDRESS_LENGTH,
        error_messages={"required": _("Enter the address of whom you want to invite.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["email", "role"]
