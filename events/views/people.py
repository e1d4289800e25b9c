"""The People tab: who is registered, kept out, and organizes."""

from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from events import exports, permissions, selectors, services
from events.models import Event, User
from events.views.asking import carry_out, event_frame, signed_in
from events.views.dashboard_pages import dashboard_page
from events.views.people_list import filtered, table_of
from events.views.questions import Question, ask


@dashboard_page("GET")
def people(request: HttpRequest, event: Event) -> HttpResponse:
    found = filtered(request, event)
    table = table_of(request, found.qs)
    context = {
        **event_frame(request, event, "people"),
        "filter": found,
        "table": table,
        "rows": selectors.rows_of(event, [row.record for row in table.paginated_rows]),
        "registered": event.registrations.count(),
        "organizers": selectors.organizers_of(event),
        "blocked_elsewhere": selectors.blocked_elsewhere(event),
        "is_narrowed": any(request.GET.get(name) for name in found.form.fields),
    }
    return render(request, "events/people.html", context)


@dashboard_page("GET")
def export(request: HttpRequest, event: Event) -> StreamingHttpResponse:
    """What search and filter leave of the list, as CSV; written while it is read, however many they are."""
    services.note_export(actor=signed_in(request), event=event)
    name = f"{event.slug}-people-{timezone.now():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        exports.people_csv(event, filtered(request, event).qs),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@dashboard_page("GET", "POST")
def block(request: HttpRequest, event: Event, user_id: int) -> HttpResponse:
    """GET asks, here and below."""
    person = _person(event, user_id)
    if request.method == "POST":
        work = partial(services.block, actor=signed_in(request), event=event, user=person)
        return _done(request, event, work, _("%(name)s is blocked from this event.") % {"name": person})
    return _ask(
        request,
        event,
        title=_("Block %(name)s from this event?") % {"name": person},
        text=_(
            "%(name)s (%(email)s) leaves the Stage and the Backstage at once, and can neither come in nor register "
            "until you unblock them. The registration is kept."
        )
        % {"name": person, "email": person.email},
        yes=_("Block"),
    )


@dashboard_page("GET", "POST")
def unblock(request: HttpRequest, event: Event, user_id: int) -> HttpResponse:
    person = _person(event, user_id)
    if request.method == "POST":
        work = partial(services.unblock, actor=signed_in(request), event=event, user=person)
        return _done(request, event, work, _("%(name)s may come in again.") % {"name": person})
    return _ask(
        request,
        event,
        title=_("Unblock %(name)s?") % {"name": person},
        text=_("%(name)s (%(email)s) may come in again, and register.")
        % {"name": person, "email": person.email},
        yes=_("Unblock"),
    )


@dashboard_page("GET", "POST")
def make_organizer(request: HttpRequest, event: Event, user_id: int) -> HttpResponse:
    person = _person(event, user_id)
    if request.method == "POST":
        work = partial(services.add_organizer, actor=signed_in(request), event=event, user=person)
        return _done(request, event, work, _("%(name)s is an organizer of this event.") % {"name": person})
    return _ask(
        request,
        event,
        title=_("Make %(name)s an organizer?") % {"name": person},
        text=_(
            "%(name)s (%(email)s) may then do everything here that you do: see this dashboard and everybody's "
            "addresses, run the Backstage, broadcast, and block people."
        )
        % {"name": person, "email": person.email},
        yes=_("Make organizer"),
    )


@dashboard_page("GET", "POST")
def take_organizer_back(request: HttpRequest, event: Event, user_id: int) -> HttpResponse:
    person = _person(event, user_id)
    if request.method == "POST":
        work = partial(services.remove_organizer, actor=signed_in(request), event=event, user=person)
        response = _done(
            request, event, work, _("%(name)s is no longer an organizer of this event.") % {"name": person}
        )
        # Whoever takes it back from themselves has no way into the dashboard any more.
        if not permissions.may_see_dashboard(request.user, event):
            return redirect("events:home")
        return response
    return _ask(
        request,
        event,
        title=_("Take organizer back from %(name)s?") % {"name": person},
        text=_(
            "%(name)s (%(email)s) keeps a registration, if there is one, and loses this dashboard at once."
        )
        % {"name": person, "email": person.email},
        yes=_("Take organizer back"),
    )


def _person(event: Event, user_id: int) -> User:
    person = selectors.person_at(event, user_id)
    if person is None:
        raise Http404
    return person


def _ask(request: HttpRequest, event: Event, *, title: str, text: str, yes: str) -> HttpResponse:
    question = Question(title=title, text=text, yes=yes, back=resolve_url("events:people", event.slug))
    return ask(request, event, "people", question)


def _done(request: HttpRequest, event: Event, work: Callable[[], object], said: str) -> HttpResponse:
    carry_out(request, work, said)
    return redirect("events:people", event.slug)
