"""Contacts, ``leads`` in the API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ... import _native, enums, inputs, models
from ..._contact_inputs import custom_field_values, encode_records
from ..._encoders import Id, ListOf, Time
from ..._errors import InvalidInputError, NotFoundError, Progress
from ..._generated.fields import ContactFields
from ..._generated.inputs import encode_new_contact, encode_upsert_contact_fields
from ..._generated.resources.contacts import CREATE_MANY, GET, UPDATE, UPSERT
from ..._generated.resources.contacts import AsyncContacts as AsyncGenerated
from ..._progress import check_callback, wait_options
from ..._responses import refuse_raw_response
from ..._selection import selection
from ..._typing import Unpack
from ..._validation import NOT_GIVEN, NotGiven, check_id, check_text, is_missing
from ...filters import Condition, build_filter, narrow_filter
from ..bulk_actions import AsyncBulkContacts
from ..jobs import AsyncMassAction
from ..progress import follow_progress

__all__ = ["AsyncContacts"]


class AsyncContacts(AsyncGenerated):
    """Contacts, ``leads`` in the API: ``client.contacts``.

    The API wraps contacts differently in each operation; these methods always return a :class:`~grinfi.Contact`.
    """

    __slots__ = ()

    async def create_many(
        self, list_uuid: str | UUID, contacts: Iterable[inputs.NewContact | Mapping[str, Any]]
    ) -> list[models.Contact]:
        """Creates contacts in a list, or updates existing ones (``createLeads``).

        LinkedIn names are accepted in any form, see :mod:`grinfi.linkedin`.

        Args:
            list_uuid: The list.
            contacts: A dict for each contact, with the fields of :class:`~grinfi.NewContact`, and optionally ``custom_fields``: a
                dict of values by the names of the fields.

        Requests:
            One request creates the contacts. Then custom fields are set: a value that several contacts share with one request
            (``leadsMassAction``, which the API runs in the background), any other value with one request
            (``upsertCustomFieldValue``), and all values of a contact with a LinkedIn name with at most one (``upsertContact``). Values
            that the response to the creation already has are not sent again. So 1,000 contacts with LinkedIn names take at most 1,001
            requests for any number of values, and 3 for two values that are the same for all. Looking up the names of custom fields
            takes two more requests, once in ten minutes. For many different values, importing a file takes two requests.

        Returns:
            The contacts in the order of the request.

        Raises:
            InvalidInputError: no contacts, a contact without a LinkedIn name, email address or name, an unknown field or custom field.
            ValidationError: the API refuses a record.
            PartialError: the contacts were created, but a custom field could not be set.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.contacts.create_many(fair.uuid, [
                {"linkedin_id": "jane-roe-example", "first_name": "Jane", "custom_fields": {"persona": "founder"}},
            ])
        """
        records = encode_records("contacts", contacts, encode_new_contact)
        if any(record.get("custom_fields") for record in records):
            refuse_raw_response("setting custom fields takes several requests")
        _, responses = await self._client._call_recorded(
            "create_contacts", {"list_uuid": check_id("list_uuid", list_uuid), "contacts": records}
        )
        return CREATE_MANY.decode(next(each for each in responses if each.operation == CREATE_MANY.id))

    async def upsert(
        self,
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
    ) -> models.Contact:
        """Creates a contact in a list, or updates an existing one (``upsertContact``).

        Sends one request, and two more to look up the names of custom fields, once in ten minutes.

        The API looks for an existing contact by the first of these that is set: member id, ``ln_id``,
        ``sn_id``, LinkedIn nickname, work email, personal email, name together with company.

        Args:
            list_uuid: The list.
            linkedin_id: LinkedIn nickname, member id, or the address of the profile in any form.
            email: Has been observed not to be stored; ``work_email`` and ``personal_email`` are stored.
            headline: ``None`` clears it, like all fields that accept ``None``. Arguments that are not given are not sent.
            custom_fields: Values by the names of custom fields. The names are looked up first, since the API ignores unknown names
                without an error, and cached for ten minutes.
            update_if_exists: Whether to update an existing contact.
            move_to_list: Whether to move an existing contact to the list.

        Raises:
            InvalidInputError: no ``linkedin_id``, an unknown custom field, or an invalid argument.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.contacts.upsert(
                fair.uuid, linkedin_id="jane-roe-example", first_name="Jane", custom_fields={"persona": "founder"}
            )
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
        values = custom_field_values(custom_fields)
        if values:
            refuse_raw_response("the names of custom fields are looked up first")
        _, responses = await self._client._call_recorded(
            "upsert_contact",
            {
                "list_uuid": check_id("list_uuid", list_uuid),
                "contact": encode_upsert_contact_fields.encode_fields(contact),
                "custom_fields": values,
                **UPSERT.encode_body({"update_if_exists": update_if_exists, "move_to_list": move_to_list}),
            },
        )
        return UPSERT.decode(responses[-1])

    async def update(
        self,
        uuid: str | UUID,
        *,
        first_name: str | NotGiven = NOT_GIVEN,
        last_name: str | NotGiven = NOT_GIVEN,
        company_name: str | NotGiven = NOT_GIVEN,
        ln_id: str | None | NotGiven = NOT_GIVEN,
        sn_id: str | None | NotGiven = NOT_GIVEN,
        linkedin: str | None | NotGiven = NOT_GIVEN,
        email: str | NotGiven = NOT_GIVEN,
        about: str | NotGiven = NOT_GIVEN,
        domain: str | NotGiven = NOT_GIVEN,
        headline: str | None | NotGiven = NOT_GIVEN,
        position: str | None | NotGiven = NOT_GIVEN,
        raw_address: str | None | NotGiven = NOT_GIVEN,
        custom_fields: Mapping[str, Any] | NotGiven = NOT_GIVEN,
        pipeline_stage_uuid: str | UUID | NotGiven = NOT_GIVEN,
        list_uuid: str | UUID | NotGiven = NOT_GIVEN,
    ) -> models.Contact:
        """Updates a contact (``updateLead``). Arguments that are not given are not changed; ``None`` clears a field.

        The API's own update ignores custom fields, a stage and a list without an error. This method sets custom fields by their ids,
        and stage and list by a mass action on this contact, which the API runs in the background.

        Requests:
            In this order: with custom fields, one to get the contact (``getLead``); one for the fields; one for each custom field
            with another value (``upsertCustomFieldValue``); one for the stage; one for the list. With a stage or a list but no custom
            fields, a last request gets the contact. Looking up the names of custom fields takes two more, once in ten minutes. All
            arguments are validated before the first request.

        Args:
            uuid: The contact.
            email: May not be stored by the API.
            headline: ``None`` clears it, like all fields that accept ``None``.
            custom_fields: Values by the names of custom fields; ``None`` clears a value.
            pipeline_stage_uuid: The pipeline stage to move the contact to.
            list_uuid: The list to move the contact to.

        Returns:
            The contact after the update. It may not have the new stage or list yet.

        Raises:
            InvalidInputError: no changes, an invalid LinkedIn name, or an unknown custom field.
            NotFoundError: the contact does not exist.
            ValidationError: the API refuses the request.
            PartialError: a request failed after others took effect; the call can be repeated.

        Example::

            await client.contacts.update(jane.uuid, position="Chair", custom_fields={"persona": "founder"}, list_uuid=fair.uuid)
        """
        changes = UPDATE.encode_body(
            {
                "first_name": first_name,
                "last_name": last_name,
                "company_name": company_name,
                "ln_id": ln_id,
                "sn_id": sn_id,
                "linkedin": linkedin,
                "email": email,
                "about": about,
                "domain": domain,
                "headline": headline,
                "position": position,
                "raw_address": raw_address,
            }
        )
        values = custom_field_values(custom_fields)
        stage = None if is_missing(pipeline_stage_uuid) else Id("pipeline_stage_uuid", pipeline_stage_uuid)
        goal = None if is_missing(list_uuid) else Id("list_uuid", list_uuid)
        if values or stage is not None or goal is not None:
            refuse_raw_response("this update takes several requests")
        held, responses = await self._client._call_recorded(
            "update_contact",
            {
                "uuid": check_id("uuid", uuid),
                "changes": changes,
                "custom_fields": values,
                "pipeline_stage_uuid": stage,
                "list_uuid": goal,
            },
        )
        # The last responses with the contact have its current fields, including those that the Rust core does not know.
        known: dict[str, Any] = {}
        for response in responses:
            if response.operation in (GET.id, UPDATE.id):
                known.update(GET.decode(response).to_dict())
        return models.Contact({**known, "custom_fields": held} if values and held is not None else known)

    async def move_to_stage(self, uuid: str | UUID, pipeline_stage_uuid: str | UUID) -> AsyncMassAction:
        """Moves a contact to a pipeline stage, by a mass action on this contact (``leadsMassAction``).

        The API's update ignores the stage. The API runs the action in the background, and does not refuse unknown ids. The returned
        object can be waited on.

        Raises:
            InvalidInputError: an invalid id.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.contacts.move_to_stage(jane.uuid, won.uuid)
        """
        return await self.bulk([check_id("uuid", uuid)]).change_pipeline_stage(pipeline_stage_uuid)

    async def move_to_list(self, uuid: str | UUID, list_uuid: str | UUID) -> AsyncMassAction:
        """Moves a contact to a list, by a mass action on this contact (``leadsMassAction``).

        The API runs the action in the background, and does not refuse unknown ids. The returned object can be waited on.

        Raises:
            InvalidInputError: an invalid id.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the response was lost.

        Example::

            moving = await client.contacts.move_to_list(jane.uuid, fair.uuid)
            await moving.wait()
        """
        return await self.bulk([check_id("uuid", uuid)]).change_list(list_uuid)

    async def wait_until_deleted(
        self,
        uuid: str | UUID,
        *,
        deadline: float | timedelta = 600.0,
        on_progress: Callable[[Progress], object] | None = None,
        first_pause: float | timedelta = 1.0,
        max_pause: float | timedelta = 15.0,
        max_looks: int | None = None,
    ) -> Progress:
        """Waits until a deleted contact is found neither by its id (``getLead``) nor in a count (``countContacts``).

        For a contact that was not deleted, this waits until the deadline.

        Args:
            uuid: The contact.
            deadline: Maximum total time to wait, in seconds or as a ``timedelta``.
            on_progress: Called with a :class:`~grinfi.Progress` after every look. An exception in it ends the wait.
            first_pause: The pause after the first look; each further pause is half as long again.
            max_pause: The longest pause.
            max_looks: The maximum number of looks.

        Raises:
            StillRunningError: the contact still exists; it can be waited for again.
            InvalidInputError: an invalid id, time or number.

        Example::

            await client.contacts.delete(jane.uuid)
            await client.contacts.wait_until_deleted(jane.uuid)
        """
        check_callback(on_progress)
        options = wait_options(deadline, max_looks=max_looks, first_pause=first_pause, max_pause=max_pause)
        call = {"call": "deletion", "arguments": {"contact_uuid": check_id("uuid", uuid)}}
        waiting = self._client._native_client.wait_for(json.dumps(call), options)
        done = await follow_progress(waiting, Progress._make, on_progress, client=self._client)
        return Progress._make(json.loads(done))

    async def lookup(
        self,
        *,
        linkedin_id: str | NotGiven = NOT_GIVEN,
        email: str | NotGiven = NOT_GIVEN,
        name: str | NotGiven = NOT_GIVEN,
        company_name: str | NotGiven = NOT_GIVEN,
    ) -> models.Contact | None:
        """Looks up one contact (``findOneContact``): by LinkedIn, by email, or by name and company together.

        Sends one request, and a second one (``getLead``) if the first response has no custom fields.

        Returns:
            The contact with its custom fields, or ``None`` without a match.

        Raises:
            InvalidInputError: not exactly one of the three combinations, or a blank value.

        Example::

            await client.contacts.lookup(linkedin_id="https://www.linkedin.com/in/jane-roe-example/")
        """
        arguments = {"linkedin_id": linkedin_id, "email": email, "name": name, "company_name": company_name}
        known = {field: value for field, value in arguments.items() if not is_missing(value)}
        if set(known) not in ({"linkedin_id"}, {"email"}, {"name", "company_name"}):
            why = "give `linkedin_id`, or `email`, or `name` and `company_name` together"
            raise InvalidInputError(why, field="lookup")
        for field, value in known.items():
            check_text(field, value)
        if "linkedin_id" in known:
            linkedin_id = _native.linkedin_field("linkedin_id", "linkedin_id", known["linkedin_id"])
        try:
            found = await self._lookup(linkedin_id=linkedin_id, email=email, name=name, company_name=company_name)
            return await self.get(found.uuid) if found.custom_fields is None else found
        except NotFoundError:
            return None

    async def count(self, *conditions: Condition | Mapping[str, Any], **fields: Unpack[ContactFields]) -> int:
        """Counts contacts (``countContacts``): those that match, or all without a condition.

        Raises:
            InvalidInputError: an unknown field or an invalid value.

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
        metrics: Iterable[enums.ContactMetric | str],
        automation_uuids: Iterable[str | UUID] | NotGiven = NOT_GIVEN,
    ) -> dict[str, int]:
        """Counts sent messages and responses in a period, for the whole team (``getLeadMetrics``).

        The API ignores a filter and a grouping here without an error, so this method does not accept them. The group counts of tasks
        and of LinkedIn messages count by automation or sender profile.

        Args:
            period_from: The start of the period, with a time zone.
            period_to: The end of the period, with a time zone.
            metrics: What to count.
            automation_uuids: Automations to count for. The API has been observed to return the totals of the team nevertheless.

        Returns:
            Each metric by its name.

        Raises:
            InvalidInputError: no metrics, or a period that ends before it starts.

        Example::

            await client.contacts.metrics(period_from=monday, period_to=friday, metrics=["linkedin_sent_count"])
        """
        for field, time in (("period_from", period_from), ("period_to", period_to)):
            Time(field, time)
        if not is_missing(automation_uuids):
            automation_uuids = ListOf(Id)("automation_uuids", automation_uuids)
        if period_from > period_to:
            raise InvalidInputError("`period_to` must not be before `period_from`", field="period_to")
        response = await self._metrics(
            period_from=period_from, period_to=period_to, metrics=metrics, automations=automation_uuids
        )
        return response.total or {}

    async def enrich(self, uuids: Iterable[str | UUID]) -> None:
        """Enriches contacts (``enrichLeadsAdvanced``), which spends credits. The API queues the work.

        Raises:
            InvalidInputError: no contacts given.
            OutOfCreditsError: the team has no credits left.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.contacts.enrich([contact.uuid])
        """
        await self._start_enrichment(uuids=selection(uuids, False, NOT_GIVEN)["ids"])

    async def enrich_matching(self, *conditions: Condition | Mapping[str, Any], **fields: Unpack[ContactFields]) -> None:
        """Enriches the contacts that match (``enrichLeadsAdvanced``). A broad filter can spend many credits; see :meth:`count`.

        Raises:
            InvalidInputError: no condition, an unknown field or an invalid value.
            OutOfCreditsError: the team has no credits left.
            UnknownOutcomeError: the response was lost.

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
        """Selects contacts for a mass action (``leadsMassAction``). Nothing is sent before one of its methods is called.

        Args:
            uuids: The contacts.
            all: Selects all contacts of the team instead.
            except_uuids: Contacts to leave out of ``all``.

        Raises:
            InvalidInputError: neither or both of ``uuids`` and ``all``, or an empty list.

        Example::

            await client.contacts.bulk([jane.uuid, john.uuid]).change_list(fair.uuid)
        """
        return AsyncBulkContacts(self, selection(uuids, all, except_uuids))

    async def is_connected(self, contact_uuid: str | UUID) -> bool:
        """Returns whether a contact is connected with one of the sender profiles on LinkedIn (``listActivities``).

        This is the case if an activity of the type ``linkedin_connection_request_accepted`` exists.

        Raises:
            ListingError: the API returned activities of other contacts.

        Example::

            await client.contacts.is_connected(contact.uuid)
        """
        connected: bool = await self._client._call_resource(
            "is_connected", {"contact_uuid": check_id("contact_uuid", contact_uuid)}
        )
        return connected
