"""How a try to deliver ended. A row keeps the code, with a detail behind it; whoever reads it gets the sentence, in
their language.
"""

from django.utils.translation import gettext_lazy as _

NO_SUCH_HOST, NOT_PUBLIC, TIMEOUT, NOT_REACHED = "no_such_host", "not_public", "timeout", "not_reached"

SENTENCES = {
    NO_SUCH_HOST: _("There is no such host."),
    NOT_PUBLIC: _("This host is not on the open Internet."),
    # Seconds.
    TIMEOUT: _("No answer within %(detail)s s."),
    # What the network library names it.
    NOT_REACHED: _("Not reached: %(detail)s."),
}


def sentence(said: str) -> str:
    """`HTTP 503` speaks for itself."""
    code, _colon, detail = said.partition(":")
    return str(SENTENCES[code]) % {"detail": detail} if code in SENTENCES else said
