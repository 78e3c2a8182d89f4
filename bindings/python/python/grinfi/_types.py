"""Small things that every module needs: the mark for an argument that is not given, checks of ids and texts."""

from __future__ import annotations

import enum
import re
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from ._errors import InvalidInputError

if TYPE_CHECKING:
    from uuid import UUID

    from typing_extensions import TypeIs

__all__ = [
    "NOT_GIVEN",
    "NotGiven",
    "as_python",
    "check_id",
    "check_text",
    "did_you_mean",
    "is_absent",
    "is_list",
    "is_missing",
    "is_uuid",
]


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


def is_absent(value: object) -> bool:
    """Whether this stands for a missing value in a table: NaN, NaT, or ``NA`` of pandas.

    Neither pandas nor numpy is imported for it: where there is such a value, its package is imported already.
    """
    if isinstance(value, float):
        return value != value
    kind = type(value)
    if kind.__module__ == "numpy":
        return getattr(value, "ndim", 1) == 0 and bool(value != value)
    return kind.__name__ in ("NAType", "NaTType") and kind.__module__.startswith("pandas.")


def is_missing(value: object) -> TypeIs[NotGiven]:
    """Whether an argument was not given: a missing value of a table counts as none."""
    return value is NOT_GIVEN or is_absent(value)


def is_list(value: object) -> TypeIs[Iterable[Any]]:
    """Whether this is taken where a list is needed: any iterable but texts, objects, open files and tables.

    Iterating over a data frame would give the names of its columns.
    """
    if not isinstance(value, Iterable) or isinstance(value, (str, bytes, bytearray, memoryview, Mapping)):
        return False
    return not hasattr(value, "read") and len(getattr(value, "shape", (0,))) == 1


def as_python(value: Any) -> Any:
    """A scalar of numpy as the value of Python that it is; everything else as it is."""
    if type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0:
        plain = value.item()
        # Times with nanoseconds become numbers.
        return value if type(value).__name__ == "datetime64" else plain
    return value


def check_id(field: str, value: str | UUID) -> str:
    """An id as text. An empty or odd one would reach another operation, so it raises ``InvalidInputError``."""
    if is_uuid(value):
        return str(value)
    if not isinstance(value, str):
        if is_list(value):
            why = f"one id is needed, got a {type(value).__name__}; call the method once for each id"
            raise InvalidInputError(f"{field}: {why}", field=field)
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

    spelled = {name.lower(): name for name in known}
    near = difflib.get_close_matches(typed.lower(), list(spelled), n=1, cutoff=0.6)
    return f"; did you mean `{spelled[near[0]]}`?" if near else ""
