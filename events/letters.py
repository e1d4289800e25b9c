"""Letters of our own: text, from templates/events/email/. Those about accounts are the library's."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from events.text import one_line


def send_letter(name: str, *, to: str, context: dict[str, object]) -> None:
    """Renders NAME_subject.txt and NAME_message.txt, and sends. Raises OSError where the mail server refuses."""
    filled = {"support_email": settings.SUPPORT_EMAIL, **context}
    subject, message = (
        render_to_string(f"events/email/{name}_{part}.txt", filled) for part in ("subject", "message")
    )
    EmailMessage(one_line(subject), message.strip() + "\n", to=[to]).send()
