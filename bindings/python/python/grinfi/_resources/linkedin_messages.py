"""LinkedIn messages, received and sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .._errors import InvalidInputError
from .._listing import Listing
from .._models import LinkedinMessage
from .._types import NOT_GIVEN, NotGiven, check_id, check_text
from ..filters import Condition
from ._base import Resource

if TYPE_CHECKING:
    from uuid import UUID

    from typing_extensions import Unpack

    from ._shorthand import LinkedinMessageFields

__all__ = ["LinkedinMessages"]


class LinkedinMessages(Resource):
    """LinkedIn messages, received and sent: ``client.linkedin_messages``."""

    __slots__ = ()

    def send(
        self,
        *,
        sender_profile_uuid: str | UUID,
        contact_uuid: str | UUID,
        text: str,
        template_uuid: str | UUID | NotGiven = NOT_GIVEN,
        attachment_uuids: Iterable[str | UUID] = (),
    ) -> LinkedinMessage:
        """Sends a message to a contact (``sendLinkedInMessage``).

        The answer means queued, not delivered: ``status`` goes from ``new`` over ``in_progress`` to ``done`` or ``failed``.
        The API knows no idempotency key, so this is never repeated once it may have arrived.

        Args:
            sender_profile_uuid: In whose name.
            contact_uuid: To whom.
            text: What.
            template_uuid: The template that the text came from.
            attachment_uuids: Files that were uploaded before.

        Raises:
            InvalidInputError: an id that is none, or a blank text; nothing is sent.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the message may have gone out; look for it with :meth:`list` before sending again.

        Example::

            client.linkedin_messages.send(
                sender_profile_uuid=sender.uuid, contact_uuid=contact.uuid, text="Thanks for connecting!"
            )
        """
        if isinstance(attachment_uuids, str):
            raise InvalidInputError("attachment_uuids: a list of ids is needed", field="attachment_uuids")
        body: dict[str, object] = {
            "sender_profile_uuid": check_id("sender_profile_uuid", sender_profile_uuid),
            "lead_uuid": check_id("contact_uuid", contact_uuid),
            "text": check_text("text", text),
        }
        if template_uuid is not NOT_GIVEN:
            body["template_uuid"] = check_id("template_uuid", template_uuid)
        attachments = [{"uuid": check_id("attachment_uuids", uuid)} for uuid in attachment_uuids]
        if attachments:
            body["attachments"] = attachments
        return self._one(LinkedinMessage, "sendLinkedInMessage", body=body)

    def list(
        self,
        *conditions: Condition | Mapping[str, Any],
        order_by: str | None = None,
        limit: int = 100,
        offset: int = 0,
        max_items: int | None = None,
        **fields: Unpack[LinkedinMessageFields],
    ) -> Listing[LinkedinMessage]:
        """Lists the messages (``listLinkedinMessages``).

        Args:
            conditions: Conditions from :data:`grinfi.F`, or dicts in the spelling of the API; all must hold.
            order_by: A column, ``"sent_at"``; with a minus, ``"-sent_at"``, from the newest.
            limit: The page size, not the number of rows in all.
            offset: How many rows to leave out at the start.
            max_items: How many rows to hand out at the most.
            fields: ``lead_uuid`` (the contact), ``sender_profile_uuid``, ``type`` (``inbox`` or ``outbox``), ``status``,
                ``sent_at``: a value, or a list of values.

        Raises:
            InvalidInputError: a field or page size that the API does not have; nothing is sent.

        Example::

            for message in client.linkedin_messages.list(lead_uuid=contact.uuid, order_by="sent_at"):
                print(message.sent_at, message.text)
        """
        return Listing(
            self._client, LinkedinMessage, "linkedin_messages", conditions, fields,
            order_by=order_by, limit=limit, offset=offset, max_items=max_items,
        )  # fmt: skip
