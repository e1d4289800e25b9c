"""The letter of a registration, with its calendar file."""

import smtplib

import structlog
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from events.calendars import FILE_NAME, calendar_file
from events.models import Registration
from events.text import one_line

log = structlog.get_logger(__name__)


def confirm_registration(*, registration: Registration, page: str) -> bool:
    """Tells a person that they are registered, with the event as a calendar file; `page`: its whole address or empty.

    To be called on commit: the registration stands, whatever becomes of the letter. False: the mail server did not take
    it, and may do so later.
    """
    event, user = registration.event, registration.user
    words = {"event": event, "user": user, "page": page}
    letter = EmailMessage(
        # A subject is one line: what is typed into a name must not become another header.
        subject=one_line(render_to_string("events/email/registered_subject.txt", words)),
        body=render_to_string("events/email/registered_message.txt", words).strip() + "\n",
        to=[user.email],
    )
    letter.attach(FILE_NAME, calendar_file(event, page=page).decode(), "text/calendar")
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
