"""Choosing who is to organize an event, too."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from events.models import User


class OrganizerForm(forms.Form):
    """`members`: those who may be chosen, `selectors.members_to_assign`. Drawn by templates/events/people.html."""

    person = forms.ModelChoiceField(
        queryset=User.objects.none(),
        error_messages={
            "required": _("Choose a member first."),
            "invalid_choice": _(
                "Choose a member of the organization who is not an organizer of this event yet."
            ),
        },
    )

    def __init__(self, *arguments: Any, members: QuerySet[User], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["person"].queryset = members  # type: ignore[attr-defined]
