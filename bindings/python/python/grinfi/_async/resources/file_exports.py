"""Exports to CSV files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from ... import models
from ..._encoders import Filter
from ..._errors import InvalidInputError, JobFailedError, Progress
from ..._generated.resources.file_exports import AsyncFileExports as AsyncGenerated
from ..._progress import check_callback, wait_options
from ..._selection import selection
from ..._validation import NOT_GIVEN, NotGiven, check_text
from ...filters import Condition
from ..download import AsyncDownload
from ..progress import follow_progress

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
        """Queues an export of contacts (``exportLeadsToCsv``). The response does not contain the name of the file.

        Args:
            uuids: The contacts.
            all: Selects all contacts of the team instead.
            except_uuids: Contacts to leave out of ``all``.

        Raises:
            InvalidInputError: neither or both of ``uuids`` and ``all``, or an empty list.
            JobFailedError: the export has already failed.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.file_exports.contacts(all=True)
        """
        export = await self._contacts(selection(uuids, all, except_uuids))
        _check(export.status)
        return export

    async def companies(
        self,
        uuids: Iterable[str | UUID] | NotGiven = NOT_GIVEN,
        *,
        all: bool = False,
        except_uuids: Iterable[str | UUID] | NotGiven = NOT_GIVEN,
    ) -> models.CompanyExport:
        """Queues an export of companies (``exportCompaniesToCsv``). The response does not contain the name of the file.

        Args:
            uuids: The companies.
            all: Selects all companies of the team instead.
            except_uuids: Companies to leave out of ``all``.

        Raises:
            InvalidInputError: neither or both of ``uuids`` and ``all``, or an empty list.
            JobFailedError: the export has already failed.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.file_exports.companies([company.uuid])
        """
        export = await self._companies(selection(uuids, all, except_uuids))
        _check(export.status)
        return export

    async def contacts_matching(
        self, filter: Condition | Mapping[str, Any], *, fields: Iterable[str] | NotGiven = NOT_GIVEN
    ) -> models.ContactExport:
        """Queues an export of the contacts that match a filter (``exportLeadsToCsv``).

        Undocumented: known from the vendor's own client.

        Args:
            filter: A condition, or a dict in the format of the API. It must not be empty.
            fields: The fields to export; by default all.

        Raises:
            InvalidInputError: an empty filter; ``contacts(all=True)`` exports everything.
            JobFailedError: the export has already failed.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.file_exports.contacts_matching(grinfi.F.list_uuid == fair.uuid, fields=["name", "work_email"])
        """
        export = await self._contacts(_conditions(filter), fields=fields)
        _check(export.status)
        return export

    async def companies_matching(
        self, filter: Condition | Mapping[str, Any], *, fields: Iterable[str] | NotGiven = NOT_GIVEN
    ) -> models.CompanyExport:
        """Queues an export of the companies that match a filter (``exportCompaniesToCsv``).

        Undocumented: known from the vendor's own client.

        Args:
            filter: A condition, or a dict in the format of the API. It must not be empty.
            fields: The fields to export; by default all.

        Raises:
            InvalidInputError: an empty filter; ``companies(all=True)`` exports everything.
            JobFailedError: the export has already failed.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.file_exports.companies_matching(grinfi.F.industry == "Software")
        """
        export = await self._companies(_conditions(filter), fields=fields)
        _check(export.status)
        return export

    async def download(self, file_name: str) -> AsyncDownload:
        """Downloads a file by its name (``downloadExportFile``).

        Raises:
            NotFoundError: the file does not exist, or not yet.

        Example::

            file = await client.file_exports.download("export.csv")
            await file.save("contacts.csv")
        """
        return AsyncDownload(await self._client._native_client.download_async(check_text("file_name", file_name)))

    async def wait_for(
        self,
        file_name: str,
        *,
        deadline: float | timedelta = 600.0,
        on_progress: Callable[[Progress], object] | None = None,
        first_pause: float | timedelta = 1.0,
        max_pause: float | timedelta = 15.0,
        max_looks: int | None = None,
    ) -> AsyncDownload:
        """Waits until a file exists, and downloads it (``downloadExportFile``).

        The API reports neither the progress of an export nor the name of its file. This requests the file until the API no longer
        returns 404, so a mistyped name is waited for until the deadline.

        Args:
            file_name: The name of the file.
            deadline: Maximum total time to wait, in seconds or as a ``timedelta``.
            on_progress: Called with a :class:`~grinfi.Progress` after every look. An exception in it ends the wait.
            first_pause: The pause after the first look; each further pause is half as long again.
            max_pause: The longest pause.
            max_looks: The maximum number of looks.

        Raises:
            StillRunningError: the file does not exist yet; it can be waited for again.
            InvalidInputError: a blank name, or an invalid time or number.

        Example::

            file = await client.file_exports.wait_for("export.csv", deadline=60)
            await file.save("contacts.csv")
        """
        check_callback(on_progress)
        options = wait_options(deadline, max_looks=max_looks, first_pause=first_pause, max_pause=max_pause)
        call = {"call": "export", "arguments": {"file_name": check_text("file_name", file_name)}}
        waiting = self._client._native_client.wait_for(json.dumps(call), options)
        return AsyncDownload(await follow_progress(waiting, Progress._make, on_progress, client=self._client))


def _conditions(filter: Condition | Mapping[str, Any]) -> dict[str, Any]:
    conditions = Filter("filter", filter)
    if not conditions:
        raise InvalidInputError("`filter` must not be empty; use `all=True` to export everything", field="filter")
    return conditions


def _check(status: str | None) -> None:
    """Raises an error for the state of a failed export."""
    if status in ("failed", "error"):
        raise JobFailedError(f"the export failed: the API reports the status `{status}`")
