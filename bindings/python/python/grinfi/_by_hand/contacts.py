"""Contacts, ``leads`` on the wire."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .._errors import InvalidInputError, NotFoundError
from .._generated.resources.contacts import AsyncContacts as AsyncGenerated
from .._types import NOT_GIVEN, NotGiven, check_id, check_text
from ..filters import Condition, build_filter, narrow_filter
from ._bulk import AsyncBulkContacts
from ._contacts_in import custom_fields_of, new_contacts, upserted
from ._selection import selection

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from typing_extensions import Unpack

    from .. import enums, inputs, models
    from .._generated.fields import ContactFields

__all__ = ["AsyncContacts"]


class AsyncContacts(AsyncGenerated):
    """Contacts, ``leads`` on the wire: ``client.contacts``.

    The API wraps a contact in different ways from one operation to the next; here it is always a
    :class:`~grinfi.Contact`, with its extras where the API gave any.
    """

    __slots__ = ()

    async def create_many(
        self, list_uuid: str | UUID, contacts: Iterable[inputs.NewContact | Mapping[str, Any]]
    ) -> list[models.Contact]:
        """Creates contacts in a list, or updates those that are there already (``createLeads``).

        Args:
            list_uuid: The list.
            contacts: A dict for each, with the fields of :class:`~grinfi.NewContact`.

        Returns:
            The contacts in the order of the request.

        Raises:
            InvalidInputError: no contacts at all, one without anything to be known by, or an unknown field.
            ValidationError: the API refuses one.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.contacts.create_many(fair.uuid, [
                {"linkedin_id": "jane-roe-example", "first_name": "Jane", "company_name": "ExampleCorp"},
            ])
        """
        return await self._create_many(list_uuid=list_uuid, contacts=new_contacts(contacts))

    async def upsert(
        self,
        list_uuid: str | UUID,
        *,
        linkedin_id: str,
        first_name: str | NotGiven = NOT_GIVEN,
        last_name: str | NotGiven = NOT_GIVEN,
        company_name: str | NotGiven = NOT_GIVEN,
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
    ) -> models.Contact:
        """Creates a contact in a list, or updates the one that is there already (``upsertContact``).

        The API matches by the first of: member id, ``ln_id``, ``sn_id``, LinkedIn nickname, work email, personal email, name
        with company.

        Args:
            list_uuid: The list.
            linkedin_id: LinkedIn nickname, profile URL or member id.
            email: Has been seen to be taken without being stored.
            headline: ``None`` clears it, as with all that take ``None``; what is not given is not sent.
            custom_fields: Values by the names of custom fields. The API drops a name that the team has no field for.
            update_if_exists: Whether a contact that is there already is updated.
            move_to_list: Whether a contact that is there already moves to the list.

        Raises:
            InvalidInputError: no ``linkedin_id``, or a value that the API cannot take.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.contacts.upsert(
                fair.uuid, linkedin_id="jane-roe-example", first_name="Jane", custom_fields={"persona": "founder"}
            )
        """
        contact = upserted(
            linkedin_id,
            first_name=first_name,
            last_name=last_name,
            company_name=company_name,
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
        return await self._upsert(
            contact=contact,
            list_uuid=list_uuid,
            custom_fields=NOT_GIVEN if isinstance(custom_fields, NotGiven) else custom_fields_of(custom_fields),
            update_if_exists=update_if_exists,
            move_to_list=move_to_list,
        )

    async def look_up(
        self,
        *,
        linkedin_id: str | NotGiven = NOT_GIVEN,
        email: str | NotGiven = NOT_GIVEN,
        name: str | NotGiven = NOT_GIVEN,
        company_name: str | NotGiven = NOT_GIVEN,
    ) -> models.Contact | None:
        """Looks up one contact (``findOneContact``): by LinkedIn, by email, or by name and company together.

        Returns:
            The contact, or ``None`` if there is none.

        Raises:
            InvalidInputError: not exactly one of the three ways, or a blank value.

        Example::

            await client.contacts.look_up(linkedin_id="https://www.linkedin.com/in/jane-roe-example/")
        """
        ways = {"linkedin_id": linkedin_id, "email": email, "name": name, "company_name": company_name}
        given = {field: value for field, value in ways.items() if not isinstance(value, NotGiven)}
        if set(given) not in ({"linkedin_id"}, {"email"}, {"name", "company_name"}):
            why = "give linkedin_id, or email, or name and company_name together"
            raise InvalidInputError(f"look_up: {why}", field="look_up")
        for field, value in given.items():
            check_text(field, value)
        try:
            return await self._look_up(linkedin_id=linkedin_id, email=email, name=name, company_name=company_name)
        except NotFoundError:
            return None

    async def count(self, *conditions: Condition | Mapping[str, Any], **fields: Unpack[ContactFields]) -> int:
        """Counts contacts (``countContacts``): those that match, or all without a condition.

        Raises:
            InvalidInputError: a field that contacts are not filtered by.

        Example::

            await client.contacts.count(company_name="ExampleCorp")
        """
        filter = build_filter("searchContacts", conditions, fields)
        if filter is None:
            counted = await self._count(all=True)
        else:
            counted = await self._count(filter=json.loads(filter))
        total: int = counted._needed("total")
        return total

    async def metrics(
        self,
        *,
        period_from: datetime,
        period_to: datetime,
        metrics: Iterable[enums.LeadMetric | str],
        automation_uuids: Iterable[str | UUID] | NotGiven = NOT_GIVEN,
    ) -> dict[str, int]:
        """Counts what was sent and what came back within a period, for the whole team (``getLeadMetrics``).

        The API also takes a filter and a grouping here and ignores both without an error, so neither can be given. For counts
        by automation or sender profile there are the group counts of tasks and of LinkedIn messages.

        Args:
            period_from: The start of the period, with a zone.
            period_to: Its end.
            metrics: What to count.
            automation_uuids: Automations to count for; the API is known to answer with totals of the team all the same.

        Returns:
            Each metric by its name.

        Raises:
            InvalidInputError: no metrics, or a period that ends before it begins.

        Example::

            await client.contacts.metrics(period_from=monday, period_to=friday, metrics=["linkedin_sent_count"])
        """
        if period_from.tzinfo is not None and period_to.tzinfo is not None and period_from > period_to:
            raise InvalidInputError("period_to: the period ends before it begins", field="period_to")
        answer = await self._metrics(
            period_from=period_from, period_to=period_to, metrics=metrics, automations=automation_uuids
        )
        return answer.total or {}

    async def enrich(self, uuids: Iterable[str | UUID]) -> None:
        """Has contacts enriched (``enrichLeadsAdvanced``). This spends credits; the work is queued.

        Raises:
            InvalidInputError: there are none.
            OutOfCreditsError: the team has no credits left.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.contacts.enrich([contact.uuid])
        """
        await self._start_enrichment(uuids=selection(uuids, False, NOT_GIVEN)["ids"])

    async def enrich_matching(self, *conditions: Condition | Mapping[str, Any], **fields: Unpack[ContactFields]) -> None:
        """The same for the contacts that match (``enrichLeadsAdvanced``). A wide filter can spend many credits; see :meth:`count`.

        Raises:
            InvalidInputError: no condition, or a field that contacts are not filtered by.
            OutOfCreditsError: the team has no credits left.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.contacts.enrich_matching(list_uuid=fair.uuid)
        """
        await self._start_enrichment(filter=narrow_filter("searchContacts", conditions, fields))

    def bulk(
        self,
        uuids: Iterable[str | UUID] | NotGiven = NOT_GIVEN,
        *,
        all: bool = False,
        except_uuids: Iterable[str | UUID] | NotGiven = NOT_GIVEN,
    ) -> AsyncBulkContacts:
        """Starts a mass action (``leadsMassAction``); nothing happens before one of its methods is called.

        Args:
            uuids: The contacts.
            all: Every contact of the team instead.
            except_uuids: But those.

        Raises:
            InvalidInputError: neither or both of ``uuids`` and ``all``, or an empty list.

        Example::

            await client.contacts.bulk([jane.uuid, john.uuid]).change_list(fair.uuid)
        """
        return AsyncBulkContacts(self, selection(uuids, all, except_uuids))

    async def is_connected(self, contact_uuid: str | UUID) -> bool:
        """Whether a contact is connected on LinkedIn with one of the sender profiles (``listActivities``).

        That is so if an activity of the type ``linkedin_connection_request_accepted`` exists.

        Raises:
            ListingError: the API answers with other activities than those asked for: that says nothing of the contact.

        Example::

            await client.contacts.is_connected(contact.uuid)
        """
        connected: bool = await self._client._composed(
            "is_connected", {"contact_uuid": check_id("contact_uuid", contact_uuid)}
        )
        return connected
