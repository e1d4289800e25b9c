"""Letters that events sends. None is tried again: one that the mail server does not take is logged, and lost."""

import smtplib

import structlog
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from events.calendars import FILE_NAME, calendar_file
from events.models import Registration
from events.text import one_line

log = structlog.get_logger(__name__)


def confirm_registration(*, registration: Registration, page: str) -> None:
    """Tells a person that they are registered, with the event as a calendar file; `page`: its whole address or empty.

    To be called on commit: the registration stands, whatever becomes of the letter.
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
    except (smtplib.SMTPException, OSError) as error:
        # Its kind alone: what it says may hold the address, and logs are read by more people than the letter is.
        log.warning("letter_not_sent", registration=registration.pk, error=type(error).__name__)
