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
            value: The value, as a string.
            object: ``"lead"`` for a contact, ``"company"`` for a company.
            object_uuid: The contact or the company.

        Raises:
            InvalidInputError: an invalid argument; nothing is sent.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the response was lost.

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
            InvalidInputError: an invalid argument; nothing is sent.
            ValidationError: the API refuses the request.

        Example::

            await client.custom_fields.clear_value(persona.uuid, object="lead", object_uuid=contact.uuid)
        """
        OneOf(ObjectKind)("object", object)
        return await self._value(uuid, object_type=object, object_uuid=object_uuid, value=None)

    async def update(
        self, uuid: str | UUID, *, name: str | NotGiven = NOT_GIVEN, order: int | NotGiven = NOT_GIVEN
    ) -> models.CustomField:
        """Changes the name or the position of a field (``updateCustomField``). Its object cannot be changed.

        Raises:
            InvalidInputError: no changes, or an invalid argument; nothing is sent.
            NotFoundError: the field does not exist.
            ValidationError: the API refuses the request.

        Example::

            await client.custom_fields.update(persona.uuid, name="buyer_persona")
        """
        try:
            return await super().update(uuid, name=name, order=order)
        finally:
            await self.forget_names()

    async def delete(self, uuid: str | UUID) -> None:
        """Deletes a field and its values (``deleteCustomField``).

        Raises:
            InvalidInputError: an invalid id.
            NotFoundError: the field does not exist.

        Example::

            await client.custom_fields.delete(persona.uuid)
        """
        try:
            await super().delete(uuid)
        finally:
            await self.forget_names()

    async def forget_names(self) -> None:
        """Clears the cache of the names of custom fields, so that the next call that sets one by name looks them up. Sends nothing.

        Names are looked up when one is first needed, when one is unknown, after ten minutes, and after a field was changed or deleted
        by this client or one made by its ``with_options``. Call this after a field was renamed or deleted elsewhere: the API accepts an
        upsert with the old name, and ignores the value.

        Raises:
            ClientClosedError: the ``client`` was closed.

        Example::

            await client.custom_fields.forget_names()
        """
        await self._client._call_recorded("forget_custom_field_names", {})
