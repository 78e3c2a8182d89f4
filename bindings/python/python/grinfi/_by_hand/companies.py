"""Companies."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .._core import refuse_raw
from .._errors import DecodeError, InvalidInputError
from .._generated.resources.companies import AsyncCompanies as AsyncGenerated
from .._types import NOT_GIVEN, NotGiven, check_id, check_text, is_missing
from .._write import AnyText, Id, Integer, written_or_refused
from ..filters import Condition, narrow_filter
from ._bulk import AsyncBulkCompanies
from ._jobs import AsyncMassAction
from ._named import AsyncNamed
from ._records_in import company_lookups, company_name, given, new_companies
from ._selection import selection
from ._steps import Steps

if TYPE_CHECKING:
    from uuid import UUID

    from typing_extensions import Unpack

    from .. import inputs, models
    from .._generated.fields import CompanyFields

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

        One request creates the companies, and each value of a custom field takes one more (``upsertCustomFieldValue``): companies
        have no mass action for values. The names of custom fields take two, once in ten minutes.

        Args:
            companies: A dict for each, with the fields of :class:`~grinfi.inputs.NewCompany`, and with ``custom_fields`` if it has
                any: a dict of values by the names of the fields.
            list_uuids: The lists they go into.
            data_source_uuid: The data source that they come from.

        Raises:
            InvalidInputError: no companies at all, one without a name, a domain, a website or a LinkedIn name, an unknown field
                or custom field.
            ValidationError: the API refuses one.
            PartialError: the companies were created, and a custom field could not be set: creating them again would make them
                twice.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.companies.create_many([
                {"name": "ExampleCorp", "domain": "example.com", "custom_fields": {"size": "small"}},
            ])
        """
        written, custom_fields = new_companies(companies)
        fields = AsyncNamed(self._client, "company")
        values = {index: await fields.find(custom_fields[index]) for index in custom_fields}
        created = await super().create_many(written, list_uuids=list_uuids, data_source_uuid=data_source_uuid)
        if values:
            ids = [company.uuid for company in created]
            done = ["create the companies"]
            left = sorted({f"set custom field `{named.name}`" for index in values for named in values[index]})
            with Steps(["match the response with the companies", *left], ids, done=done):
                records = [
                    {"uuid": _find(written, index, created).uuid, "values": values[index]} for index in values
                ]
            await fields.write(Steps([], ids, done=done), records)
        return created

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
        """Changes a company (``updateCompany``). What is not given stays.

        The API's own update knows no custom fields. Here they are set by their ids (``upsertCustomFieldValue``), and the stage by a
        mass action on this one company. The requests are, in this order: one for the fields; one for each custom field; one for
        the stage; and, unless the fields were all, a last one reads the company. The names of custom fields take two more, once
        in ten minutes. Everything is validated before the first request.

        Args:
            uuid: The company.
            ln_id: Its number on LinkedIn.
            employees_range: Number of employees as a range, ``51-200`` for instance.
            lead_status_uuid: Its status, as the API's own update takes it.
            custom_fields: Values by the names of custom fields; ``None`` clears one.
            pipeline_stage_uuid: The pipeline stage to move the company to.

        Returns:
            The company after the change; a new stage may not show in it yet.

        Raises:
            InvalidInputError: nothing would change, a LinkedIn name that is none, or a custom field that companies do not have.
            NotFoundError: there is no such company.
            ValidationError: the API refuses it.
            PartialError: a request failed after others took effect; calling this again does no harm.

        Example::

            await client.companies.update(company.uuid, phone="+1 555 0100", custom_fields={"size": "small"})
        """
        company = check_id("uuid", uuid)
        changes = given(
            name=name,
            domain=domain,
            website=website,
            linkedin=linkedin,
            ln_id=ln_id,
            industry=industry,
            employees_range=employees_range,
            hq_raw_address=hq_raw_address,
            phone=phone,
            about=about,
            lead_status_uuid=lead_status_uuid,
        )
        for field, value in changes.items():
            written_or_refused({"ln_id": Integer, "lead_status_uuid": Id}.get(field, AnyText), field, value)
        if "name" in changes:
            check_text("name", changes["name"])
        if "linkedin" in changes:
            changes["linkedin"] = company_name("linkedin", changes["linkedin"])
        stage = None if is_missing(pipeline_stage_uuid) else Id("pipeline_stage_uuid", pipeline_stage_uuid)
        if stage is not None:
            refuse_raw("moving a company takes several requests")
        fields = AsyncNamed(self._client, "company")
        values = await fields.find(custom_fields)
        if not changes and not values and stage is None:
            raise InvalidInputError("changes: there are none", field="changes")
        steps = Steps(["update the fields"] if changes else [], [company])
        if changes:
            with steps:
                updated = await super().update(company, **changes)
            if not values and stage is None:
                return updated
        steps.left = Steps(
            [*([] if stage is None else ["change the pipeline stage"]), "read the company"], [company]
        ).left
        if values:
            await fields.write(steps, [{"uuid": company, "values": values}])
        if stage is not None:
            with steps:
                await self.move_to_stage(company, stage)
        with steps:
            changed = await self.get(company)
        return changed

    async def move_to_stage(self, uuid: str | UUID, pipeline_stage_uuid: str | UUID) -> AsyncMassAction:
        """Moves a company to a pipeline stage, by a mass action on it alone (``companiesMassAction``).

        The API may do it in the background and takes ids that are not there without a word; what this returns can be waited on.

        Raises:
            InvalidInputError: an id that is none.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.companies.move_to_stage(company.uuid, won.uuid)
        """
        return await self.bulk([check_id("uuid", uuid)]).change_pipeline_stage(pipeline_stage_uuid)

    async def lookup(
        self, lookups: Iterable[inputs.CompanyLookup | Mapping[str, Any]]
    ) -> builtins.list[models.Company]:
        """Looks companies up (``lookupCompanies``) and answers with those that were found, in no promised order.

        Args:
            lookups: A dict for each, with one of ``linkedin``, which is taken in any form, ``ln_id``, ``website`` and ``name``.

        Raises:
            InvalidInputError: there are none, one is empty, or a LinkedIn name that is none.
            ValidationError: the API refuses it.

        Example::

            await client.companies.lookup([{"linkedin": "https://www.linkedin.com/company/examplecorp/"}])
        """
        return await super().lookup(company_lookups(lookups))

    async def enrich(self, uuids: Iterable[str | UUID]) -> int | None:
        """Has companies enriched (``enrichCompanies``). This spends credits; the work is queued.

        Returns:
            How many were queued, if the API says so.

        Raises:
            InvalidInputError: there are none.
            OutOfCreditsError: the team has no credits left.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.companies.enrich([company.uuid])
        """
        return (await self._start_enrichment(uuids=selection(uuids, False, NOT_GIVEN)["ids"])).count

    async def enrich_matching(
        self, *conditions: Condition | Mapping[str, Any], **fields: Unpack[CompanyFields]
    ) -> int | None:
        """The same for the companies that match (``enrichCompanies``). A wide filter can spend many credits.

        Raises:
            InvalidInputError: no condition, or a field that companies are not filtered by.
            OutOfCreditsError: the team has no credits left.
            UnknownOutcomeError: the answer was lost.

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
        """Starts a mass action (``companiesMassAction``); nothing happens before one of its methods is called.

        Args:
            uuids: The companies.
            all: Every company of the team instead.
            except_uuids: But those.

        Raises:
            InvalidInputError: neither or both of ``uuids`` and ``all``, or an empty list.

        Example::

            await client.companies.bulk([company.uuid]).add_tag(tag.uuid)
        """
        return AsyncBulkCompanies(self, selection(uuids, all, except_uuids))


def _find(asked: list[dict[str, Any]], index: int, created: list[models.Company]) -> models.Company:
    """The company in the answer that was asked for at a place. The API does not say in which order it answers, so with more than
    one it has to be known by what it was given."""
    if len(asked) == len(created) == 1:
        return created[0]
    alike = []
    for company in created:
        pairs = [(asked[index].get(name), getattr(company, name)) for name in ("linkedin", "domain", "website", "name")]
        both = [(wanted, has) for wanted, has in pairs if wanted is not None and has is not None]
        if both and all(wanted.strip().lower() == has.strip().lower() for wanted, has in both):
            alike.append(company)
    if len(alike) != 1:
        count = "more than one company" if alike else "no company"
        raise DecodeError(f"createCompanies: {count} in the answer is like companies[{index}]")
    return alike[0]
