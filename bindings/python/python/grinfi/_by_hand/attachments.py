"""Attachments."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .._errors import InvalidInputError
from .._generated import models as records
from .._generated.resources.attachments import AsyncAttachments as AsyncGenerated
from .._types import NOT_GIVEN, NotGiven, check_text
from ._files import file_name_of, media_type_of, read_file

if TYPE_CHECKING:
    from .. import models

__all__ = ["AsyncAttachments"]


class AsyncAttachments(AsyncGenerated):
    """Files to be sent with messages and emails: ``client.attachments``."""

    __slots__ = ()

    async def upload(
        self,
        file: str | os.PathLike[str] | bytes,
        *,
        name: str | NotGiven = NOT_GIVEN,
        media_type: str | NotGiven = NOT_GIVEN,
    ) -> models.Attachment:
        """Uploads a file (``uploadAttachment``). Nothing goes to anyone yet.

        Args:
            file: The path of the file, or what is in it.
            name: Its name, with the extension; from a path it is known.
            media_type: Its media type, ``"image/png"``; without it the one that the extension stands for.

        Raises:
            InvalidInputError: a file that is empty or cannot be read, no name, or an extension that is not known.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.attachments.upload("offer.pdf")
        """
        named = file_name_of(file, name)
        kind = media_type_of(named) if isinstance(media_type, NotGiven) else check_text("media_type", media_type)
        content = read_file(file)
        if not content:
            raise InvalidInputError("file: it is empty", field="file")
        sent = await self._client._composed("upload_attachment", {"name": named, "media_type": kind}, content)
        return records.Attachment(sent)
