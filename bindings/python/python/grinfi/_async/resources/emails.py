"""Emails."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from ... import models
from ..._encoders import AnyText, Id, ListOf
from ..._errors import InvalidInputError
from ..._generated.resources.emails import AsyncEmails as AsyncGenerated
from ..._progress import lookup_options
from ..._validation import NOT_GIVEN, NotGiven, check_id, check_text, is_missing

__all__ = ["AsyncEmails"]


class AsyncEmails(AsyncGenerated):
    """Emails, received and sent: ``client.emails``."""

    __slots__ = ()

    async def send(
        self,
        *,
        sender_profile_uuid: str | UUID,
        contact_uuid: str | UUID,
        from_name: str,
        from_email: str,
        to_name: str,
        to_email: str,
        subject: str,
        body: str | NotGiven = NOT_GIVEN,
        cc: Iterable[str] = (),
        bcc: Iterable[str] = (),
        attachment_uuids: Iterable[str | UUID] = (),
    ) -> models.SentEmail:
        """Sends an email to a contact (``sendEmail``). The API knows no idempotency key, so this is never repeated once it may
        have arrived.

        Args:
            sender_profile_uuid: In whose name.
            contact_uuid: To whom.
            from_name: The name of the sender.
            from_email: The address of one of the sender profile's mailboxes.
            to_name: The name of the receiver.
            to_email: The address that it goes to.
            subject: The subject.
            body: The text, as HTML.
            cc: Addresses that receive a copy.
            bcc: Addresses that receive a copy without the others knowing.
            attachment_uuids: Files that were uploaded before.

        Raises:
            InvalidInputError: an id or address that is none, or a blank text; nothing is sent.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the email may have gone out; look for it with :meth:`list` before sending again, or send with
                :meth:`send_once`, which looks.

        Example::

            await client.emails.send(
                sender_profile_uuid=sender.uuid, contact_uuid=contact.uuid, from_name="Max", from_email="max@example.com",
                to_name="Jane", to_email="jane@example.com", subject="Hello", body="<p>Hello Jane</p>",
            )
        """
        checked = _checked(
            sender_profile_uuid, contact_uuid, from_name, from_email, to_name, to_email, subject, body, cc, bcc,
            attachment_uuids,
        )  # fmt: skip
        attachments = [{"uuid": uuid} for uuid in checked["attachment_uuids"]]
        return await self._send(
            sender_profile_uuid=sender_profile_uuid,
            contact_uuid=contact_uuid,
            from_name=from_name,
            from_email=from_email,
            to_name=to_name,
            to_email=to_email,
            subject=subject,
            body=body,
            cc=checked["cc"] or NOT_GIVEN,
            bcc=checked["bcc"] or NOT_GIVEN,
            attachments=attachments or NOT_GIVEN,
        )

    async def send_once(
        self,
        *,
        sender_profile_uuid: str | UUID,
        contact_uuid: str | UUID,
        from_name: str,
        from_email: str,
        to_name: str,
        to_email: str,
        subject: str,
        body: str | NotGiven = NOT_GIVEN,
        cc: Iterable[str] = (),
        bcc: Iterable[str] = (),
        attachment_uuids: Iterable[str | UUID] = (),
        lookup_attempts: int = 5,
        lookup_timeout: float | timedelta = 30.0,
    ) -> models.SentEmail:
        """Sends an email; if its outcome is unknown, looks for it among the contact's emails (``sendEmail``).

        The email is sent at most once by this call, and never again. What was found that way comes without its text. It costs
        one request more than :meth:`send`.

        The other arguments are those of :meth:`send`.

        Args:
            lookup_attempts: How many times to look when the outcome is unknown.
            lookup_timeout: For how long to look, in seconds or as a ``timedelta``. A deadline covers everything; a third of
                it, at most this long, is kept for looking.

        Raises:
            InvalidInputError: an id or address that is none, or a blank text; nothing is sent.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the email may have gone out, and was not found; ``lookups`` says how often and how long
                it looked.

        Example::

            await client.emails.send_once(
                sender_profile_uuid=sender.uuid, contact_uuid=contact.uuid, from_name="Max", from_email="max@example.com",
                to_name="Jane", to_email="jane@example.com", subject="Hello", body="<p>Hello Jane</p>",
            )
        """
        checked = _checked(
            sender_profile_uuid, contact_uuid, from_name, from_email, to_name, to_email, subject, body, cc, bcc,
            attachment_uuids,
        )  # fmt: skip
        checked["lookup"] = lookup_options(lookup_attempts, lookup_timeout)
        return models.SentEmail(await self._client._call_resource("send_email_once", checked))


def _checked(
    sender_profile_uuid: str | UUID,
    contact_uuid: str | UUID,
    from_name: str,
    from_email: str,
    to_name: str,
    to_email: str,
    subject: str,
    body: str | NotGiven,
    cc: Iterable[str],
    bcc: Iterable[str],
    attachment_uuids: Iterable[str | UUID],
) -> dict[str, Any]:
    return {
        "sender_profile_uuid": check_id("sender_profile_uuid", sender_profile_uuid),
        "contact_uuid": check_id("contact_uuid", contact_uuid),
        "from_name": check_text("from_name", from_name),
        "from_email": _address("from_email", from_email),
        "to_name": check_text("to_name", to_name),
        "to_email": _address("to_email", to_email),
        "subject": check_text("subject", subject),
        "body": None if is_missing(body) else AnyText("body", body),
        "cc": ListOf(_address)("cc", cc),
        "bcc": ListOf(_address)("bcc", bcc),
        "attachment_uuids": ListOf(Id)("attachment_uuids", attachment_uuids),
    }


def _address(field: str, value: str) -> str:
    """An address with a name and a host; the rest is up to the API."""
    text = check_text(field, value)
    name, _, host = text.partition("@")
    if not name or "." not in host.strip(".") or any(character.isspace() for character in text):
        raise InvalidInputError(f"{field}: it is no email address", field=field)
    return text
