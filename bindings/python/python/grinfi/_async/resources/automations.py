"""Automations, ``flows`` in the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ... import models
from ..._contact_inputs import custom_field_values
from ..._encoders import Boolean, Integer, encode
from ..._generated.inputs import encode_upsert_contact_fields
from ..._generated.resources.automations import ADD_NEW_CONTACT
from ..._generated.resources.automations import AsyncAutomations as AsyncGenerated
from ..._responses import refuse_raw_response
from ..._validation import NOT_GIVEN, NotGiven, check_id, is_missing

__all__ = ["AsyncAutomations"]


class AsyncAutomations(AsyncGenerated):
    """Automations, ``flows`` in the API: sequences of steps for contacts: ``client.automations``."""

    __slots__ = ()

    async def add_new_contact(
        self,
        uuid: str | UUID,
        list_uuid: str | UUID,
        *,
        linkedin_id: str,
        first_name: str | NotGiven = NOT_GIVEN,
        last_name: str | NotGiven = NOT_GIVEN,
        company_name: str | NotGiven = NOT_GIVEN,
        work_email: str | NotGiven = NOT_GIVEN,
        personal_email: str | NotGiven = NOT_GIVEN,
        email: str | NotGiven = NOT_GIVEN,
        about: str | NotGiven = NOT_GIVEN,
        domain: str | NotGiven = NOT_GIVEN,
        headline: str | None | NotGiven = NOT_GIVEN,
        position: str | None | NotGiven = NOT_GIVEN,
        raw_address: str | None | NotGiven = NOT_GIVEN,
        linkedin: str | None | NotGiven = NOT_GIVEN,
        ln_id: str | None | NotGiven = NOT_GIVEN,
        sn_id: str | None | NotGiven = NOT_GIVEN,
        custom_fields: Mapping[str, Any] | NotGiven = NOT_GIVEN,
        update_if_exists: bool = True,
        move_to_list: bool = False,
        skip_if_exists: bool | NotGiven = NOT_GIVEN,
        segment_id: int = 1,
        contact_source_id: int | NotGiven = NOT_GIVEN,
    ) -> models.NotEnrolled | None:
        """Creates a contact in a list and enrolls it (``addNewLeadToFlow``). A running automation may send a message at once.

        Args:
            uuid: The automation.
            list_uuid: The list.
            linkedin_id: LinkedIn nickname, member id, or the address of the profile in any form.
            headline: ``None`` clears it, like all fields that accept ``None``. Arguments that are not given are not sent.
            custom_fields: Values by the names of custom fields, which are looked up first, since the API ignores unknown names.
            update_if_exists: Whether to update an existing contact.
            move_to_list: Whether to move an existing contact to the list.
            skip_if_exists: Whether not to enroll an existing contact.
            segment_id: The segment of the automation that the contact enters.
            contact_source_id: The contact source of the automation that the contact enters by. Undocumented: known from the
                sister product.

        Returns:
            ``None`` if the contact was enrolled; otherwise the reason why not.

        Raises:
            InvalidInputError: no ``linkedin_id``, an unknown custom field, or an invalid argument.
            ValidationError: the API refuses the contact.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.automations.add_new_contact(welcome.uuid, fair.uuid, linkedin_id="jane-roe-example")
        """
        contact = {
            "linkedin_id": linkedin_id,
            "first_name": first_name,
            "last_name": last_name,
            "company_name": company_name,
            "work_email": work_email,
            "personal_email": personal_email,
            "email": email,
            "about": about,
            "domain": domain,
            "headline": headline,
            "position": position,
            "raw_address": raw_address,
            "linkedin": linkedin,
            "ln_id": ln_id,
            "sn_id": sn_id,
        }
        options = {
            "update_if_exists": (Boolean, update_if_exists),
            "move_to_list": (Boolean, move_to_list),
            "skip_if_exists": (Boolean, skip_if_exists),
            "segment_id": (Integer, segment_id),
            "contact_source_id": (Integer, contact_source_id),
        }
        values = custom_field_values(custom_fields)
        if values:
            refuse_raw_response("the names of custom fields are looked up first")
        _, responses = await self._client._call_recorded(
            "add_new_contact",
            {
                "uuid": check_id("uuid", uuid),
                "list_uuid": check_id("list_uuid", list_uuid),
                "contact": encode_upsert_contact_fields.encode_fields(contact),
                "custom_fields": values,
                **{name: encode(encoder, name, value) for name, (encoder, value) in options.items() if not is_missing(value)},
            },
        )
        return ADD_NEW_CONTACT.decode(responses[-1])
