"""A picture in a form: choose one, see the one there is, or take it away. Browsers look at its size first."""

from typing import Any

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from events.pictures import MAX_BYTES, MEDIA_TYPES, TOO_LARGE, Choice, clean_picture
from hopin_backstage.realtime import Refused

#: What stands for a picture that the browser did not send.
WAS_TOO_LARGE = object()


class PictureInput(forms.ClearableFileInput):
    """The picture there is beside the control, and **Remove the picture** where the form may do without."""

    template_name = "events/forms/picture.html"
    is_lost = False
    """A good picture has come. A form that is shown then has something else wrong, and browsers send no file again."""
    clear_checkbox_label = _("Remove the picture")  # type: ignore[assignment]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        taken = {"accept": ",".join(MEDIA_TYPES), "data-largest": MAX_BYTES}
        super().__init__({**taken, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """`NAME-too-large` in `data`: the browser has left out a picture that is; see events/pictures.js."""
        if f"{name}-too-large" in data:
            return WAS_TOO_LARGE
        return super().value_from_datadict(data, files, name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "too_large": TOO_LARGE, "is_lost": self.is_lost}


class PictureField(forms.FileField):
    """Cleaned, it is what `put_picture` takes: a new picture, False to take it away, or None: nothing was chosen.

    `longest_side`: pixels. `initial` of the form is the picture there is, as a model's field gives it.
    """

    widget = PictureInput
    default_error_messages = {
        "contradiction": _("You chose a picture and to remove it. Do one of the two."),
        "empty": _("This file is empty. Choose another."),
    }

    def __init__(self, *, longest_side: int, required: bool = False, **options: Any) -> None:
        options.setdefault("help_text", _("JPEG, PNG or WebP, at most 2 MB."))
        super().__init__(required=required, **options)
        self.longest_side = longest_side

    def to_python(self, data: Any) -> File | None:
        upload = super().to_python(data)
        if upload is None:
            return None
        try:
            picture = clean_picture(upload, longest_side=self.longest_side)
        except Refused as refusal:
            raise forms.ValidationError(refusal.text, code=refusal.code) from None
        self.widget.is_lost = True
        return picture

    def clean(self, data: Any, initial: Any = None) -> Choice:
        if data is WAS_TOO_LARGE:
            raise forms.ValidationError(TOO_LARGE, code="picture.too_large")
        chosen = super().clean(data, initial)
        return None if chosen is initial or chosen is None else chosen
