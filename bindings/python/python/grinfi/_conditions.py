"""Conditions of filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Generic, NoReturn, TypeVar

from ._errors import InvalidInputError
from ._timestamps import format_time
from ._validation import is_uuid

__all__ = ["Condition", "Field", "OrderedField", "encode_dict", "merged"]

V = TypeVar("V")

# The API reads these strings as null tests, even where a value is expected.
_NULL_TESTS = ("is_null", "is_not_null")


class Condition:
    """One or more conditions that must all hold, made from :data:`grinfi.F` and joined with ``&``."""

    __slots__ = ("_parts",)

    def __init__(self, *parts: dict[str, Any]) -> None:
        self._parts = parts

    def __and__(self, other: Condition) -> Condition:
        """Requires both conditions."""
        if not isinstance(other, Condition):
            return NotImplemented
        return Condition(*self._parts, *other._parts)

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a condition has no truth value, since the API evaluates it; join conditions with & or give several arguments "
            "(`and`, `or`, `not`, `in` and chained comparisons such as a < F.x < b cannot be sent)"
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
        return Condition({self.name: {operator: _encode_value(self.name, value)}})

    def __eq__(self, value: V) -> Condition:  # type: ignore[override]
        """Equal to ``value``."""
        return self._compare("=", value)

    def __ne__(self, value: V) -> Condition:  # type: ignore[override]
        """Different from ``value``."""
        return self._compare("!=", value)

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"F.{self.name} has no truth value; compare it or use F.{self.name}.is_not_null(), and join conditions with & "
            "instead of `and`, `or` and `not`"
        )

    def in_(self, values: Iterable[V]) -> Condition:
        """One of ``values``, which must not be empty."""
        return Condition({self.name: self._encoded_list("in_", "==", values)})

    def not_in(self, values: Iterable[V]) -> Condition:
        """None of ``values``, which must not be empty. Records without a value do not match."""
        return Condition({self.name: {"!=": self._encoded_list("not_in", "!=", values)}})

    def _encoded_list(self, method: str, operator: str, values: Iterable[V]) -> list[Any]:
        if isinstance(values, (str, bytes)):
            raise InvalidInputError(
                f"`{method}` of F.{self.name} needs a list of values; use {operator} for one value", field=self.name
            )
        return [_encode_value(self.name, value) for value in values]

    def is_null(self) -> Condition:
        """Has no value."""
        return Condition({self.name: "is_null"})

    def is_not_null(self) -> Condition:
        """Has a value."""
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


def _encode_value(field: str, value: object) -> str | int | float | bool:
    """Encodes a value to compare with."""
    if isinstance(value, str):
        if value in _NULL_TESTS:
            raise InvalidInputError(
                f"`{field}` cannot be compared with the string `{value}`, which the API reads as a test; use F.{field}.{value}()", field=field
            )
        if not _is_unicode(value):
            raise InvalidInputError(f"`{field}` must be valid Unicode, got half a surrogate pair", field=field)
        return str(value)
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        raise InvalidInputError(f"`{field}` must be a finite number, got {value}", field=field)
    if isinstance(value, (bool, int, float)):
        return value
    if is_uuid(value):
        return str(value)
    if isinstance(value, datetime):
        try:
            return format_time(value)
        except ValueError as error:
            raise InvalidInputError(f"`{field}` {error}", field=field) from None
    if isinstance(value, date):
        why = "must be a datetime with a tzinfo, got a date, which starts at another instant in each time zone"
        raise InvalidInputError(f"`{field}` {why}", field=field)
    if value is None:
        raise InvalidInputError(f"`{field}` cannot be compared with None; use F.{field}.is_null()", field=field)
    raise InvalidInputError(f"`{field}` cannot be compared with a {type(value).__name__}", field=field)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _encode_operand(field: str, value: Any) -> Any:
    """Encodes an operand in a dict in the format of the API, where times and ids may be Python objects."""
    if isinstance(value, Mapping):
        return {str(operator): _encode_operand(field, operand) for operator, operand in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encode_operand(field, item) for item in value]
    if value is None or value in _NULL_TESTS:
        return value
    return _encode_value(field, value)


def encode_dict(condition: Mapping[Any, Any]) -> dict[str, Any]:
    """Encodes a condition that is a dict in the format of the API.

    Raises:
        InvalidInputError: a value that the API cannot compare with.
    """
    return {str(name): _encode_operand(str(name), value) for name, value in condition.items()}


def merged(condition: Condition) -> dict[str, Any]:
    """Returns conditions as one object, for operations whose fields are not validated.

    Raises:
        InvalidInputError: two conditions on one field that are not a range.
    """
    whole: dict[str, Any] = {}
    for part in condition._parts:
        for name, test in part.items():
            known = whole.get(name)
            if isinstance(known, dict) and isinstance(test, dict) and not known.keys() & test.keys():
                whole[name] = {**known, **test}
            elif name in whole and known != test:
                raise InvalidInputError(f"`{name}` has several conditions; the API accepts one, or a range", field=name)
            else:
                whole[name] = test
    return whole
