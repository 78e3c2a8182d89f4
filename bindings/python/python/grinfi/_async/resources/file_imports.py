"""Imports from CSV files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from ... import models
from ..._encoders import Integer, ListOf
from ..._errors import InvalidInputError
from ..._generated.resources.file_imports import AsyncFileImports as AsyncGenerated
from ..._progress import UploadProgress, check_callback
from ..._uploads import File, file_of
from ..._validation import NOT_GIVEN, NotGiven, check_id, check_text
from ..jobs import AsyncImportJob
from ..progress import follow_progress

__all__ = ["AsyncFileImports"]


class AsyncFileImports(AsyncGenerated):
    """Imports from CSV files, in two steps: the upload, then the import with a mapping of columns: ``client.file_imports``."""

    __slots__ = ()

    async def upload(
        self,
        file: File,
        *,
        name: str | NotGiven = NOT_GIVEN,
        on_progress: Callable[[UploadProgress], object] | None = None,
    ) -> models.FileImport:
        """Uploads a CSV file (``uploadCsvFile``), without importing it.

        The file is read while it is sent. A file from a path or from memory is sent again by retries; an open file is sent once, from
        its current position.

        Args:
            file: The path of the file, its contents, or a file that is open for reading bytes.
            name: The name; by default the one in the path.
            on_progress: Called with an :class:`~grinfi.UploadProgress` while the file is sent. An exception in it cancels the upload.

        Raises:
            InvalidInputError: a file that is empty or cannot be read, or no name.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the response was lost; the upload can be repeated.

        Example::

            file = await client.file_imports.upload("fair.csv")
            await client.file_imports.contacts(file.uuid, columns=[{"source": "Mail", "target": "work_email"}])
        """
        outgoing = file_of(file, name, media_type=None)
        check_callback(on_progress)
        upload = self._client._native_client.upload_csv(outgoing)
        return models.FileImport(json.loads(await follow_progress(upload, UploadProgress._make, on_progress)))

    async def start_contacts(
        self,
        uuid: str | UUID,
        *,
        columns: Mapping[str, str],
        list_uuid: str | UUID,
        tag_uuids: Iterable[str | UUID] = (),
        rows: int | None = None,
    ) -> AsyncImportJob:
        """Imports contacts from an uploaded file like :meth:`contacts`, and returns a job that can be waited on.

        The API does not report the progress of imports. The job observes the list that the contacts are added to, so a list is
        required, and its contacts are counted before the import, by ``countContacts``.

        Args:
            uuid: The file.
            columns: Fields of contacts by the headers of the file.
            list_uuid: The list to add the contacts to.
            tag_uuids: Tags to add to the contacts.
            rows: Number of rows of the file. It distinguishes the end of the import from a pause.

        Raises:
            InvalidInputError: no columns, a blank one, two with the same target, or an invalid id.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the response was lost.

        Example::

            job = await client.file_imports.start_contacts(
                file.uuid, columns={"First name": "first_name", "Mail": "work_email"}, list_uuid=fair.uuid, rows=2
            )
            print((await job.wait()).added)
        """
        if not isinstance(columns, Mapping):
            why = f"must be a dict of fields by headers, got {type(columns).__name__}"
            raise InvalidInputError(f"`columns` {why}", field="columns")
        goal = check_id("list_uuid", list_uuid)
        expected = None if rows is None else _count("rows", rows)
        before: int = await self._client._call_resource(
            "start_import",
            {
                "file_import_uuid": check_id("uuid", uuid),
                "columns": [
                    (check_text("columns", source), check_text(f"columns.{source}", target))
                    for source, target in columns.items()
                ],
                "list_uuid": goal,
                "tags": ListOf(check_id)("tag_uuids", tag_uuids),
            },
        )
        return AsyncImportJob(self._client, goal, before, expected)

    def resume(self, list_uuid: str | UUID, *, before: int, rows: int | None = None) -> AsyncImportJob:
        """Returns the job of an import that was started elsewhere or before a restart. Sends nothing.

        Args:
            list_uuid: The list that the contacts are added to.
            before: Number of contacts in the list before the import, from ``AsyncImportJob.before``.
            rows: Number of rows of the file.

        Raises:
            InvalidInputError: an invalid id or number.

        Example::

            await client.file_imports.resume(fair.uuid, before=0, rows=2).wait()
        """
        expected = None if rows is None else _count("rows", rows)
        return AsyncImportJob(self._client, check_id("list_uuid", list_uuid), _count("before", before), expected)


def _count(field: str, value: int) -> int:
    if Integer(field, value) < 0:
        raise InvalidInputError(f"`{field}` must be a number from 0, got {value}", field=field)
    return value
