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
        """Sends an email to a contact (``sendEmail``).

        The API has no idempotency keys, so a request that may have arrived is not retried.

        Args:
            sender_profile_uuid: The sender profile that sends the email.
            contact_uuid: The contact that receives it.
            from_name: The name of the sender.
            from_email: The address of one of the sender profile's mailboxes.
            to_name: The name of the recipient.
            to_email: The address of the recipient.
            subject: The subject.
            body: The text as HTML.
            cc: Addresses that receive a copy.
            bcc: Addresses that receive a blind copy.
            attachment_uuids: Uploaded files to attach.

        Raises:
            InvalidInputError: an invalid id or address, or a blank text; nothing is sent.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the email may have been sent; look for it with :meth:`list` before sending it again, or use
                :meth:`send_once`.

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
        """Sends an email, and looks for it among the contact's emails if the outcome is unknown (``sendEmail``).

        Sends the email at most once. An email found this way does not have its text. Takes one more request than :meth:`send`.

        The other arguments are those of :meth:`send`.

        Args:
            lookup_attempts: Number of searches for the message if the outcome is unknown.
            lookup_timeout: Maximum time to search, in seconds or as a ``timedelta``. A deadline includes this time: a third of it, at
                most this long, is reserved.

        Raises:
            InvalidInputError: an invalid id or address, or a blank text; nothing is sent.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the email may have been sent, but was not found; see ``lookups``.

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
    """Validates that an address has a name and a host."""
    text = check_text(field, value)
    name, _, host = text.partition("@")
    if not name or "." not in host.strip(".") or any(character.isspace() for character in text):
        raise InvalidInputError(f"`{field}` must be an email address", field=field)
    return text
