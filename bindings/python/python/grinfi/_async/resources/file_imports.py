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
        """Uploads a CSV file (``uploadCsvFile``). Nothing is imported yet.

        It is read as it is sent. What comes from a path or from memory is sent again where that is safe; a file that is open is
        sent once, from where it stands.

        Args:
            file: The path of the file, what is in it, or a file that is open for reading bytes.
            name: Its name; from a path it is known.
            on_progress: Called with an :class:`~grinfi.UploadProgress` as the file goes out. What it raises ends the upload.

        Raises:
            InvalidInputError: a file that is empty or cannot be read, or no name.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost; uploading again does no harm.

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
        """Imports contacts from an uploaded file as :meth:`contacts` does, and answers with something to wait on.

        The API describes nothing that tells how far an import is. What can be seen is the list that the contacts go to, so
        there must be one, and its contacts are counted beforehand, by ``countContacts``.

        Args:
            uuid: The file.
            columns: The fields of a contact by the headers of the file.
            list_uuid: The list that the contacts go to.
            tag_uuids: Tags to put on them.
            rows: How many rows the file has, so that the end can be told from a pause.

        Raises:
            InvalidInputError: no columns, a blank one, two with the same target, or an id that is none.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost.

        Example::

            job = await client.file_imports.start_contacts(
                file.uuid, columns={"First name": "first_name", "Mail": "work_email"}, list_uuid=fair.uuid, rows=2
            )
            print((await job.wait()).added)
        """
        if not isinstance(columns, Mapping):
            why = f"a dict of fields by headers is needed, not {type(columns).__name__}"
            raise InvalidInputError(f"columns: {why}", field="columns")
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
        """An import that was started elsewhere, or before a restart, to be waited on. Sends nothing.

        Args:
            list_uuid: The list that the contacts go to.
            before: How many contacts it held before; ``AsyncImportJob.before`` told it.
            rows: How many rows the file has.

        Raises:
            InvalidInputError: an id that is none, or no number.

        Example::

            await client.file_imports.resume(fair.uuid, before=0, rows=2).wait()
        """
        expected = None if rows is None else _count("rows", rows)
        return AsyncImportJob(self._client, check_id("list_uuid", list_uuid), _count("before", before), expected)


def _count(field: str, value: int) -> int:
    if Integer(field, value) < 0:
        raise InvalidInputError(f"{field}: it is less than none", field=field)
    return value
