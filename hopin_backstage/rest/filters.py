"""Filters of lists."""

from datetime import datetime
from typing import Any

from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField

from hopin_backstage.moments import EARLIEST, LATEST


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
