"""What the Backstage does when an account, an organization or an event says that it is not to be any more."""

from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from backstage import services
from backstage.models import BackstageSession, Participant
from events import selectors as events_selectors
from events.models import Event, Organization, User
from events.signals import access_narrowed, account_closing, organization_closing
from hopin_backstage.realtime import groups, publish
from hopin_backstage.realtime.access import AccessChanged


@receiver(account_closing)
def leave_everywhere(sender: object, user: User, **kwargs: Any) -> None:
    """Tiles and places are given back as on leaving: the rows alone, gone with the account, would tell nobody."""
    inside = Participant.objects.filter(Q(left_at__isnull=True) | Q(waiting_since__isnull=False), user=user)
    _lock_in_order(
        Q(pk__in=inside.values("backstage_session_id"))
        | Q(stage__event__organization__in=events_selectors.organizations_of_nobody_but(user))
    )
    for participant in inside.order_by("backstage_session_id"):
        services.leave(participant_id=participant.pk)


def _lock_in_order(which: Q) -> None:
    """All that closing an account will touch, those of `close_all` with them: two who close theirs at once must not
    each wait for what the other holds.
    """
    rows = BackstageSession.objects.filter(which).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


@receiver(organization_closing)
def close_all(sender: object, organization: Organization, **kwargs: Any) -> None:
    """As where a Stage is archived, and now: whoever is inside or watches is told while it can still be said whom."""
    for session in BackstageSession.objects.filter(stage__event__organization=organization).order_by("pk"):
        services.close(session)
        publish(groups.stage(session.stage_id), AccessChanged())


@receiver(access_narrowed)
def put_out(sender: object, event: Event, **kwargs: Any) -> None:
    """A show that is on air in an archived event is ended by the stagehand, which finds it closed."""
    for session in BackstageSession.objects.filter(stage__event=event).order_by("pk"):
        services.put_out_uninvited(session)
