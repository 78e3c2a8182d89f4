"""Automations, ``flows`` on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._generated.resources.automations import AsyncAutomations as AsyncGenerated
from .._types import NOT_GIVEN, NotGiven, is_missing
from .._write import Boolean, Integer
from ._named import AsyncNamed
from ._records_in import upserted

if TYPE_CHECKING:
    from uuid import UUID

    from .. import models

__all__ = ["AsyncAutomations"]


class AsyncAutomations(AsyncGenerated):
    """Automations, graphs of steps that contacts are led through, ``flows`` on the wire: ``client.automations``."""

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
        """Creates a contact in a list and enrolls it (``addNewLeadToFlow``). A running automation can send to it at once.

        Args:
            uuid: The automation.
            list_uuid: The list.
            linkedin_id: LinkedIn nickname, member id, or the address of the profile in any form.
            headline: ``None`` clears it, as with all that take ``None``; what is not given is not sent.
            custom_fields: Values by the names of custom fields, which are looked up first: the API drops an unknown one.
            update_if_exists: Whether a contact that is there already is updated.
            move_to_list: Whether a contact that is there already moves to the list.
            skip_if_exists: Whether a contact that is there already is left out of the automation.
            segment_id: The segment of the automation that the contact enters.
            contact_source_id: The contact source of the automation that the contact enters by. Undocumented: known from the
                sister product.

        Returns:
            ``None`` if the contact is in; otherwise what the API says of why it is not.

        Raises:
            InvalidInputError: no ``linkedin_id``, a custom field that contacts do not have, or a value that the API cannot take.
            ValidationError: the API refuses the contact.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.automations.add_new_contact(welcome.uuid, fair.uuid, linkedin_id="jane-roe-example")
        """
        for field, flag in (
            ("update_if_exists", update_if_exists),
            ("move_to_list", move_to_list),
            ("skip_if_exists", skip_if_exists),
        ):
            if not is_missing(flag):
                Boolean(field, flag)
        Integer("segment_id", segment_id)
        contact = upserted(
            linkedin_id,
            first_name=first_name,
            last_name=last_name,
            company_name=company_name,
            work_email=work_email,
            personal_email=personal_email,
            email=email,
            about=about,
            domain=domain,
            headline=headline,
            position=position,
            raw_address=raw_address,
            linkedin=linkedin,
            ln_id=ln_id,
            sn_id=sn_id,
        )
        return await self._add_new_contact(
            uuid,
            contact=contact,
            list_uuid=list_uuid,
            custom_fields=await AsyncNamed(self._client, "lead").checked(custom_fields),
            update_contact_if_exists=update_if_exists,
            move_to_list=move_to_list,
            skip_if_contact_exists=skip_if_exists,
            automation_segment_id=segment_id,
            contact_source_id=contact_source_id,
        )
