"""Files on their way."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from . import _native
from ._errors import GrinfiError, InvalidInputError, ListingError

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["AsyncDownload", "Download"]


class Download:
    """A file on its way: iterate over its bytes, :meth:`read` it whole, or :meth:`save` it.

    Reading raises ``ConnectionBrokenError`` or ``RequestTimeoutError`` if the connection broke on the way; what came before is
    then not the whole file, and each further step raises the error again.
    """

    __slots__ = ("_error", "_file")

    def __init__(self, file: _native.Download) -> None:
        self._file = file
        self._error: GrinfiError | None = None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._error is not None:
            raise self._error
        try:
            piece = self._file.next()
        except ListingError:
            raise
        except GrinfiError as error:
            self._error = error
            raise
        if piece is None:
            raise StopIteration
        return piece

    def read(self) -> bytes:
        """The rest of the file. Mind the memory."""
        return b"".join(self)

    def save(self, path: str | os.PathLike[str]) -> int:
        """Writes the rest of the file to disk as it arrives, and returns how many bytes that were.

        The file gets its name when it is complete: until then it is a temporary file in the same folder, which is removed
        when the download fails. A file that was at ``path`` is replaced.

        Raises:
            OSError: the file cannot be written.
        """
        try:
            return self._file.save(os.fsdecode(path))
        except InvalidInputError as error:
            raise _of_file(error) from None


class AsyncDownload:
    """A file on its way: iterate over its bytes, :meth:`read` it whole, or :meth:`save` it.

    Reading raises ``ConnectionBrokenError`` or ``RequestTimeoutError`` if the connection broke on the way; what came before is
    then not the whole file, and each further step raises the error again.
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
            is_there = await self._file.fetch_later()
            piece = self._file.take() if is_there else None
        except ListingError:
            raise
        except GrinfiError as error:
            self._error = error
            raise
        if piece is None:
            raise StopAsyncIteration
        return piece

    async def read(self) -> bytes:
        """The rest of the file. Mind the memory."""
        return b"".join([piece async for piece in self])

    async def save(self, path: str | os.PathLike[str]) -> int:
        """Writes the rest of the file to disk as it arrives, and returns how many bytes that were.

        The file gets its name when it is complete: until then it is a temporary file in the same folder, which is removed
        when the download fails or is cancelled. A file that was at ``path`` is replaced.

        Raises:
            OSError: the file cannot be written.
        """
        try:
            return await self._file.save_later(os.fsdecode(path))
        except InvalidInputError as error:
            raise _of_file(error) from None


def _of_file(error: InvalidInputError) -> Exception:
    """The error of the operating system, where there is one."""
    return error.__cause__ if isinstance(error.__cause__, OSError) else error
