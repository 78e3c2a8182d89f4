"""LinkedIn messages, received and sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from ... import models
from ..._encoders import Id, ListOf
from ..._errors import InvalidInputError
from ..._generated.resources.linkedin_messages import AsyncLinkedinMessages as AsyncGenerated
from ..._progress import lookup_options
from ..._validation import NOT_GIVEN, NotGiven, check_id, check_text, is_missing

__all__ = ["AsyncLinkedinMessages"]

_MAX_SUBJECT_LENGTH = 511
"""In characters."""


class AsyncLinkedinMessages(AsyncGenerated):
    """LinkedIn messages, received and sent: ``client.linkedin_messages``."""

    __slots__ = ()

    async def send(
        self,
        *,
        sender_profile_uuid: str | UUID,
        contact_uuid: str | UUID,
        text: str,
        template_uuid: str | UUID | NotGiven = NOT_GIVEN,
        attachment_uuids: Iterable[str | UUID] = (),
        subject: str | NotGiven = NOT_GIVEN,
        messenger_type: str | NotGiven = NOT_GIVEN,
    ) -> models.LinkedinMessage:
        """Sends a message to a contact (``sendLinkedInMessage``).

        The API queues the message: ``status`` changes from ``new`` to ``in_progress``, then to ``done`` or ``failed``. The API has no
        idempotency keys, so a request that may have arrived is not retried.

        Args:
            sender_profile_uuid: The sender profile that sends the message.
            contact_uuid: The contact that receives it.
            text: The text.
            template_uuid: The template of the text.
            attachment_uuids: Uploaded files to attach.
            subject: The subject of an InMail, up to 511 characters. Undocumented: known from the sister product.
            messenger_type: The LinkedIn product to send the message with, such as ``"basic"``. Undocumented: known
                from the sister product.

        Raises:
            InvalidInputError: an invalid id, a blank text, or a subject that is too long; nothing is sent.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the message may have been sent; look for it with :meth:`list` before sending it again, or use
                :meth:`send_once`.

        Example::

            await client.linkedin_messages.send(
                sender_profile_uuid=sender.uuid, contact_uuid=contact.uuid, text="Thanks for connecting!"
            )
        """
        attachments = [{"uuid": uuid} for uuid in ListOf(Id)("attachment_uuids", attachment_uuids)]
        if not isinstance(messenger_type, NotGiven):
            check_text("messenger_type", messenger_type)
        if not isinstance(subject, NotGiven) and len(check_text("subject", subject)) > _MAX_SUBJECT_LENGTH:
            why = f"must have at most {_MAX_SUBJECT_LENGTH} characters, got {len(subject)}"
            raise InvalidInputError(f"`subject` {why}", field="subject")
        return await self._send(
            sender_profile_uuid=sender_profile_uuid,
            contact_uuid=contact_uuid,
            text=text,
            template_uuid=template_uuid,
            attachments=attachments or NOT_GIVEN,
            subject=subject,
            linkedin_messenger_type=messenger_type,
        )

    async def send_once(
        self,
        *,
        sender_profile_uuid: str | UUID,
        contact_uuid: str | UUID,
        text: str,
        template_uuid: str | UUID | NotGiven = NOT_GIVEN,
        attachment_uuids: Iterable[str | UUID] = (),
        lookup_attempts: int = 5,
        lookup_timeout: float | timedelta = 30.0,
    ) -> models.LinkedinMessage:
        """Sends a message, and looks for it in the conversation if the outcome is unknown (``sendLinkedInMessage``).

        Sends the message at most once, even if it is not found, since it may appear later. Takes one more request than :meth:`send`.

        The other arguments are those of :meth:`send`.

        Args:
            lookup_attempts: Number of searches for the message if the outcome is unknown.
            lookup_timeout: Maximum time to search, in seconds or as a ``timedelta``. A deadline includes this time: a third of it, at
                most this long, is reserved.

        Raises:
            InvalidInputError: an invalid id or a blank text; nothing is sent.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the message may have been sent, but was not found; see ``lookups``.

        Example::

            await client.linkedin_messages.send_once(
                sender_profile_uuid=sender.uuid, contact_uuid=contact.uuid, text="Thanks for connecting!"
            )
        """
        sent = await self._client._call_resource(
            "send_linkedin_message_once",
            {
                "sender_profile_uuid": check_id("sender_profile_uuid", sender_profile_uuid),
                "contact_uuid": check_id("contact_uuid", contact_uuid),
                "text": check_text("text", text),
                "template_uuid": (
                    None if is_missing(template_uuid) else check_id("template_uuid", template_uuid)
                ),
                "attachment_uuids": ListOf(Id)("attachment_uuids", attachment_uuids),
                "lookup": lookup_options(lookup_attempts, lookup_timeout),
            },
        )
        return models.LinkedinMessage(sent)
