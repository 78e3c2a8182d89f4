"""Filters: conditions on fields, all of which must hold.

::

    from grinfi import F

    client.contacts.search(
        F.company_name == "ExampleCorp",
        F.created_at >= datetime(2026, 1, 1, tzinfo=timezone.utc),
        F.work_email.is_not_null(),
        F.email_status.not_in(["bounced", "unknown"]),
    )

A field can be compared with a value, a list of values or a range, or tested for null. The API has no OR. Unknown fields, values of
the wrong type, names instead of ids and times without a time zone raise an :class:`~grinfi.InvalidInputError` before anything is
sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from . import _native
from ._conditions import Condition, Field, OrderedField, encode_dict
from ._errors import InvalidInputError
from ._validation import wire_name

__all__ = ["Condition", "F", "Field", "Fields", "OrderedField"]

if TYPE_CHECKING:
    from ._generated.fields import Fields
else:

    class Fields:
        """The fields of all listings, as attributes."""

        def __getattr__(self, name: str) -> OrderedField[Any]:
            if name.startswith("_"):
                raise AttributeError(name)
            # Each listing has fields of its own, so that the method which gets the condition validates it.
            return OrderedField(name)

        def __dir__(self) -> list[str]:
            from ._generated.fields import Fields

            return sorted(Fields.__annotations__)


F: Fields = Fields()
"""The fields to filter by: ``F.company_name == "ExampleCorp"``."""


def narrow_filter(
    operation: str,
    conditions: Iterable[Condition | Mapping[str, Any]],
    shorthand: Mapping[str, Any],
) -> dict[str, Any]:
    """Returns the filter of a call that must not select everything.

    Raises:
        InvalidInputError: no condition, or an invalid one.
    """
    filter = build_filter(operation, conditions, shorthand)
    narrow: dict[str, Any] = {} if filter is None else json.loads(filter)
    if not narrow:
        raise InvalidInputError("`filter` must not be empty, since that would select everything", field="filter")
    return narrow


def build_filter(
    operation: str,
    conditions: Iterable[Condition | Mapping[str, Any]],
    shorthand: Mapping[str, Any],
) -> str | None:
    """Returns the filter of a call as JSON; ``None`` without conditions.

    Raises:
        InvalidInputError: an invalid condition.
    """
    parts: list[dict[str, Any]] = []
    for condition in conditions:
        if isinstance(condition, Condition):
            parts.extend(condition._parts)
        elif isinstance(condition, Mapping):
            parts.append(encode_dict(condition))
        else:
            raise InvalidInputError(
                f"conditions must be made like F.name == \"Jane Roe\", got {condition!r}", field="filter"
            )
    for name, value in shorthand.items():
        if isinstance(value, (list, tuple, set, frozenset)):
            parts.extend(Field[Any](name).in_(value)._parts)
        else:
            parts.extend((Field[Any](name) == value)._parts)
    if not parts:
        return None
    fields = _native.listing(operation)[0]
    renamed = [{wire_name(name, fields): test for name, test in part.items()} for part in parts]
    return _native.check_filter(operation, json.dumps(renamed))


def wire_field(operation: str, name: str) -> str:
    """Returns the name that the API uses for a field of a listing."""
    return wire_name(name, _native.listing(operation)[0])
