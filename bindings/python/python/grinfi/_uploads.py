"""Validation of files to upload."""

from __future__ import annotations

import os
from io import BufferedIOBase, RawIOBase, TextIOBase
from typing import Any, BinaryIO

from ._errors import InvalidInputError
from ._validation import NotGiven, check_text, is_missing

__all__ = ["File", "file_of", "media_type_of"]

# Reading from such a file decompresses it.
_COMPRESSED = {"gzip": ".gz", "bz2": ".bz2", "lzma": ".xz"}

File = str | os.PathLike[str] | bytes | BinaryIO
"""A path, the contents of a file, or a file that is open for reading bytes."""


def file_of(file: File, name: str | NotGiven, *, media_type: str | None) -> dict[str, Any]:
    """Returns the file for the compiled module. Reads only its length.

    Raises:
        InvalidInputError: not a file, or one without a name.
    """
    source: object
    length = None
    if isinstance(file, (bytes, bytearray, memoryview)):
        source = bytes(file)
    elif isinstance(file, (str, os.PathLike)):
        source = os.fspath(file)
        if not isinstance(source, str) or not source:
            raise InvalidInputError("`file` must be a path as a string that is not empty", field="file")
    elif _is_text(file):
        raise InvalidInputError("`file` is open for text; open it with \"rb\"", field="file")
    elif callable(getattr(file, "read", None)):
        source, length = file, _left(file)
    else:
        kinds = "a path, bytes, or a file that is open with \"rb\""
        raise InvalidInputError(f"`file` must be {kinds}, got {type(file).__name__}", field="file")
    return {"source": source, "name": _name_of(file, name), "media_type": media_type, "length": length}


def _is_text(file: Any) -> bool:
    """Returns whether a file is open for text.

    The mode decides only for wrappers of ``tempfile``: before Python 3.13, the mode of a ``gzip`` file is a number, and that of a
    ``zipfile`` member is ``"r"``.
    """
    if isinstance(file, (TextIOBase, BufferedIOBase, RawIOBase)):
        return isinstance(file, TextIOBase)
    mode = getattr(file, "mode", None)
    return isinstance(mode, str) and "b" not in mode


def _left(file: Any) -> int | None:
    """Returns how many bytes are left to read, if the file can seek."""
    try:
        # `tempfile.SpooledTemporaryFile` has no `seekable` before Python 3.11.
        if hasattr(file, "seekable") and not file.seekable():
            return None
        here: int = file.tell()
        end: int = file.seek(0, os.SEEK_END)
        file.seek(here)
    except (AttributeError, OSError):
        return None
    except ValueError as error:
        raise InvalidInputError(f"`file` cannot be read: {error}", field="file") from error
    if end <= here:
        raise InvalidInputError("`file` has nothing left to read", field="file")
    return end - here


def _name_of(file: File, name: str | NotGiven) -> str:
    """Returns the name to upload the file under."""
    if not is_missing(name):
        checked = check_text("name", name)
        if "/" in checked or "\\" in checked:
            raise InvalidInputError("`name` must be the name of a file, got a path", field="name")
        return checked
    path = file if isinstance(file, (str, os.PathLike)) else getattr(file, "name", None)
    if isinstance(path, (str, os.PathLike)):
        named = os.path.basename(os.fspath(path))
        suffix = _COMPRESSED.get(type(file).__module__)
        if suffix is not None:
            named = named.removesuffix(suffix)
        if named:
            return named
    raise InvalidInputError("`name` must be given for contents in memory", field="name")


def media_type_of(name: str) -> str:
    """Returns the media type for the extension of a file name."""
    import mimetypes  # Not at the top: it reads tables of the system.

    guessed, _ = mimetypes.guess_type(name)
    if guessed is None:
        raise InvalidInputError("`media_type` must be given, since the extension is unknown", field="media_type")
    return guessed
