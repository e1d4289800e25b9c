"""What others see of a person."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.forms.pictures import PictureField
from events.models import DISPLAY_NAME_LENGTH
from events.text import one_line

#: Pixels. Shown at 56 at most, on screens with up to four pixels to each of those.
PHOTO_SIDE = 256


class ProfileForm(forms.Form):
    display_name = forms.CharField(
        label=_("Your name"),
        max_length=DISPLAY_NAME_LENGTH,
        help_text=_("Everybody in an event sees it."),
        error_messages={"required": _("Enter the name that others should see.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    photo = PictureField(label=_("Your photo"), longest_side=PHOTO_SIDE)

    def clean_display_name(self) -> str:
        name = one_line(self.cleaned_data["display_name"])
        if not name:
            raise forms.ValidationError(self.fields["display_name"].error_messages["required"])
        return name
