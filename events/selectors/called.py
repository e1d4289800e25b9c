"""People looked for by name."""

from typing import Any

from django.db.models import Q, QuerySet


def called(people: QuerySet[Any], words: str, *, person: str = "", by_address: bool) -> QuerySet[Any]:
    """Those who have every one of these words in the name; or in the address, for whoever sees addresses.

    `person`: the way from a row to whom it is about, with its underscores.
    """
    for word in words.split()[:8]:
        has_it = Q(**{f"{person}display_name__icontains": word})
        if by_address:
            has_it |= Q(**{f"{person}email__icontains": word})
        people = people.filter(has_it)
    return people
