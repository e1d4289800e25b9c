"""Filters of lists."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework.filters import BooleanWidget
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from hopin_backstage.moments import EARLIEST, LATEST

#: The filter of this name takes any text.
SEARCH = "search"


class Filters(filters.DjangoFilterBackend):
    """Refuses a filter that is there and empty: the library's takes it for none. What is searched may be any text."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filterset = self.get_filterset_class(view, queryset)
        empty = [
            name
            for name in (filterset.base_filters if filterset else {})
            if name != SEARCH and not request.query_params.get(name, "given").strip()
        ]
        if empty:
            raise ValidationError({name: [_("Say what to look for, or leave it out.")] for name in empty})
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered


class _MomentField(IsoDateTimeField):
    def clean(self, value: Any) -> datetime | None:
        """A moment before all or behind all of ours finds the same as the first or the last that we can store."""
        try:
            moment: datetime | None = super().clean(value)
            return moment and min(max(moment, EARLIEST), LATEST)
        except OverflowError:
            return EARLIEST if str(value).startswith("0") else LATEST


class MomentFilter(filters.IsoDateTimeFilter):
    field_class = _MomentField


class _YesNoWidget(BooleanWidget):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The library's takes whatever is neither true nor false for nothing, and the list would not be filtered."""
        found = super().value_from_datadict(data, files, name)
        return data.get(name) if found is None else found


class _YesNoFilterField(forms.NullBooleanField):
    def clean(self, value: Any) -> bool | None:
        if value not in (True, False, None, ""):
            raise forms.ValidationError(_("Must be true or false."), code="invalid")
        return super().clean(value)


class YesNoFilter(filters.BooleanFilter):
    field_class = _YesNoFilterField

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": _YesNoWidget, **options})
