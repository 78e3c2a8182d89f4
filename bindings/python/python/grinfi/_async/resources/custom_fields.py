"""Custom fields."""

from __future__ import annotations

from uuid import UUID

from ... import enums, models
from ..._encoders import AnyText, OneOf
from ..._generated.enums import ObjectKind
from ..._generated.resources.custom_fields import AsyncCustomFields as AsyncGenerated
from ..._validation import NOT_GIVEN, NotGiven

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
        OneOf(ObjectKind)("object", object)
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
        OneOf(ObjectKind)("object", object)
        return await self._value(uuid, object_type=object, object_uuid=object_uuid, value=None)

    async def update(
        self, uuid: str | UUID, *, name: str | NotGiven = NOT_GIVEN, order: int | NotGiven = NOT_GIVEN
    ) -> models.CustomField:
        """Changes the name or the position of a field (``updateCustomField``). The object it belongs to cannot be changed.

        Raises:
            InvalidInputError: nothing would change, or an argument that the API cannot take; nothing is sent.
            NotFoundError: there is no such field.
            ValidationError: the API refuses it.

        Example::

            await client.custom_fields.update(persona.uuid, name="buyer_persona")
        """
        try:
            return await super().update(uuid, name=name, order=order)
        finally:
            await self.forget_names()

    async def delete(self, uuid: str | UUID) -> None:
        """Deletes a field, and its values with it (``deleteCustomField``).

        Raises:
            InvalidInputError: an id that is none.
            NotFoundError: there is no such field.

        Example::

            await client.custom_fields.delete(persona.uuid)
        """
        try:
            await super().delete(uuid)
        finally:
            await self.forget_names()

    async def forget_names(self) -> None:
        """Forgets the names of custom fields, so that the next call that sets one by name reads them anew. Sends nothing.

        They are read when a name is first needed, read anew for a name that is not among them, after ten minutes, and after a
        field was changed or deleted through the same client, ``with_options`` included. What this is for is a field that was
        renamed or deleted elsewhere: an upsert with its old name would be taken, and the value dropped by the API.

        Raises:
            ClientClosedError: the ``client`` was closed.

        Example::

            await client.custom_fields.forget_names()
        """
        await self._client._call_recorded("forget_custom_field_names", {})
