"""Reads of API tokens."""

from typing import Any

from django.db.models import QuerySet

from hopin_backstage.rest.models import ApiToken


def tokens_of(user: Any) -> QuerySet[ApiToken]:
    """The newest first; those that have run out, too, so that their owner sees why a program stopped."""
    return ApiToken.objects.filter(user=user)
