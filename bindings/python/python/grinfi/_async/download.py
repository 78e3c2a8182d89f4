"""Downloads of files."""

from __future__ import annotations

import os

from .. import _native
from .._errors import GrinfiError, InvalidInputError, ListingError
from .._typing import Self

__all__ = ["AsyncDownload"]


class AsyncDownload:
    """A download: iterate over its bytes, :meth:`read` it whole, or :meth:`save` it.

    Reading raises ``TransportError`` or ``RequestTimeoutError`` if the connection breaks. The bytes returned before are then not
    the whole file, and each further step raises the error again.
    """

    __slots__ = ("_error", "_file")

    def __init__(self, file: _native.Download) -> None:
        self._file = file
        self._error: GrinfiError | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if self._error is not None:
            raise self._error
        try:
            piece = self._file.take() if await self._file.fetch_async() else None
        except ListingError:
            raise
        except GrinfiError as error:
            self._error = error
            raise
        if piece is None:
            raise StopAsyncIteration
        return piece

    async def read(self) -> bytes:
        """Returns the rest of the file, in memory."""
        return b"".join([piece async for piece in self])

    async def save(self, path: str | os.PathLike[str]) -> int:
        """Writes the rest of the file to disk as it arrives, and returns the number of bytes.

        Writes to a temporary file in the same folder, which is renamed when it is complete, and removed when the download fails
        or is canceled. An existing file at ``path`` is replaced.

        Raises:
            OSError: the file cannot be written.
        """
        try:
            return await self._file.save_async(os.fsdecode(path))
        except InvalidInputError as error:
            raise _file_error(error) from None


def _file_error(error: InvalidInputError) -> Exception:
    """Returns the error of the operating system, if that is the cause."""
    return error.__cause__ if isinstance(error.__cause__, OSError) else error
