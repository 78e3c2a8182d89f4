"""Custom fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._generated.resources.custom_fields import AsyncCustomFields as AsyncGenerated
from .._write import AnyText

if TYPE_CHECKING:
    from uuid import UUID

    from .. import enums, models

__all__ = ["AsyncCustomFields"]


class AsyncCustomFields(AsyncGenerated):
    """Custom fields of contacts and companies: ``client.custom_fields``."""

    __slots__ = ()

    async def set_value(
        self, uuid: str | UUID, value: str, *, object: enums.ObjectKind | str, object_uuid: str | UUID
    ) -> models.CustomFieldValue:
        """Sets the value of a field for a contact or a company (``upsertCustomFieldValue``).

        Args:
            uuid: The field.
            value: The value, as text.
            object: ``"lead"`` for a contact, ``"company"`` for a company.
            object_uuid: The contact or the company.

        Raises:
            InvalidInputError: an argument that the API cannot take; nothing is sent.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.custom_fields.set_value(persona.uuid, "founder", object="lead", object_uuid=contact.uuid)
        """
        AnyText("value", value)
        return await self._value(uuid, object_type=object, object_uuid=object_uuid, value=value)

    async def clear_value(
        self, uuid: str | UUID, *, object: enums.ObjectKind | str, object_uuid: str | UUID
    ) -> models.CustomFieldValue:
        """Clears the value of a field for a contact or a company (``upsertCustomFieldValue``).

        Raises:
            InvalidInputError: an argument that the API cannot take; nothing is sent.
            ValidationError: the API refuses it.

        Example::

            await client.custom_fields.clear_value(persona.uuid, object="lead", object_uuid=contact.uuid)
        """
        return await self._value(uuid, object_type=object, object_uuid=object_uuid, value=None)
