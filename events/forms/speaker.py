"""What is asked of a speaker."""

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from events.forms.pictures import PictureField
from events.models import DISPLAY_NAME_LENGTH, Speaker
from events.services.speakers import ADDRESS_LENGTH, LABEL_LENGTH, MOST_LINKS, TITLE_LENGTH, Link

#: Pixels of a portrait, which is shown at a quarter of that.
PORTRAIT_SIDE = 512

FIELD_OF = {"speaker.name": "name", "speaker.title": "title"}


class SpeakerForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=DISPLAY_NAME_LENGTH,
        error_messages={"required": _("Enter the speaker's name.")},
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_LENGTH,
        required=False,
        help_text=_("What they do, and where: “Head of Research, Northwind”."),
    )
    photo = PictureField(label=_("Photo"), longest_side=PORTRAIT_SIDE)

    def __init__(self, *args: Any, speaker: Speaker | None = None, **options: Any) -> None:
        if speaker:
            options["initial"] = {"name": speaker.name, "title": speaker.title, "photo": speaker.photo}
        super().__init__(*args, **options)

    def refuse(self, code: str, text: str) -> None:
        self.add_error(FIELD_OF.get(code), text)


class WebAddressField(forms.URLField):
    """http and https: other schemes are not for visitors to follow."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, **options: Any) -> None:
        super().__init__(assume_scheme="https", **options)


class LinkForm(forms.Form):
    url = WebAddressField(
        label=_("Web address"),
        max_length=ADDRESS_LENGTH,
        required=False,
        error_messages={"invalid": _("Enter a web address, such as https://example.com.")},
    )
    label = forms.CharField(label=_("Shown as"), max_length=LABEL_LENGTH, required=False)


LinkForms = forms.formset_factory(
    LinkForm, extra=MOST_LINKS, max_num=MOST_LINKS, absolute_max=MOST_LINKS, validate_max=True
)


def links_of(speaker: Speaker | None) -> list[dict[str, str]]:
    """As LinkForms begins with them."""
    if speaker is None:
        return []
    return [{"url": link.url, "label": link.label} for link in speaker.links.all()]


def typed_links(rows: "forms.BaseFormSet[LinkForm]") -> list[Link]:
    """Of a valid formset: the rows that have an address, in their order."""
    return [
        Link(label=row.cleaned_data["label"], url=row.cleaned_data["url"])
        for row in rows.forms
        if row.cleaned_data.get("url")
    ]
