"""Programs sign in by a token; the page of the API by the session of whoever reads it, with CSRF."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed

from hopin_backstage.rest import services
from hopin_backstage.rest.models import ApiToken

#: Longer than any token; nothing longer is looked at.
LONGEST = 200
#: How exactly a token's last use is noted: not with a write for each question.
USE_NOTED_EVERY = timedelta(hours=1)


class ApiTokenAuthentication(TokenAuthentication):
    def authenticate_credentials(self, token: bytes) -> tuple[Any, ApiToken]:
        """By its digest: the library would go through the tokens that begin alike, and stumble over what is no text."""
        if len(token) > LONGEST or not token.isascii():
            raise AuthenticationFailed
        now = timezone.now()
        found = (
            ApiToken.objects.select_related("user").filter(digest=hash_token(token.decode("ascii"))).first()
        )
        if found is None or (found.expiry is not None and found.expiry <= now):
            raise AuthenticationFailed
        if not found.user.is_active:
            raise AuthenticationFailed
        if found.last_used_at is None or found.last_used_at < now - USE_NOTED_EVERY:
            services.note_use(token=found)
        return found.user, found
