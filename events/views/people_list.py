"""The list of the People tab: what it is searched and filtered by, and its columns. The database does all of it."""

from typing import Any

import django_filters
import django_tables2
from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events import selectors
from events.models import Event, Registration

#: Rows of a page.
PAGE = 50


class PeopleFilter(django_filters.FilterSet):
    """Of `selectors.people_of(event)`."""

    search = django_filters.CharFilter(
        method="find",
        label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or e-mail address")}),
    )
    only = django_filters.ChoiceFilter(
        method="narrow",
        label=_("Show"),
        empty_label=_("Everybody"),
        choices=[
            ("came", _("Came")),
            ("not_came", _("Did not come yet")),
            ("blocked", _("Blocked")),
            ("organizers", _("Organizers")),
        ],
    )

    class Meta:
        model = Registration
        fields: list[str] = []

    def __init__(self, *args: Any, event: Event, **options: Any) -> None:
        super().__init__(*args, queryset=selectors.people_of(event), **options)
        self.event = event

    def find(self, people: QuerySet[Registration], name: str, value: str) -> QuerySet[Registration]:
        """Every word of it in the name or in the address."""
        return selectors.called(people, value, person="user__", by_address=True)

    def narrow(self, people: QuerySet[Registration], name: str, value: str) -> QuerySet[Registration]:
        match value:
            case "blocked":
                return selectors.blocked_among(self.event, people)
            case "organizers":
                return selectors.organizers_among(self.event, people)
            case _:
                return people.filter(came_at__isnull=value == "not_came")


class PeopleTable(django_tables2.Table):
    """Drawn by templates/events/people.html; here is what can be sorted, and by what."""

    name = django_tables2.Column(verbose_name=_("Name"), empty_values=(), order_by=("sort_name", "pk"))
    registered = django_tables2.Column(
        verbose_name=_("Registered"), accessor="created_at", order_by=("created_at", "pk")
    )
    came = django_tables2.Column(verbose_name=_("Came"), accessor="came_at", order_by=("sort_came", "pk"))

    class Meta:
        order_by = "-registered"


def filtered(request: HttpRequest, event: Event) -> PeopleFilter:
    return PeopleFilter(request.GET, event=event)


def table_of(request: HttpRequest, people: QuerySet[Any]) -> PeopleTable:
    """The page that is asked for; the last one instead of one that there is not."""
    table = PeopleTable(people)
    django_tables2.RequestConfig(request, paginate=False).configure(table)
    # Not the library's paging, which takes the size of a page from the address, however large.
    table.paginator = Paginator(table.rows, PAGE)
    table.page = table.paginator.get_page(request.GET.get("page"))
    return table
