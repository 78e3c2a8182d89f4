"""Exports to CSV files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .._download import AsyncDownload
from .._generated.resources.file_exports import AsyncFileExports as AsyncGenerated
from .._types import NOT_GIVEN, NotGiven, check_text
from ._selection import selection

if TYPE_CHECKING:
    from uuid import UUID

    from .. import models

__all__ = ["AsyncFileExports"]


class AsyncFileExports(AsyncGenerated):
    """Exports to CSV files: ``client.file_exports``."""

    __slots__ = ()

    async def contacts(
        self,
        uuids: Iterable[str | UUID] | NotGiven = NOT_GIVEN,
        *,
        all: bool = False,
        except_uuids: Iterable[str | UUID] | NotGiven = NOT_GIVEN,
    ) -> models.ContactExport:
        """Queues an export of contacts (``exportLeadsToCsv``). The name of the file is not in the answer.

        Args:
            uuids: The contacts.
            all: Every contact of the team instead.
            except_uuids: But those.

        Raises:
            InvalidInputError: neither or both of ``uuids`` and ``all``, or an empty list.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.file_exports.contacts(all=True)
        """
        return await self._contacts(selection(uuids, all, except_uuids))

    async def companies(
        self,
        uuids: Iterable[str | UUID] | NotGiven = NOT_GIVEN,
        *,
        all: bool = False,
        except_uuids: Iterable[str | UUID] | NotGiven = NOT_GIVEN,
    ) -> models.CompanyExport:
        """Queues an export of companies (``exportCompaniesToCsv``). The name of the file is not in the answer.

        Args:
            uuids: The companies.
            all: Every company of the team instead.
            except_uuids: But those.

        Raises:
            InvalidInputError: neither or both of ``uuids`` and ``all``, or an empty list.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.file_exports.companies([company.uuid])
        """
        return await self._companies(selection(uuids, all, except_uuids))

    async def download(self, file_name: str) -> AsyncDownload:
        """Downloads a file by its name (``downloadExportFile``), as it comes.

        Raises:
            NotFoundError: there is no such file, or not yet.

        Example::

            file = await client.file_exports.download("export.csv")
            await file.save("contacts.csv")
        """
        return AsyncDownload(await self._client._native.download_later(check_text("file_name", file_name)))
