"""Validation of arguments, and the value of arguments that are not given."""

from __future__ import annotations

import enum
import re
import sys
from collections.abc import Collection, Iterable, Mapping
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
    "wire_name",
]


class NotGiven(enum.Enum):
    """The type of :data:`NOT_GIVEN`."""

    NOT_GIVEN = "NOT_GIVEN"

    def __repr__(self) -> str:
        return "NOT_GIVEN"

    def __bool__(self) -> bool:
        return False


NOT_GIVEN: Final = NotGiven.NOT_GIVEN
"""The default of optional arguments, which are then not sent. ``None`` is sent as null."""

_ID = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def is_uuid(value: object) -> TypeIs[UUID]:
    """Returns whether this is a ``uuid.UUID``, without importing that module, which is slow to import."""
    module = sys.modules.get("uuid")
    return module is not None and isinstance(value, module.UUID)


def is_absent(value: object) -> bool:
    """Returns whether this is a missing value of a table: NaN, NaT, or ``NA`` of pandas. Imports neither pandas nor numpy."""
    if isinstance(value, float):
        return value != value
    kind = type(value)
    if kind.__module__ == "numpy":
        return getattr(value, "ndim", 1) == 0 and bool(value != value)
    return kind.__name__ in ("NAType", "NaTType") and kind.__module__.startswith("pandas.")


def is_missing(value: object) -> TypeIs[NotGiven]:
    """Returns whether an argument was not given or is a missing value of a table."""
    return value is NOT_GIVEN or is_absent(value)


def is_list(value: object) -> TypeIs[Iterable[Any]]:
    """Returns whether this is accepted as a list: any iterable except strings, mappings, files and tables.

    Iterating over a data frame would yield the names of its columns.
    """
    if not isinstance(value, Iterable) or isinstance(value, (str, bytes, bytearray, memoryview, Mapping)):
        return False
    return not hasattr(value, "read") and len(getattr(value, "shape", (0,))) == 1


def as_python(value: Any) -> Any:
    """Converts a numpy scalar to a Python value; returns everything else unchanged."""
    if type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0:
        plain = value.item()
        # `item` would make a number of a time with nanoseconds.
        return value if type(value).__name__ == "datetime64" else plain
    return value


def check_id(field: str, value: str | UUID) -> str:
    """Validates an id and returns it as a string.

    Raises:
        InvalidInputError: an empty or malformed id, which could change the path of the request.
    """
    if is_uuid(value):
        return str(value)
    if not isinstance(value, str):
        if is_list(value):
            why = f"must be one id, got a {type(value).__name__}; call the method once for each id"
            raise InvalidInputError(f"`{field}` {why}", field=field)
        raise InvalidInputError(f"`{field}` must be an id as a string, got {type(value).__name__}", field=field)
    if not value:
        raise InvalidInputError(f"`{field}` must be an id, got an empty string", field=field)
    if not _ID.fullmatch(value):
        raise InvalidInputError(f"`{field}` must be an id, got `{value}`", field=field)
    return value


def check_text(field: str, value: str) -> str:
    """Validates that a string is not blank, and returns it.

    Raises:
        InvalidInputError: a blank string, or not a string.
    """
    if not isinstance(value, str):
        raise InvalidInputError(f"`{field}` must be a string, got {type(value).__name__}", field=field)
    if not value.strip():
        raise InvalidInputError(f"`{field}` must not be empty", field=field)
    return value


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """Returns the end of an error message with the most similar known name, or an empty string."""
    import difflib  # Slow to import, and only used in error messages.

    names = {name.lower(): name for name in known}
    similar = difflib.get_close_matches(typed.lower(), list(names), n=1, cutoff=0.6)
    return f"; did you mean `{names[similar[0]]}`?" if similar else ""


# Words of the API by the words that this package uses for them.
_WIRE_WORDS = {"contact": "lead", "contacts": "leads", "automation": "flow", "automations": "flows"}


def wire_name(name: str, known: Collection[str]) -> str:
    """Returns the name of a field in the API: ``lead_uuid`` for ``contact_uuid``, if that is known."""
    if name in known:
        return name
    wire = "_".join(_WIRE_WORDS.get(word, word) for word in name.split("_"))
    return wire if wire in known else name
