"""Small things that every module needs: the mark for an argument that is not given, checks of ids and texts."""

from __future__ import annotations

import enum
import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from ._errors import InvalidInputError

if TYPE_CHECKING:
    from uuid import UUID

    from typing_extensions import TypeIs

__all__ = ["NOT_GIVEN", "NotGiven", "check_id", "check_text", "did_you_mean", "is_uuid"]


class NotGiven(enum.Enum):
    """The type of :data:`NOT_GIVEN`."""

    NOT_GIVEN = "NOT_GIVEN"

    def __repr__(self) -> str:
        return "NOT_GIVEN"

    def __bool__(self) -> bool:
        return False


NOT_GIVEN: Final = NotGiven.NOT_GIVEN
"""The default of arguments that are sent only if given: ``None`` would be sent as null."""

_ID = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def is_uuid(value: object) -> TypeIs[UUID]:
    """Whether this is a ``uuid.UUID``. That module is slow to import, and where there is one it is imported already."""
    module = sys.modules.get("uuid")
    return module is not None and isinstance(value, module.UUID)


def check_id(field: str, value: str | UUID) -> str:
    """An id as text. An empty or odd one would reach another operation, so it raises ``InvalidInputError``."""
    if is_uuid(value):
        return str(value)
    if not isinstance(value, str):
        raise InvalidInputError(f"{field}: an id is a text, not {type(value).__name__}", field=field)
    if not value:
        raise InvalidInputError(f"{field}: the id is empty", field=field)
    if not _ID.fullmatch(value):
        raise InvalidInputError(f"{field}: `{value}` is no id", field=field)
    return value


def check_text(field: str, value: str) -> str:
    """A text that is not blank; else ``InvalidInputError``."""
    if not isinstance(value, str):
        raise InvalidInputError(f"{field}: a text is needed, not {type(value).__name__}", field=field)
    if not value.strip():
        raise InvalidInputError(f"{field}: it is empty", field=field)
    return value


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """The end of a message: the known name that comes nearest, or nothing."""
    import difflib  # Only for people who mistyped: it is slow to import.

    near = difflib.get_close_matches(typed, list(known), n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else ""
