"""Every write of API tokens."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hopin_backstage.realtime import Refused
from hopin_backstage.rest.models import ApiToken

#: More would be forgotten ones.
MOST_TOKENS = 20


@transaction.atomic
def create_token(*, actor: Any, name: str, lasts: timedelta | None) -> str:
    """A new token of the actor's own, and the only time that anybody sees it. `lasts` None: until it is revoked.

    Raises Refused: `token.too_many`.
    """
    # The person's row is the lock.
    get_user_model().objects.select_for_update().get(pk=actor.pk)
    if ApiToken.objects.filter(user=actor).count() >= MOST_TOKENS:
        raise Refused(
            "token.too_many",
            _("You have %(most)s tokens. Revoke one that you do not need any more.") % {"most": MOST_TOKENS},
        )
    _row, token = ApiToken.objects.create(user=actor, expiry=lasts, name=name)
    return str(token)


def revoke_token(*, actor: Any, token_key: str) -> None:
    """It signs nobody in any more. Nothing happens where the actor has none of this beginning."""
    ApiToken.objects.filter(user=actor, token_key=token_key).delete()


def revoke_all_tokens(*, user: Any) -> None:
    """No program of this person's is signed in any more."""
    ApiToken.objects.filter(user=user).delete()


def note_use(*, token: ApiToken) -> None:
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
