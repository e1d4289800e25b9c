"""The Speakers tab."""

from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _

from events import selectors, services
from events.forms.speaker import LinkForms, SpeakerForm, links_of, typed_links
from events.models import Event, Speaker
from events.views.asking import carry_out, event_frame, signed_in
from events.views.dashboard_pages import dashboard_page
from events.views.questions import Question, ask
from hopin_backstage.realtime import Refused


@dashboard_page("GET")
def speakers(request: HttpRequest, event: Event) -> HttpResponse:
    context = {**event_frame(request, event, "speakers"), "speakers": selectors.speakers_of(event)}
    return render(request, "events/speakers.html", context)


@dashboard_page("GET", "POST")
def add(request: HttpRequest, event: Event) -> HttpResponse:
    return _speaker_page(request, event, None)


@dashboard_page("GET", "POST")
def edit(request: HttpRequest, event: Event, speaker_id: UUID) -> HttpResponse:
    return _speaker_page(request, event, _speaker(event, speaker_id))


@dashboard_page("POST")
def move(request: HttpRequest, event: Event, speaker_id: UUID) -> HttpResponse:
    """`places` is -1 or 1. Comes back to the speaker, so that the keyboard goes on from there."""
    speaker = _speaker(event, speaker_id)
    places = {"-1": -1, "1": 1}.get(request.POST.get("places", ""), 0)
    carry_out(
        request, partial(services.move_speaker, actor=signed_in(request), speaker=speaker, places=places)
    )
    return redirect(f"{resolve_url('events:speakers', event.slug)}#speaker-{speaker.pk}")


@dashboard_page("GET", "POST")
def remove(request: HttpRequest, event: Event, speaker_id: UUID) -> HttpResponse:
    """GET asks."""
    speaker = _speaker(event, speaker_id)
    if request.method == "POST":
        work = partial(services.remove_speaker, actor=signed_in(request), speaker=speaker)
        carry_out(request, work, _("%(name)s is no longer among the speakers.") % {"name": speaker})
        return redirect("events:speakers", event.slug)
    question = Question(
        title=_("Remove %(name)s from the speakers?") % {"name": speaker},
        text=_(
            "Name, title, photo and links leave the event's page. Who may come backstage does not change."
        ),
        yes=_("Remove"),
        back=resolve_url("events:speakers", event.slug),
    )
    return ask(request, event, "speakers", question)


def _speaker(event: Event, speaker_id: UUID) -> Speaker:
    speaker = selectors.speakers_of(event).filter(pk=speaker_id).first()
    if speaker is None:
        raise Http404
    speaker.event = event
    return speaker


def _speaker_page(request: HttpRequest, event: Event, speaker: Speaker | None) -> HttpResponse:
    form = SpeakerForm(request.POST or None, request.FILES or None, speaker=speaker)
    links = LinkForms(request.POST or None, initial=links_of(speaker), prefix="links")
    if request.method == "POST" and form.is_valid() and links.is_valid():
        typed = {**form.cleaned_data, "links": typed_links(links)}
        try:
            if speaker is None:
                saved = services.add_speaker(actor=signed_in(request), event=event, **typed)
            else:
                saved = services.edit_speaker(actor=signed_in(request), speaker=speaker, **typed)
        except Refused as refusal:
            form.refuse(refusal.code, refusal.text)
        else:
            return redirect(f"{resolve_url('events:speakers', event.slug)}#speaker-{saved.pk}")
    context = {
        **event_frame(request, event, "speakers"),
        "speaker": speaker,
        "form": form,
        "links": links,
    }
    return render(request, "events/speaker.html", context)
