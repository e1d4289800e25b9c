"""Letters to somebody who is registered, with the calendar file."""

import smtplib

import structlog
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from events.calendars import FILE_NAME, calendar_file
from events.models import LetterKind, Registration
from events.text import one_line

log = structlog.get_logger(__name__)


def send(*, registration: Registration, page: str, kind: str = LetterKind.REGISTERED) -> bool:
    """Tells a person what `kind` says, with the event as a calendar file; `page`: its whole address or empty.

    To be called on commit: what it tells stands, whatever becomes of the letter. False: the mail server did not take
    it, and may do so later.
    """
    event, user = registration.event, registration.user
    words = {"event": event, "user": user, "page": page}
    letter = EmailMessage(
        # A subject is one line: what is typed into a name must not become another header.
        subject=one_line(render_to_string(f"events/email/{kind}_subject.txt", words)),
        body=render_to_string(f"events/email/{kind}_message.txt", words).strip() + "\n",
        to=[user.email],
    )
    calendar = calendar_file(event, page=page, is_off=kind == LetterKind.CALLED_OFF)
    letter.attach(FILE_NAME, calendar.decode(), "text/calendar")
    try:
        letter.send()
    except OSError as error:
        # What smtplib raises, too.
        # Its kind alone: what it says may hold the address, and logs are read by more people than the letter is.
        log.warning("letter_not_sent", registration=registration.pk, error=type(error).__name__)
        return _is_final(error)
    return True


def _is_final(error: OSError) -> bool:
    """The server said no to this very letter (5yz), and would again: https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1

    Not where it said no to us, as with a password that is wrong since yesterday.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
