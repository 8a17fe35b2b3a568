"""E-mail through Django: one message, our Message-ID, the calendar file attached."""

from __future__ import annotations

import smtplib
from email.utils import make_msgid, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from giliran.messages.ports import Outgoing, Policy, Refused, Sent

_PASSING = range(400, 500)  # RFC 5321, 4.2.1: transient negative completion


class Email:
    """The mail server of the settings (EMAIL_URL)."""

    def send(self, outgoing: Outgoing) -> Sent:
        """Hand one e-mail to the server; returns its Message-ID. Raises ``Refused``."""
        message = written(outgoing)
        connection = get_connection()
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:  # before anything was handed over
            raise Refused("unreachable", type(error).__name__, Policy.RETRY) from None
        try:
            message.connection = connection
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            ((code, _),) = error.recipients.values()
            raise Refused(str(code), "recipient refused", _policy(code)) from None
        except smtplib.SMTPResponseException as error:  # the server said no to it
            sentence = type(error).__name__
            raise Refused(str(error.smtp_code), sentence, _policy(error.smtp_code)) from None
        except (OSError, smtplib.SMTPException) as error:
            raise Refused("no_answer", type(error).__name__, Policy.UNKNOWN) from None
        finally:
            _close(connection)
        return Sent(str(message.extra_headers["Message-ID"]))


def written(outgoing: Outgoing) -> EmailMessage:
    """Return the e-mail of a message."""
    wording = outgoing.wording
    _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    domain = sender.rpartition("@")[2] or "localhost"
    message = EmailMessage(
        subject=wording.title or wording.short,
        body=wording.letter or wording.text,
        to=[outgoing.address],
        headers={
            "Message-ID": make_msgid(f"giliran.{outgoing.reference}", domain),
            "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers, please
            "Content-Language": outgoing.language,
        },
    )
    if wording.calendar:
        message.attach("giliran.ics", wording.calendar, "text/calendar")
    return message


def _policy(code: int) -> Policy:
    return Policy.RETRY if code in _PASSING else Policy.NEXT_CHANNEL


def _close(connection: object) -> None:
    try:
        connection.close()  # type: ignore[attr-defined]
    except (OSError, smtplib.SMTPException):
        return  # what was accepted stays accepted


def from_environment() -> Email | None:
    """Return the mail server of the settings, or None where EMAIL_URL names none."""
    return Email() if settings.EMAIL_URL else None
