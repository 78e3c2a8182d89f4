"""Files to upload."""

from __future__ import annotations

import os
from io import BufferedIOBase, RawIOBase, TextIOBase
from typing import Any, BinaryIO

from .._errors import InvalidInputError
from .._types import NotGiven, check_text, is_missing

__all__ = ["File", "file_of", "media_type_of"]

# What is read from such a file is not compressed any more.
_COMPRESSED = {"gzip": ".gz", "bz2": ".bz2", "lzma": ".xz"}

File = str | os.PathLike[str] | bytes | BinaryIO
"""A path, what is in a file, or a file that is open for reading bytes."""


def file_of(file: File, name: str | NotGiven, *, media_type: str | None) -> dict[str, Any]:
    """The file as the compiled part takes it. Nothing of it is read yet but its length.

    Raises:
        InvalidInputError: it is none of these, or has no name.
    """
    source: object
    length = None
    if isinstance(file, (bytes, bytearray, memoryview)):
        source = bytes(file)
    elif isinstance(file, (str, os.PathLike)):
        source = os.fspath(file)
        if not isinstance(source, str) or not source:
            raise InvalidInputError("file: a path is a text, and not empty", field="file")
    elif _is_text(file):
        raise InvalidInputError("file: it is open for text; open it with \"rb\"", field="file")
    elif callable(getattr(file, "read", None)):
        source, length = file, _left(file)
    else:
        kinds = "a path, bytes, or a file that is open with \"rb\""
        raise InvalidInputError(f"file: {kinds} is needed, not {type(file).__name__}", field="file")
    return {"source": source, "name": _name_of(file, name), "media_type": media_type, "length": length}


def _is_text(file: Any) -> bool:
    """Whether a file is open for text.

    The mode decides for wrappers of ``tempfile`` alone: before Python 3.13 that of a file of ``gzip`` is a number, and that of
    one of ``zipfile`` is ``"r"``.
    """
    if isinstance(file, (TextIOBase, BufferedIOBase, RawIOBase)):
        return isinstance(file, TextIOBase)
    mode = getattr(file, "mode", None)
    return isinstance(mode, str) and "b" not in mode


def _left(file: Any) -> int | None:
    """How many bytes there are to read, if one can look ahead."""
    try:
        # A file of `tempfile` that is kept in memory cannot tell before Python 3.11.
        if hasattr(file, "seekable") and not file.seekable():
            return None
        here: int = file.tell()
        end: int = file.seek(0, os.SEEK_END)
        file.seek(here)
    except (AttributeError, OSError):
        return None
    except ValueError as error:
        raise InvalidInputError(f"file: it cannot be read: {error}", field="file") from error
    if end <= here:
        raise InvalidInputError("file: there is nothing left to read in it", field="file")
    return end - here


def _name_of(file: File, name: str | NotGiven) -> str:
    """The name to upload it under."""
    if not is_missing(name):
        checked = check_text("name", name)
        if "/" in checked or "\\" in checked:
            raise InvalidInputError("name: it is a path, not the name of a file", field="name")
        return checked
    path = file if isinstance(file, (str, os.PathLike)) else getattr(file, "name", None)
    if isinstance(path, (str, os.PathLike)):
        named = os.path.basename(os.fspath(path))
        suffix = _COMPRESSED.get(type(file).__module__)
        if suffix is not None:
            named = named.removesuffix(suffix)
        if named:
            return named
    raise InvalidInputError("name: what is in memory needs one", field="name")


def media_type_of(name: str) -> str:
    """The media type that an extension stands for."""
    import mimetypes  # Only for uploads: it reads the system's tables.

    guessed, _ = mimetypes.guess_type(name)
    if guessed is None:
        raise InvalidInputError("media_type: the extension says nothing; give one", field="media_type")
    return guessed
