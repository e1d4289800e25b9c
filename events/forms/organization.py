"""The name of an organization."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.services.organizations import NAME_LENGTH
from events.text import one_line


class OrganizationForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the organization"),
        max_length=NAME_LENGTH,
        help_text=_("Attendees see it on the pages of your events."),
        error_messages={"required": _("Give the organization a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return name
