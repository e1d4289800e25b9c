"""What the People tab of an event's dashboard does in its chats."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from chat import services
from events.models import Event
from events.views.asking import carry_out, signed_in
from events.views.dashboard_pages import dashboard_page


@dashboard_page("POST")
def unmute(request: HttpRequest, event: Event, user_id: int) -> HttpResponse:
    work = partial(services.mute, actor=signed_in(request), event=event, person_id=user_id, muted=False)
    carry_out(request, work, _("They can write in the chats again."))
    return redirect("events:people", event.slug)
