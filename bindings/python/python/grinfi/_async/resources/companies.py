"""Companies."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from ... import inputs, models
from ..._contact_inputs import custom_field_values, encode_records
from ..._encoders import Id
from ..._generated.fields import CompanyFields
from ..._generated.inputs import encode_company_lookup, encode_new_company
from ..._generated.resources.companies import CREATE_MANY, GET, LOOKUP, UPDATE
from ..._generated.resources.companies import AsyncCompanies as AsyncGenerated
from ..._responses import refuse_raw_response
from ..._selection import selection
from ..._typing import Unpack
from ..._validation import NOT_GIVEN, NotGiven, check_id, is_missing
from ...filters import Condition, narrow_filter
from ..bulk_actions import AsyncBulkCompanies
from ..jobs import AsyncMassAction

__all__ = ["AsyncCompanies"]


class AsyncCompanies(AsyncGenerated):
    """Companies: ``client.companies``."""

    __slots__ = ()

    async def create_many(
        self,
        companies: Iterable[inputs.NewCompany | Mapping[str, Any]],
        *,
        list_uuids: Iterable[str | UUID] | NotGiven = NOT_GIVEN,
        data_source_uuid: str | UUID | NotGiven = NOT_GIVEN,
    ) -> builtins.list[models.Company]:
        """Creates companies (``createCompanies``).

        Sends one request for the companies, and one for each value of a custom field (``upsertCustomFieldValue``). Looking up the names
        of custom fields takes two more, once in ten minutes.

        Args:
            companies: A dict for each company, with the fields of :class:`~grinfi.inputs.NewCompany`, and optionally
                ``custom_fields``: a dict of values by the names of the fields.
            list_uuids: The lists to add the companies to.
            data_source_uuid: The data source of the companies.

        Raises:
            InvalidInputError: no companies, a company without a name, domain, website or LinkedIn name, an unknown field or custom
                field.
            ValidationError: the API refuses a record.
            PartialError: the companies were created, but a custom field could not be set. Repeating the call creates duplicates.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.companies.create_many([
                {"name": "ExampleCorp", "domain": "example.com", "custom_fields": {"size": "small"}},
            ])
        """
        records = encode_records("companies", companies, encode_new_company)
        if any(record.get("custom_fields") for record in records):
            refuse_raw_response("setting custom fields takes several requests")
        options = {"list_uuids": list_uuids, "data_source_uuid": data_source_uuid}
        _, responses = await self._client._call_recorded(
            "create_companies", {"companies": records, "list_uuids": [], **CREATE_MANY.encode_body(options)}
        )
        return CREATE_MANY.decode(next(each for each in responses if each.operation == CREATE_MANY.id))

    async def update(
        self,
        uuid: str | UUID,
        *,
        name: str | NotGiven = NOT_GIVEN,
        domain: str | NotGiven = NOT_GIVEN,
        website: str | NotGiven = NOT_GIVEN,
        linkedin: str | NotGiven = NOT_GIVEN,
        ln_id: int | NotGiven = NOT_GIVEN,
        industry: str | NotGiven = NOT_GIVEN,
        employees_range: str | NotGiven = NOT_GIVEN,
        hq_raw_address: str | NotGiven = NOT_GIVEN,
        phone: str | NotGiven = NOT_GIVEN,
        about: str | NotGiven = NOT_GIVEN,
        lead_status_uuid: str | UUID | NotGiven = NOT_GIVEN,
        custom_fields: Mapping[str, Any] | NotGiven = NOT_GIVEN,
        pipeline_stage_uuid: str | UUID | NotGiven = NOT_GIVEN,
    ) -> models.Company:
        """Updates a company (``updateCompany``). Arguments that are not given are not changed.

        The API's own update does not support custom fields. This method sets them by their ids (``upsertCustomFieldValue``), and the
        stage by a mass action on this company. The requests, in this order: one for the fields; one for each custom field; one for the
        stage; and, with custom fields or a stage, a last one to get the company. Looking up the names of custom fields takes two more,
        once in ten minutes. All arguments are validated before the first request.

        Args:
            uuid: The company.
            ln_id: The number of the company on LinkedIn.
            employees_range: The number of employees as a range, such as ``51-200``.
            lead_status_uuid: The status, as in the API's own update.
            custom_fields: Values by the names of custom fields; ``None`` clears a value.
            pipeline_stage_uuid: The pipeline stage to move the company to.

        Returns:
            The company after the update. It may not have the new stage yet.

        Raises:
            InvalidInputError: no changes, an invalid LinkedIn name, or an unknown custom field.
            NotFoundError: the company does not exist.
            ValidationError: the API refuses the request.
            PartialError: a request failed after others took effect; the call can be repeated.

        Example::

            await client.companies.update(company.uuid, phone="+1 555 0100", custom_fields={"size": "small"})
        """
        changes = UPDATE.encode_body(
            {
                "name": name,
                "domain": domain,
                "website": website,
                "linkedin": linkedin,
                "ln_id": ln_id,
                "industry": industry,
                "employees_range": employees_range,
                "hq_raw_address": hq_raw_address,
                "phone": phone,
                "about": about,
                "lead_status_uuid": lead_status_uuid,
            }
        )
        values = custom_field_values(custom_fields)
        stage = None if is_missing(pipeline_stage_uuid) else Id("pipeline_stage_uuid", pipeline_stage_uuid)
        if values or stage is not None:
            refuse_raw_response("this update takes several requests")
        _, responses = await self._client._call_recorded(
            "update_company",
            {
                "uuid": check_id("uuid", uuid),
                "changes": changes,
                "custom_fields": values,
                "pipeline_stage_uuid": stage,
            },
        )
        return GET.decode(responses[-1])

    async def move_to_stage(self, uuid: str | UUID, pipeline_stage_uuid: str | UUID) -> AsyncMassAction:
        """Moves a company to a pipeline stage, by a mass action on this company (``companiesMassAction``).

        The API may run the action in the background, and does not refuse unknown ids. The returned object can be waited on.

        Raises:
            InvalidInputError: an invalid id.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.companies.move_to_stage(company.uuid, won.uuid)
        """
        return await self.bulk([check_id("uuid", uuid)]).change_pipeline_stage(pipeline_stage_uuid)

    async def lookup(
        self, lookups: Iterable[inputs.CompanyLookup | Mapping[str, Any]]
    ) -> builtins.list[models.Company]:
        """Looks up companies (``lookupCompanies``), and returns those that exist, in any order.

        Args:
            lookups: A dict for each company, with one of ``linkedin`` (in any form), ``ln_id``, ``website`` and ``name``.

        Raises:
            InvalidInputError: no lookups, an empty one, or an invalid LinkedIn name.
            ValidationError: the API refuses the request.

        Example::

            await client.companies.lookup([{"linkedin": "https://www.linkedin.com/company/examplecorp/"}])
        """
        encoded = encode_records("lookups", lookups, encode_company_lookup)
        _, responses = await self._client._call_recorded("lookup_companies", {"lookups": encoded})
        return LOOKUP.decode(responses[-1])

    async def enrich(self, uuids: Iterable[str | UUID]) -> int | None:
        """Enriches companies (``enrichCompanies``), which spends credits. The API queues the work.

        Returns:
            Number of queued companies, if the API returns it.

        Raises:
            InvalidInputError: no companies given.
            OutOfCreditsError: the team has no credits left.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.companies.enrich([company.uuid])
        """
        return (await self._start_enrichment(uuids=selection(uuids, False, NOT_GIVEN)["ids"])).count

    async def enrich_matching(
        self, *conditions: Condition | Mapping[str, Any], **fields: Unpack[CompanyFields]
    ) -> int | None:
        """Enriches the companies that match (``enrichCompanies``). A broad filter can spend many credits.

        Raises:
            InvalidInputError: no condition, an unknown field or an invalid value.
            OutOfCreditsError: the team has no credits left.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.companies.enrich_matching(domain="example.com")
        """
        return (await self._start_enrichment(filter=narrow_filter("searchCompanies", conditions, fields))).count

    def bulk(
        self,
        uuids: Iterable[str | UUID] | NotGiven = NOT_GIVEN,
        *,
        all: bool = False,
        except_uuids: Iterable[str | UUID] | NotGiven = NOT_GIVEN,
    ) -> AsyncBulkCompanies:
        """Selects companies for a mass action (``companiesMassAction``). Nothing is sent before one of its methods is called.

        Args:
            uuids: The companies.
            all: Selects all companies of the team instead.
            except_uuids: Companies to leave out of ``all``.

        Raises:
            InvalidInputError: neither or both of ``uuids`` and ``all``, or an empty list.

        Example::

            await client.companies.bulk([company.uuid]).add_tag(tag.uuid)
        """
        return AsyncBulkCompanies(self, selection(uuids, all, except_uuids))
