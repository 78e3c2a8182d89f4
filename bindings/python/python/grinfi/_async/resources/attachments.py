"""Attachments."""

from __future__ import annotations

import json
from collections.abc import Callable

from ... import models
from ..._errors import InvalidInputError
from ..._generated.resources.attachments import AsyncAttachments as AsyncGenerated
from ..._progress import UploadProgress, check_callback
from ..._uploads import File, file_of, media_type_of
from ..._validation import NOT_GIVEN, NotGiven, check_text, is_missing
from ..progress import follow_progress

__all__ = ["AsyncAttachments"]


class AsyncAttachments(AsyncGenerated):
    """Files to be sent with messages and emails: ``client.attachments``."""

    __slots__ = ()

    async def upload(
        self,
        file: File,
        *,
        name: str | NotGiven = NOT_GIVEN,
        media_type: str | NotGiven = NOT_GIVEN,
        on_progress: Callable[[UploadProgress], object] | None = None,
    ) -> models.Attachment:
        """Uploads a file (``uploadAttachment``). Nothing goes to anyone yet.

        It is read as it is sent. What comes from a path or from memory is sent again where that is safe; a file that is open is
        sent once, from where it stands. In no case is an upload repeated that may have arrived.

        Args:
            file: The path of the file, what is in it, or a file that is open for reading bytes.
            name: Its name, with the extension; from a path it is known.
            media_type: Its media type, ``"image/png"``; without it the one that the extension stands for.
            on_progress: Called with an :class:`~grinfi.UploadProgress` as the file goes out. What it raises ends the upload.

        Raises:
            InvalidInputError: a file that is empty, cannot be read or whose length cannot be known beforehand, no name, or an
                extension that is not known.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.attachments.upload("offer.pdf")
        """
        given = None if is_missing(media_type) else check_text("media_type", media_type)
        outgoing = file_of(file, name, media_type=given)
        if given is None:
            outgoing["media_type"] = media_type_of(outgoing["name"])
        if outgoing["length"] is None and not isinstance(outgoing["source"], (str, bytes)):
            raise InvalidInputError("file: the API wants its size beforehand; read it, and give the bytes", field="file")
        check_callback(on_progress)
        upload = self._client._native_client.upload_attachment(outgoing)
        return models.Attachment(json.loads(await follow_progress(upload, UploadProgress._make, on_progress)))
