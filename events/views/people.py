"""The People tab: who is registered, kept out, and organizes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import exports, permissions, selectors, services
from events.forms.organizers import OrganizerForm
from events.models import Event, User
from events.views.asking import carry_out, event_frame, signed_in
from events.views.dashboard_pages import dashboard_page
from events.views.members_list import offer_of
from events.views.people_list import filtered, table_of
from events.views.questions import Question, ask

#: What the list shows stays as it is while a member is looked for.
KEPT = ("search", "only", "sort", "page")


@dashboard_page("GET")
def people(request: HttpRequest, event: Event) -> HttpResponse:
    found = filtered(request, event)
    table = table_of(request, found.qs)
    context = {
        **event_frame(request, event, "people"),
        "filter": found,
        "table": table,
        "rows": selectors.rows_of(event, [row.record for row in table.paginated_rows]),
        "registered": selectors.registered(event),
        "organizers": selectors.organizers_of(event),
        "offer": offer_of(request, event),
        "kept": [(name, value) for name, value in request.GET.items() if name in KEPT],
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


@dataclass(frozen=True)
class Act:
    """Something done to one person, asked once before. The sentences are about %(name)s, who has %(email)s."""

    service: Callable[..., object]
    title: str | Promise
    text: str | Promise
    yes: str | Promise
    done: str | Promise
    ahead: Callable[[Event, User], None] = lambda event, person: None
    """Refuses what would be refused, so that nothing is asked in vain."""


def _page_of(act: Act) -> Callable[..., HttpResponseBase]:
    """GET asks, POST does it."""

    @dashboard_page("GET", "POST")
    def page(request: HttpRequest, event: Event, user_id: int) -> HttpResponse:
        person = _person(event, user_id)
        words = {"name": person, "email": person.email}
        if request.method == "POST":
            work = partial(act.service, actor=signed_in(request), event=event, user=person)
            carry_out(request, work, str(act.done) % words)
            # Whoever takes organizer back from themselves has no way into the dashboard any more.
            stays = permissions.may_see_dashboard(request.user, event)
            return redirect("events:people", event.slug) if stays else redirect("events:home")
        if not carry_out(request, partial(act.ahead, event, person)):
            return redirect("events:people", event.slug)
        question = Question(
            title=str(act.title) % words,
            text=str(act.text) % words,
            yes=str(act.yes),
            back=resolve_url("events:people", event.slug),
        )
        return ask(request, event, "people", question)

    return page


block = _page_of(
    Act(
        services.block,
        title=_("Block %(name)s from this event?"),
        text=_(
            "%(name)s (%(email)s) leaves the Stage and the Backstage at once, and can neither come in nor register "
            "until you unblock them. The registration is kept, and its place is free for somebody else."
        ),
        yes=_("Block"),
        done=_("%(name)s is blocked from this event."),
    )
)
unblock = _page_of(
    Act(
        services.unblock,
        title=_("Unblock %(name)s?"),
        text=_(
            "%(name)s (%(email)s) may come in again, and register. Whoever is registered takes a place again."
        ),
        yes=_("Unblock"),
        done=_("%(name)s may come in again."),
        ahead=services.check_place_again,
    )
)
make_organizer = _page_of(
    Act(
        services.add_organizer,
        title=_("Make %(name)s an organizer?"),
        text=_(
            "%(name)s (%(email)s) may then do everything here that you do: see this dashboard and everybody's "
            "addresses, run the Backstage, broadcast, and block people."
        ),
        yes=_("Make organizer"),
        done=_("%(name)s is an organizer of this event."),
    )
)
take_organizer_back = _page_of(
    Act(
        services.remove_organizer,
        title=_("Take organizer back from %(name)s?"),
        text=_(
            "%(name)s (%(email)s) keeps a registration, if there is one, and loses this dashboard at once."
        ),
        yes=_("Take organizer back"),
        done=_("%(name)s is no longer an organizer of this event."),
    )
)


@dashboard_page("POST")
def add_organizer(request: HttpRequest, event: Event) -> HttpResponse:
    """A member of the organization, chosen from a list; they need not be registered."""
    form = OrganizerForm(request.POST, members=selectors.members_to_assign(request.user, event))
    if not form.is_valid():
        messages.warning(request, " ".join(str(error) for error in form.errors["person"]))
        return redirect("events:people", event.slug)
    person = form.cleaned_data["person"]
    work = partial(services.add_organizer, actor=signed_in(request), event=event, user=person)
    carry_out(request, work, gettext("%(name)s is an organizer of this event.") % {"name": person})
    return redirect("events:people", event.slug)


def _person(event: Event, user_id: int) -> User:
    person = selectors.person_at(event, user_id)
    if person is None:
        raise Http404
    return person
