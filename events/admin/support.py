"""What all of support's pages have in common: rows are looked up, not edited, and lead to each other."""

from collections.abc import Callable
from functools import reduce
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from events.admin import offers
from events.models import User

NOTHING = "–"


def link_to(row: Model | None, text: object = None) -> SafeString | str:
    """Its page in the admin."""
    if row is None:
        return NOTHING
    return format_html('<a href="{}">{}</a>', offers.page_of(row), str(row) if text is None else text)


def linked(path: str, description: Any, *, text: str = "") -> Callable[[Any], SafeString | str]:
    """A column that links to a row which belongs to this one, or to one of that.

    `path`: names with dots between them; the list has to select them with its rows. `text`: the attribute of that row
    that is shown; else what it calls itself.
    """

    @admin.display(description=description, ordering=path.replace(".", "__"))
    def column(row: Any) -> SafeString | str:
        found = reduce(lambda each, name: getattr(each, name, None), path.split("."), row)
        return link_to(found, getattr(found, text) if text and found is not None else None)

    column.__name__ = path.replace(".", "_")
    return column


class LinkingAdmin(admin.ModelAdmin):
    """Its pages show what the layers offer."""

    change_form_template = "admin/support_change_form.html"
    list_per_page = 50

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the pages themselves link to: Django lets every field be asked, one that no page shows letter by
        letter, by how many rows are found.
        """
        if offers.is_offered(self.model, lookup):
            return True
        filters = [str(each[0] if isinstance(each, tuple) else each) for each in self.list_filter]
        named = [*filters, *([self.date_hierarchy] if self.date_hierarchy else [])]
        asked = any(lookup == name or lookup.startswith(f"{name}__") for name in named)
        return asked and super().lookup_allowed(lookup, value, request)

    def get_search_fields(self, request: HttpRequest) -> Any:
        """Other rows by the address of a person: for whoever may see persons. All others could ask it, too, letter by
        letter.
        """
        fields = super().get_search_fields(request)
        if self._may_view(request, User):
            return fields
        return [each for each in fields if not each.endswith("__email")]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        if row is not None:
            context["see_also"] = list(offers.lists_of(row, lambda model: self._may_view(request, model)))
            context["tools"] = list(offers.tools_of(row, request))
        return super().render_change_form(request, context, *args, **kwargs)

    def _may_view(self, request: HttpRequest, model: type[Model]) -> bool:
        return self.admin_site.is_registered(model) and self.admin_site.get_model_admin(
            model
        ).has_view_permission(request)


class ReadOnlyAdmin(LinkingAdmin):
    """A row that is changed here would be a lie: no rule is asked, nobody is told, and no log says so."""

    #: No box to tick without something to do.
    actions: Any = ()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """All that are not excluded, those that no form could change, too."""
        hidden = set(self.exclude or ())
        return self.fields or [
            each.name for each in self.model._meta.concrete_fields if each.name not in hidden
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    """Rows that say nothing without the one they belong to, on its page: their `readonly_fields`, and no others."""

    extra = 0
    can_delete = False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.readonly_fields

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
