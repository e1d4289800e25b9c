"""Help was opened on a page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from events import services, tickets
from events.models import User


# Its ticket says who asks and that the page was ours; pages that have no other form need no cookie for it.
@csrf_exempt
@require_POST
def opened(request: HttpRequest) -> HttpResponse:
    ticket = tickets.read(request.POST.get("ticket", ""))
    if ticket is None:
        return HttpResponse(status=400)
    services.note_help(
        actor=User.objects.filter(pk=ticket.user_id).first() if ticket.user_id else None,
        reference=ticket.reference,
        page=ticket.page,
        of=ticket.of,
        made_at=ticket.made_at,
        browser=request.headers.get("User-Agent", ""),
    )
    return HttpResponse(status=204)
