"""Files on their way."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

from . import _native

__all__ = ["AsyncDownload", "Download"]


class Download:
    """A file on its way: iterate over its bytes, :meth:`read` it whole, or :meth:`save` it.

    Reading raises ``ConnectionBrokenError`` or ``RequestTimeoutError`` if the connection broke on the way; what came before is
    then not the whole file.
    """

    __slots__ = ("_file",)

    def __init__(self, file: _native.Download) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        while (piece := self._file.next()) is not None:
            yield piece

    def read(self) -> bytes:
        """The rest of the file. Mind the memory."""
        return b"".join(self)

    def save(self, path: str | os.PathLike[str]) -> int:
        """Writes the file to disk as it comes, and says how many bytes it has."""
        with open(path, "wb") as file:
            return sum(file.write(piece) for piece in self)


class AsyncDownload:
    """A file on its way: iterate over its bytes, :meth:`read` it whole, or :meth:`save` it.

    Reading raises ``ConnectionBrokenError`` or ``RequestTimeoutError`` if the connection broke on the way; what came before is
    then not the whole file.
    """

    __slots__ = ("_file",)

    def __init__(self, file: _native.Download) -> None:
        self._file = file

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (piece := await self._file.next_later()) is not None:
            yield piece

    async def read(self) -> bytes:
        """The rest of the file. Mind the memory."""
        return b"".join([piece async for piece in self])

    async def save(self, path: str | os.PathLike[str]) -> int:
        """Writes the file to disk as it comes, and says how many bytes it has."""
        size = 0
        with open(path, "wb") as file:
            async for piece in self:
                size += file.write(piece)
        return size
