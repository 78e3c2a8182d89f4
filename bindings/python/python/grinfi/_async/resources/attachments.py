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
        """Uploads a file (``uploadAttachment``). No message is sent.

        The file is read while it is sent. A file from a path or from memory is sent again by retries; an open file is sent once, from
        its current position. An upload that may have arrived is not retried.

        Args:
            file: The path of the file, its contents, or a file that is open for reading bytes.
            name: The name with the extension; by default the one in the path.
            media_type: The media type, such as ``"image/png"``; by default that of the extension.
            on_progress: Called with an :class:`~grinfi.UploadProgress` while the file is sent. An exception in it cancels the upload.

        Raises:
            InvalidInputError: a file that is empty, cannot be read or has an unknown length, no name, or an unknown extension.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.attachments.upload("offer.pdf")
        """
        given = None if is_missing(media_type) else check_text("media_type", media_type)
        outgoing = file_of(file, name, media_type=given)
        if given is None:
            outgoing["media_type"] = media_type_of(outgoing["name"])
        if outgoing["length"] is None and not isinstance(outgoing["source"], (str, bytes)):
            raise InvalidInputError("`file` must have a known length; read it and give the bytes", field="file")
        check_callback(on_progress)
        upload = self._client._native_client.upload_attachment(outgoing)
        return models.Attachment(json.loads(await follow_progress(upload, UploadProgress._make, on_progress)))
