"""How a try to deliver ended. A row keeps the code, with a detail behind it; whoever reads it gets the sentence, in
their language.
"""

from django.utils.translation import gettext_lazy as _

NO_SUCH_HOST, NOT_PUBLIC, TIMEOUT, NOT_REACHED = "no_such_host", "not_public", "timeout", "not_reached"

SENTENCES = {
    # One sentence for both: nobody is told which names there are in the network that we are in.
    NO_SUCH_HOST: _("There is no such host on the open Internet."),
    NOT_PUBLIC: _("There is no such host on the open Internet."),
    # Seconds.
    TIMEOUT: _("No answer within %(detail)s s."),
    # What the network library names it.
    NOT_REACHED: _("Not reached: %(detail)s."),
}


def sentence(said: str) -> str:
    """`HTTP 503` speaks for itself."""
    code, _colon, detail = said.partition(":")
    return str(SENTENCES[code]) % {"detail": detail} if code in SENTENCES else said
