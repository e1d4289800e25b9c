"""What asks once before it is done: a page of its own, which works without JavaScript."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events.models import Event
from events.views.asking import event_frame


@dataclass(frozen=True)
class Question:
    """`yes`: what the button says that does it, by a POST to the address of the page itself."""

    title: str
    text: str
    yes: str
    back: str
    """Address of the page that Cancel leads to."""
    tell: str = ""
    """Also asked: whether people are written to. Sent as `tell`, unless it is unticked."""


def ask(request: HttpRequest, event: Event, tab: str, question: Question) -> HttpResponse:
    """In the event's dashboard."""
    return render(request, "events/question.html", {**event_frame(request, event, tab), "question": question})


def ask_in_public(request: HttpRequest, question: Question) -> HttpResponse:
    return render(request, "events/public_question.html", {"question": question})
