"""Companies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .._generated.resources.companies import AsyncCompanies as AsyncGenerated
from .._types import NOT_GIVEN, NotGiven
from ..filters import Condition, narrow_filter
from ._bulk import AsyncBulkCompanies
from ._selection import selection

if TYPE_CHECKING:
    from uuid import UUID

    from typing_extensions import Unpack

    from .._generated.fields import CompanyFields

__all__ = ["AsyncCompanies"]


class AsyncCompanies(AsyncGenerated):
    """Companies: ``client.companies``."""

    __slots__ = ()

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
