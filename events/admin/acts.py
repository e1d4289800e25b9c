"""What support does to one row: a page that says what it will do, one button, and the same service as everybody's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from events.admin import offers
from events.admin.support import ReadOnlyAdmin
from events.models import User
from hopin_backstage.realtime import Refused


@dataclass(frozen=True)
class Act:
    """`title` and `effect`: sentences about a row, what is asked and what will happen. `perform` raises Refused, and
    returns what has been done, for whoever did it. `choices`: what else is to be chosen, value and words."""

    label: Any
    title: Callable[[Any], Any]
    effect: Callable[[Any], list[Any]]
    perform: Callable[[User, Any, str], Any]
    allowed: Callable[[HttpRequest], bool]
    choices: tuple[tuple[str, Any], ...] = ()
    possible: Callable[[Any], bool] = lambda row: True


class ActingAdmin(ReadOnlyAdmin):
    """`acts`: by the name in the address."""

    acts: ClassVar[dict[str, Act]]

    def get_urls(self) -> list[URLPattern]:
        meta = self.model._meta
        name = f"{meta.app_label}_{meta.model_name}_act"
        view = self.admin_site.admin_view(self.act_view)
        return [path("<path:object_id>/act/<slug:name>/", view, name=name), *super().get_urls()]

    def act_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        act = self.acts.get(name)
        if act is None or not self.has_view_permission(request) or not act.allowed(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if request.method == "POST":
            return self._perform(request, act, row)
        context = {
            **self.admin_site.each_context(request),
            "title": act.title(row),
            "act": act,
            "effects": act.effect(row),
            "opts": self.model._meta,
            "row": row,
            "back": offers.page_of(row),
        }
        return TemplateResponse(request, "admin/act.html", context)

    def _perform(self, request: HttpRequest, act: Act, row: Any) -> HttpResponse:
        chosen = request.POST.get("choice", "")
        if act.choices and chosen not in dict(act.choices):
            return HttpResponseRedirect(request.path)
        assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
        back = offers.page_of(row)
        try:
            messages.success(request, str(act.perform(request.user, row, chosen)))
        except Refused as refusal:
            messages.error(request, refusal.text)
        if not type(row)._default_manager.filter(pk=row.pk).exists():
            back = offers.list_of(type(row))
        return HttpResponseRedirect(back)


def act_path(row: Any, name: str) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_act", args=[row.pk, name])


def offer_acts(admin_class: type[ActingAdmin], model: Any) -> None:
    """As tools on the page of each row."""
    for name, act in admin_class.acts.items():
        offers.offer_tool(
            model,
            act.label,
            lambda row, name=name, act=act: act_path(row, name) if act.possible(row) else None,  # type: ignore[misc]
            act.allowed,
        )
