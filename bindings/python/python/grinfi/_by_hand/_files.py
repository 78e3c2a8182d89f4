"""Files to upload."""

from __future__ import annotations

import os

from .._errors import InvalidInputError
from .._types import NotGiven, check_text

__all__ = ["file_name_of", "media_type_of", "read_file"]


def read_file(file: str | os.PathLike[str] | bytes) -> bytes:
    """What is in the file."""
    if isinstance(file, (bytes, bytearray)):
        return bytes(file)
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except (OSError, TypeError, ValueError) as error:
        raise InvalidInputError(f"file: it cannot be read: {error}", field="file") from error


def file_name_of(file: str | os.PathLike[str] | bytes, name: str | NotGiven) -> str:
    """The name to upload it under."""
    if not isinstance(name, NotGiven):
        checked = check_text("name", name)
        if "/" in checked or "\\" in checked:
            raise InvalidInputError("name: it is a path, not the name of a file", field="name")
        return checked
    if isinstance(file, (str, os.PathLike)):
        named = os.path.basename(os.fspath(file))
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
