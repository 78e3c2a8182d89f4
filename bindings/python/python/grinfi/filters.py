"""The filter language: an AND of fields, each with a value, a list of values, a range or a null test.

::

    from grinfi import F

    client.contacts.search(
        F.company_name == "ExampleCorp",
        F.created_at >= datetime(2026, 1, 1, tzinfo=timezone.utc),
        F.work_email.is_not_null(),
        F.email_status.not_in(["bounced", "unknown"]),
    )

It can say what the API can do and nothing else: the API has no OR. A field that a resource is not filtered by, a value of the
wrong type, a name where an id is needed and a time without a zone are an :class:`~grinfi.InvalidInputError` at the call, before
anything is sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from . import _native
from ._errors import InvalidInputError
from ._times import format_time
from ._types import is_uuid

if TYPE_CHECKING:
    from uuid import UUID

__all__ = ["Condition", "F", "Field", "Fields", "OrderedField"]

V = TypeVar("V")

# The API reads these texts as tests, wherever a value stands.
_NULL_TESTS = ("is_null", "is_not_null")


class Condition:
    """One condition, or several that must all hold; made from :data:`F`, joined with ``&``."""

    __slots__ = ("_parts",)

    def __init__(self, *parts: dict[str, Any]) -> None:
        self._parts = parts

    def __and__(self, other: Condition) -> Condition:
        """Both must hold."""
        if not isinstance(other, Condition):
            return NotImplemented
        return Condition(*self._parts, *other._parts)

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a condition is neither true nor false here: the API decides. Join conditions with & or give several arguments; "
            "`and`, `or`, `not`, `in` and chained comparisons (a < F.x < b) cannot be sent"
        )

    def __or__(self, other: object) -> NoReturn:
        raise TypeError("the API has no OR; use F.field.in_([...]) for several values of one field, or several searches")

    def __invert__(self) -> NoReturn:
        raise TypeError("the API has no NOT; use not_in([...]), !=, the opposite comparison, is_null() or is_not_null()")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and self._parts == other._parts

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Condition({', '.join(map(repr, self._parts))})"


class Field(Generic[V]):
    """A field to filter by: ``==``, ``!=``, :meth:`in_`, :meth:`not_in`, :meth:`is_null`, :meth:`is_not_null`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def _compare(self, operator: str, value: object) -> Condition:
        return Condition({self.name: {operator: _spell(self.name, value)}})

    def __eq__(self, value: V) -> Condition:  # type: ignore[override]
        """Equal to ``value``."""
        return self._compare("=", value)

    def __ne__(self, value: V) -> Condition:  # type: ignore[override]
        """Different from ``value``."""
        return self._compare("!=", value)

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"F.{self.name} is a field, neither true nor false; compare it, or ask F.{self.name}.is_not_null(), and join "
            "conditions with & in the place of `and`, `or` and `not`"
        )

    def in_(self, values: Iterable[V]) -> Condition:
        """One of ``values``, at least one of which must be given."""
        return Condition({self.name: self._spelled("in_", "==", values)})

    def not_in(self, values: Iterable[V]) -> Condition:
        """None of ``values``, at least one of which must be given. Records without a value do not match."""
        return Condition({self.name: {"!=": self._spelled("not_in", "!=", values)}})

    def _spelled(self, method: str, operator: str, values: Iterable[V]) -> list[Any]:
        if isinstance(values, (str, bytes)):
            raise InvalidInputError(
                f"{self.name}: {method} takes a list of values; for one value there is {operator}", field=self.name
            )
        return [_spell(self.name, value) for value in values]

    def is_null(self) -> Condition:
        """Without a value."""
        return Condition({self.name: "is_null"})

    def is_not_null(self) -> Condition:
        """With a value."""
        return Condition({self.name: "is_not_null"})

    def __repr__(self) -> str:
        return f"F.{self.name}"


class OrderedField(Field[V]):
    """A field whose values have an order: also ``<``, ``<=``, ``>``, ``>=`` and :meth:`between`."""

    __slots__ = ()

    def __lt__(self, value: V) -> Condition:
        """Less than, or before, ``value``."""
        return self._compare("<", value)

    def __le__(self, value: V) -> Condition:
        """At most, or not after, ``value``."""
        return self._compare("<=", value)

    def __gt__(self, value: V) -> Condition:
        """Greater than, or after, ``value``."""
        return self._compare(">", value)

    def __ge__(self, value: V) -> Condition:
        """At least, or not before, ``value``."""
        return self._compare(">=", value)

    def between(self, low: V, high: V) -> Condition:
        """From ``low`` up to but without ``high``."""
        return (self >= low) & (self < high)


if TYPE_CHECKING:
    from ._generated.fields import Fields
else:

    class Fields:
        """The fields of all listings, as attributes."""

        def __getattr__(self, name: str) -> OrderedField[Any]:
            if name.startswith("_"):
                raise AttributeError(name)
            # Whether there is such a field depends on the listing, which the call knows.
            return OrderedField(name)


F: Fields = Fields()
"""The fields to filter by: ``F.company_name == "ExampleCorp"``."""


def merged(condition: Condition) -> dict[str, Any]:
    """Conditions as one object, for calls whose fields the core does not check."""
    whole: dict[str, Any] = {}
    for part in condition._parts:
        for name, test in part.items():
            known = whole.get(name)
            if isinstance(known, dict) and isinstance(test, dict) and not known.keys() & test.keys():
                whole[name] = {**known, **test}
            elif name in whole and known != test:
                raise InvalidInputError(f"{name}: the API takes one test of a field, or a range", field=name)
            else:
                whole[name] = test
    return whole


def narrow_filter(
    operation: str,
    conditions: Iterable[Condition | Mapping[str, Any]],
    shorthand: Mapping[str, Any],
) -> dict[str, Any]:
    """The filter of a call that must not mean everything.

    Raises:
        InvalidInputError: there is no condition.
    """
    filter = build_filter(operation, conditions, shorthand)
    narrow: dict[str, Any] = {} if filter is None else json.loads(filter)
    if not narrow:
        raise InvalidInputError("filter: without a condition it would mean everything", field="filter")
    return narrow


def build_filter(
    operation: str,
    conditions: Iterable[Condition | Mapping[str, Any]],
    shorthand: Mapping[str, Any],
) -> str | None:
    """The filter of a call as JSON, checked by the core; ``None`` without conditions."""
    parts: list[dict[str, Any]] = []
    for condition in conditions:
        if isinstance(condition, Condition):
            parts.extend(condition._parts)
        elif isinstance(condition, Mapping):
            parts.append({str(name): _spell_raw(str(name), value) for name, value in condition.items()})
        else:
            raise InvalidInputError(
                f"filter: a condition such as F.name == \"Jane Roe\" is needed, not {condition!r}", field="filter"
            )
    for name, value in shorthand.items():
        if isinstance(value, (list, tuple, set, frozenset)):
            parts.extend(Field[Any](name).in_(value)._parts)
        else:
            parts.extend((Field[Any](name) == value)._parts)
    if not parts:
        return None
    return _native.check_filter(operation, json.dumps(parts))


def _spell(field: str, value: object) -> str | int | float | bool:
    """A value as the API spells it."""
    if isinstance(value, str):
        if value in _NULL_TESTS:
            raise InvalidInputError(
                f"{field}: the API reads the text `{value}` as a test; use F.{field}.{value}()", field=field
            )
        if not _is_unicode(value):
            raise InvalidInputError(f"{field}: the text holds half a surrogate pair, which JSON cannot say", field=field)
        return str(value)
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        raise InvalidInputError(f"{field}: {value} cannot be sent as JSON", field=field)
    if isinstance(value, (bool, int, float)):
        return value
    if is_uuid(value):
        return str(value)
    if isinstance(value, datetime):
        try:
            return format_time(value)
        except ValueError as error:
            raise InvalidInputError(f"{field}: {error}", field=field) from None
    if isinstance(value, date):
        why = "a date begins at another instant in every zone; give a datetime with a tzinfo"
        raise InvalidInputError(f"{field}: {why}", field=field)
    if value is None:
        raise InvalidInputError(f"{field}: None is no value; use F.{field}.is_null()", field=field)
    raise InvalidInputError(f"{field}: a {type(value).__name__} cannot be compared with", field=field)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _spell_raw(field: str, value: Any) -> Any:
    """A condition of a plain dict: the JSON of the API, but with times and ids as Python has them."""
    if isinstance(value, Mapping):
        return {str(operator): _spell_raw(field, operand) for operator, operand in value.items()}
    if isinstance(value, (list, tuple)):
        return [_spell_raw(field, item) for item in value]
    if value is None or value in _NULL_TESTS:
        return value
    return _spell(field, value)
