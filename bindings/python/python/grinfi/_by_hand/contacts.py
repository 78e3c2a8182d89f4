"""Contacts, ``leads`` on the wire."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .. import _native, _progress
from .._core import refuse_raw
from .._errors import DecodeError, InvalidInputError, NotFoundError, Progress
from .._generated import models as records
from .._generated.resources.contacts import AsyncContacts as AsyncGenerated
from .._types import NOT_GIVEN, NotGiven, check_id, check_text, is_missing
from .._write import AnyText, Id, ListOf, Nullable, Time, written_or_refused
from ..filters import Condition, build_filter, narrow_filter
from ._bulk import AsyncBulkContacts
from ._jobs import AsyncMassAction
from ._named import AsyncNamed
from ._records_in import given, names_of_contact, new_contacts, upserted
from ._selection import selection
from ._steps import Steps

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from uuid import UUID

    from typing_extensions import Unpack

    from .. import enums, inputs, models
    from .._generated.fields import ContactFields

__all__ = ["AsyncContacts"]

_NULLABLE = ("ln_id", "sn_id", "linkedin", "headline", "position", "raw_address")


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

        LinkedIn names are taken in any form, see :mod:`grinfi.linkedin`.

        Args:
            list_uuid: The list.
            contacts: A dict for each, with the fields of :class:`~grinfi.NewContact`, and with ``custom_fields`` if it has any: a dict
                of values by the names of the fields.

        Requests:
            One creates the contacts. Custom fields are written after it: a value that several contacts share takes one request for
            all of them (``leadsMassAction``, which the API carries out in the background), any other one request
            (``upsertCustomFieldValue``), and a contact with a LinkedIn name at most one for all its values (``upsertContact``). What
            the response to the creation shows as set is left out. So 1,000 contacts with LinkedIn names and any number of values take
            at most 1,001 requests, and 3 if two values are the same for all. The names of custom fields take two more, once in ten
            minutes. For many values that differ, importing a file takes two requests.

        Returns:
            The contacts in the order of the request.

        Raises:
            InvalidInputError: no contacts at all, one without anything to be known by, an unknown field or custom field.
            ValidationError: the API refuses one.
            PartialError: the contacts were created, and a custom field could not be set.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.contacts.create_many(fair.uuid, [
                {"linkedin_id": "jane-roe-example", "first_name": "Jane", "custom_fields": {"persona": "founder"}},
            ])
        """
        leads, custom_fields = new_contacts(contacts)
        fields = AsyncNamed(self._client, "lead")
        values = {index: await fields.find(custom_fields[index]) for index in custom_fields}
        created = await self._create_many(list_uuid=list_uuid, contacts=leads)
        if values:
            ids = [contact.uuid for contact in created]
            done = ["create the contacts"]
            left = sorted({f"set custom field `{named.name}`" for index in values for named in values[index]})
            with Steps(["match the response with the contacts", *left], ids, done=done):
                _check_answer(leads, created)
            written = [
                {
                    "uuid": created[index].uuid,
                    "linkedin_id": _linkedin_name(leads[index]),
                    "shown": created[index].custom_fields,
                    "values": values[index],
                }
                for index in values
            ]
            await fields.write(Steps([], ids, done=done), written, list_uuid=check_id("list_uuid", list_uuid))
        return created

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
        """Creates a contact in a list, or updates the one that is there already (``upsertContact``).

        It is one request, custom fields included, and two more for the names of custom fields once in ten minutes.

        The API matches by the first of: member id, ``ln_id``, ``sn_id``, LinkedIn nickname, work email, personal email, name
        with company.

        Args:
            list_uuid: The list.
            linkedin_id: LinkedIn nickname, member id, or the address of the profile in any form.
            email: Has been seen to be taken without being stored; ``work_email`` and ``personal_email`` are.
            headline: ``None`` clears it, as with all that take ``None``; what is not given is not sent.
            custom_fields: Values by the names of custom fields. The API drops a name that it has no field for without a word, so
                names are looked up first; they are remembered for ten minutes.
            update_if_exists: Whether a contact that is there already is updated.
            move_to_list: Whether a contact that is there already moves to the list.

        Raises:
            InvalidInputError: no ``linkedin_id``, a custom field that contacts do not have, or a value that the API cannot take.
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
        return await self._upsert(
            contact=contact,
            list_uuid=list_uuid,
            custom_fields=await AsyncNamed(self._client, "lead").checked(custom_fields),
            update_if_exists=update_if_exists,
            move_to_list=move_to_list,
        )

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
        """Changes a contact (``updateLead``). What is not given stays, and ``None`` clears.

        The API's own update takes custom fields, a stage and a list and drops them without an error. Here custom fields are set by
        their ids, stage and list by a mass action on this one contact, which the API carries out in the background.

        Requests:
            In this order: with custom fields, one to read the contact (``getLead``); one for the fields; one for each custom field
            whose value is not the one that was read (``upsertCustomFieldValue``); one for the stage; one for the list. Without custom
            fields but with a stage or a list, a last one reads the contact. The names of custom fields take two more, once in ten
            minutes. Everything is validated before the first request.

        Args:
            uuid: The contact.
            email: May not be stored.
            headline: ``None`` clears it, as with all that take ``None``.
            custom_fields: Values by the names of custom fields; ``None`` clears one.
            pipeline_stage_uuid: The pipeline stage to move the contact to.
            list_uuid: The list to move the contact to.

        Returns:
            The contact after the change; a new stage or list may not show in it yet.

        Raises:
            InvalidInputError: nothing would change, a LinkedIn name that is none, or a custom field that contacts do not have.
            NotFoundError: there is no such contact.
            ValidationError: the API refuses it.
            PartialError: a request failed after others took effect; calling this again does no harm.

        Example::

            await client.contacts.update(jane.uuid, position="Chair", custom_fields={"persona": "founder"}, list_uuid=fair.uuid)
        """
        contact = check_id("uuid", uuid)
        changes = given(
            first_name=first_name,
            last_name=last_name,
            company_name=company_name,
            ln_id=ln_id,
            sn_id=sn_id,
            linkedin=linkedin,
            email=email,
            about=about,
            domain=domain,
            headline=headline,
            position=position,
            raw_address=raw_address,
        )
        for name, value in changes.items():
            written_or_refused(Nullable(AnyText) if name in _NULLABLE else AnyText, name, value)
        names_of_contact(changes)
        moves = {
            name: Id(name, moved)
            for name, moved in (("pipeline_stage_uuid", pipeline_stage_uuid), ("list_uuid", list_uuid))
            if not is_missing(moved)
        }
        if moves:
            refuse_raw("moving a contact takes several requests")
        fields = AsyncNamed(self._client, "lead")
        values = await fields.find(custom_fields)
        if not changes and not values and not moves:
            raise InvalidInputError("changes: there are none", field="changes")
        before = await self.get(contact) if values else None
        shown = None if before is None else before.custom_fields
        steps = Steps(["update the fields"] if changes else [], [contact])
        updated = None
        if changes:
            with steps:
                updated = await super().update(contact, **changes)
        steps.left = Steps(
            [
                *(["change the pipeline stage"] if "pipeline_stage_uuid" in moves else []),
                *(["change the list"] if "list_uuid" in moves else []),
                "read the contact",
            ],
            [contact],
        ).left
        if values:
            await fields.write(steps, [{"uuid": contact, "shown": shown, "values": values}])
        if "pipeline_stage_uuid" in moves:
            with steps:
                await self.move_to_stage(contact, moves["pipeline_stage_uuid"])
        if "list_uuid" in moves:
            with steps:
                await self.move_to_list(contact, moves["list_uuid"])
        if before is not None and shown is not None:
            # All that is known of the contact, and what was just set.
            held = {**shown, **{named.name: named.value for named in values}}
            known = {} if updated is None else updated.to_dict()
            return records.Contact({**before.to_dict(), **known, "custom_fields": held})
        if before is None and updated is not None and not moves:
            return updated
        with steps:
            changed = await self.get(contact)
        return changed

    async def move_to_stage(self, uuid: str | UUID, pipeline_stage_uuid: str | UUID) -> AsyncMassAction:
        """Moves a contact to a pipeline stage, by a mass action on it alone (``leadsMassAction``).

        The way that works, since the API's update drops the stage. The API does it in the background and takes ids that are not
        there without a word; what this returns can be waited on.

        Raises:
            InvalidInputError: an id that is none.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.contacts.move_to_stage(jane.uuid, won.uuid)
        """
        return await self.bulk([check_id("uuid", uuid)]).change_pipeline_stage(pipeline_stage_uuid)

    async def move_to_list(self, uuid: str | UUID, list_uuid: str | UUID) -> AsyncMassAction:
        """Moves a contact to a list, by a mass action on it alone (``leadsMassAction``).

        The API does it in the background and takes ids that are not there without a word; what this returns can be waited on.

        Raises:
            InvalidInputError: an id that is none.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost.

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
        """Waits until a contact that was deleted is gone: found neither by its id nor in a count, by ``getLead`` and
        ``countContacts``. A contact that nobody deleted is waited for until the deadline.

        Args:
            uuid: The contact.
            deadline: How long to wait in all, in seconds or as a ``timedelta``.
            on_progress: Called with a :class:`~grinfi.Progress` after every look. What it raises ends the waiting.
            first_pause: The pause after the first look; each is half as long again as the one before.
            max_pause: The longest pause.
            max_looks: How many times to look at the most.

        Raises:
            StillRunningError: it is still there; it can be waited for again.
            InvalidInputError: an id that is none, or an argument that is no time.

        Example::

            await client.contacts.delete(jane.uuid)
            await client.contacts.wait_until_deleted(jane.uuid)
        """
        _progress.check_callback(on_progress)
        waits = _progress.waits(deadline, max_looks=max_looks, first_pause=first_pause, max_pause=max_pause)
        call = {"call": "deletion", "arguments": {"contact_uuid": check_id("uuid", uuid)}}
        waiting = self._client._native.wait_for(json.dumps(call), waits)
        done = await _progress.follow_later(waiting, Progress._make, on_progress, client=self._client)
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

        One request, and a second one (``getLead``) if the response to the first carries no custom fields.

        Returns:
            The contact with its custom fields, or ``None`` if there is none.

        Raises:
            InvalidInputError: not exactly one of the three ways, or a blank value.

        Example::

            await client.contacts.lookup(linkedin_id="https://www.linkedin.com/in/jane-roe-example/")
        """
        ways = {"linkedin_id": linkedin_id, "email": email, "name": name, "company_name": company_name}
        known = {field: value for field, value in ways.items() if not is_missing(value)}
        if set(known) not in ({"linkedin_id"}, {"email"}, {"name", "company_name"}):
            why = "give linkedin_id, or email, or name and company_name together"
            raise InvalidInputError(f"lookup: {why}", field="lookup")
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
        metrics: Iterable[enums.ContactMetric | str],
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
        for field, time in (("period_from", period_from), ("period_to", period_to)):
            Time(field, time)
        if not is_missing(automation_uuids):
            automation_uuids = ListOf(Id)("automation_uuids", automation_uuids)
        if period_from > period_to:
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


def _linkedin_name(contact: Mapping[str, Any]) -> str | None:
    """The name by which an upsert finds a contact that was just created."""
    return next((contact[name] for name in ("linkedin_id", "ln_id", "sn_id", "linkedin") if contact.get(name)), None)


def _check_answer(asked: Iterable[Mapping[str, Any]], created: list[models.Contact]) -> None:
    """That the answer is about the contacts that were asked for, place by place, before a value goes to one of them."""
    wanted = list(asked)
    if len(wanted) != len(created):
        raise DecodeError(f"createLeads: the API answered with {len(created)} contacts for {len(wanted)}")
    for index, (contact, answered) in enumerate(zip(wanted, created)):
        for name in ("first_name", "last_name"):
            has = getattr(answered, name)
            if contact.get(name) is not None and has is not None and contact[name].strip() != has.strip():
                raise DecodeError(f"createLeads: the API answered with another contact in place of contacts[{index}]")
