"""Mail servers that are no help."""

import smtplib
from collections.abc import Sequence
from typing import NoReturn

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Failing(BaseEmailBackend):
    """As EMAIL_HOST says."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> NoReturn:
        raise {
            "refuses": smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"no")}),
            "takes another password": smtplib.SMTPAuthenticationError(535, b"no"),
            "cannot be reached": TimeoutError("timed out"),
            "breaks": ZeroDivisionError("a fault of the backend's own"),
        }[settings.EMAIL_HOST]
