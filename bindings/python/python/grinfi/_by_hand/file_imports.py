"""Imports from CSV files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .._errors import InvalidInputError
from .._generated import models as records
from .._generated.resources.file_imports import AsyncFileImports as AsyncGenerated
from .._types import NOT_GIVEN, NotGiven
from ._files import file_name_of, read_file

if TYPE_CHECKING:
    from .. import models

__all__ = ["AsyncFileImports"]


class AsyncFileImports(AsyncGenerated):
    """Imports from CSV files, in two steps: the upload, then the import with a mapping of columns: ``client.file_imports``."""

    __slots__ = ()

    async def upload(
        self, file: str | os.PathLike[str] | bytes, *, name: str | NotGiven = NOT_GIVEN
    ) -> models.FileImport:
        """Uploads a CSV file (``uploadCsvFile``). Nothing is imported yet.

        Args:
            file: The path of the file, or what is in it.
            name: Its name; from a path it is known.

        Raises:
            InvalidInputError: a file that is empty or cannot be read, or no name.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost; uploading again does no harm.

        Example::

            file = await client.file_imports.upload("fair.csv")
            await client.file_imports.contacts(file.uuid, columns=[{"source": "Mail", "target": "work_email"}])
        """
        named = file_name_of(file, name)
        content = read_file(file)
        if not content.strip():
            raise InvalidInputError("file: it is empty", field="file")
        return records.FileImport(await self._client._composed("upload_csv", {"name": named}, content))
