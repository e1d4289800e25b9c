"""Making an event, and the Settings tab of its dashboard."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import permissions, selectors, services
from events.forms.event import EventForm
from events.models import Event, Organization, User
from events.views.asking import carry_out, event_frame, page_of, signed_in
from events.views.dashboard_pages import dashboard_page
from events.views.questions import Question, ask
from hopin_backstage.realtime import Refused


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create_event(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    organization = selectors.organization_for(user, slug)
    if organization is None or not permissions.may_create_event(user, organization):
        raise Http404
    form = EventForm(
        request.POST or None, request.FILES or None, zone=selectors.usual_time_zone(organization)
    )
    if request.method == "POST" and form.is_valid():
        try:
            event = _create(user, organization, form)
        except Refused as refusal:
            form.refuse(refusal.code, refusal.text)
        else:
            messages.success(
                request,
                _("%(event)s is made, as a draft: only its organizers see it until you publish it.")
                % {"event": event},
            )
            return redirect("events:settings", event.slug)
    context = {"frame": selectors.dashboard_frame(user, organization), "form": form}
    return render(request, "events/create_event.html", context)


@transaction.atomic
def _create(user: User, organization: Organization, form: EventForm) -> Event:
    changes = form.changes()
    event = services.create_event(actor=user, organization=organization, **changes)
    services.set_event_picture(actor=user, event=event, picture=form.cleaned_data["picture"])
    return event


@dashboard_page("GET", "POST")
def settings(request: HttpRequest, event: Event) -> HttpResponse:
    form = EventForm(request.POST or None, request.FILES or None, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            told = _edit(request, event, form)
        except Refused as refusal:
            form.refuse(refusal.code, refusal.text)
        else:
            messages.success(request, _("The settings are saved."))
            if told:
                messages.success(request, _mailed(told))
            return redirect("events:settings", event.slug)
    context = {
        **event_frame(request, event, "settings"),
        "form": form,
        "to_tell_again": selectors.people_to_tell_again(event),
        "has_stage": selectors.stages_of(event).exists(),
        "may_duplicate": permissions.may_create_event(request.user, event.organization),
    }
    return render(request, "events/settings.html", context)


@transaction.atomic
def _edit(request: HttpRequest, event: Event, form: EventForm) -> int:
    """How many are written to."""
    user, tells = signed_in(request), form.cleaned_data.get("tell", False)
    page = page_of(request, event) if tells else ""
    edited = services.edit_event(actor=user, event=event, tell=page, **form.changes())
    services.set_event_picture(actor=user, event=event, picture=form.cleaned_data["picture"])
    is_rescheduled = (edited.starts_at, edited.ends_at) != (event.starts_at, event.ends_at)
    return selectors.people_to_mail(edited) if tells and is_rescheduled else 0


def _mailed(people: int) -> str:
    return ngettext("%(count)s person is sent an e-mail.", "%(count)s people are sent an e-mail.", people) % {
        "count": people
    }


@dashboard_page("POST")
def publish(request: HttpRequest, event: Event) -> HttpResponse:
    told = selectors.people_to_tell_again(event)
    work = partial(
        services.publish_event, actor=signed_in(request), event=event, page=page_of(request, event)
    )
    done = _("%(event)s is published: everybody with its address sees it.") % {"event": event}
    if carry_out(request, work, done) and told:
        messages.success(request, _mailed(told))
    return redirect("events:settings", event.slug)


@dashboard_page("GET", "POST")
def unpublish(request: HttpRequest, event: Event) -> HttpResponse:
    """GET asks."""
    if request.method == "POST":
        told = selectors.people_to_mail(event) if "tell" in request.POST else 0
        page = page_of(request, event) if told else ""
        work = partial(services.unpublish_event, actor=signed_in(request), event=event, tell=page)
        done = _("%(event)s is a draft again: only its organizers see it.") % {"event": event}
        if carry_out(request, work, done) and told:
            messages.success(request, _mailed(told))
        return redirect("events:settings", event.slug)
    registered = selectors.numbers(event).registrations
    question = Question(
        title=_("Unpublish %(event)s?") % {"event": event},
        text=_whom_it_leaves_out(registered),
        yes=_("Unpublish"),
        back=resolve_url("events:settings", event.slug),
        tell=_whom_to_tell(selectors.people_to_mail(event)),
    )
    return ask(request, event, "settings", question)


def _whom_to_tell(people: int) -> str:
    if not people:
        return ""
    return ngettext(
        "Send %(count)s person an e-mail that the event is not public any more, with a file for their calendars",
        "Send %(count)s people an e-mail that the event is not public any more, with a file for their calendars",
        people,
    ) % {"count": people}


def _whom_it_leaves_out(registered: int) -> str:
    if not registered:
        return _(
            "Nobody is registered. Only its organizers see the event until you publish it again, and whoever else "
            "is inside is put out."
        )
    return ngettext(
        "%(count)s person is registered. They no longer see the event until you publish it again, and whoever is "
        "inside is put out.",
        "%(count)s people are registered. They no longer see the event until you publish it again, and whoever is "
        "inside is put out.",
        registered,
    ) % {"count": registered}


@dashboard_page("GET", "POST")
def archive(request: HttpRequest, event: Event) -> HttpResponse:
    """GET asks."""
    if request.method == "POST":
        work = partial(services.archive_event, actor=signed_in(request), event=event)
        carry_out(request, work, _("%(event)s is archived. You can restore it here.") % {"event": event})
        return redirect("events:settings", event.slug)
    question = Question(
        title=_("Archive %(event)s?") % {"event": event},
        text=_(
            "It leaves all lists, its page is gone for attendees, and nobody registers or comes in any more. A "
            "show that is on air ends, and whoever is backstage leaves. You can still read its dashboard, and "
            "restore it there."
        ),
        yes=_("Archive"),
        back=resolve_url("events:settings", event.slug),
    )
    return ask(request, event, "settings", question)


@dashboard_page("POST")
def restore(request: HttpRequest, event: Event) -> HttpResponse:
    work = partial(services.restore_event, actor=signed_in(request), event=event)
    carry_out(request, work, _("%(event)s is restored.") % {"event": event})
    return redirect("events:settings", event.slug)


@dashboard_page("POST")
def duplicate(request: HttpRequest, event: Event) -> HttpResponse:
    try:
        copy = services.duplicate_event(actor=signed_in(request), event=event)
    except Refused as refusal:
        messages.warning(request, refusal.text)
        return redirect("events:settings", event.slug)
    messages.success(
        request,
        _("This is the copy, a draft with stages and speakers but without registrations. Check its times."),
    )
    return redirect("events:settings", copy.slug)
