"""JSON taken at its word: a number is no text, "true" is no yes, and a field that we do not know is a mistake."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hopin_backstage.moments import check_moment


class Strict(serializers.Serializer[Any]):
    """For bodies: refuses fields that it does not have, instead of leaving a typo without effect."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = {name: [_unknown()] for name in data if name not in self.fields}
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


def _unknown() -> serializers.ErrorDetail:
    return serializers.ErrorDetail(_("There is no such field."), code="unknown")


class TextField(serializers.CharField):
    """Text alone, which any database can keep. The rest is CharField's."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if any("\ud800" <= character <= "\udfff" for character in data):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeField(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNoField(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class MomentField(serializers.DateTimeField):
    """A time with its zone, of this and the next century."""

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="ISO 8601")
        moment = super().to_internal_value(value)
        check_moment(moment)
        return moment


def named(most: int, **options: Any) -> TextField:
    """A name: neither empty nor blank, at most so many characters."""
    pattern = r"^[^\x00]*[^\s\x00][^\x00]*$"
    schema = {"type": "string", "minLength": 1, "maxLength": most, "pattern": pattern}
    field = extend_schema_field(schema)(type("NameField", (TextField,), {}))
    return field(max_length=most, **options)
