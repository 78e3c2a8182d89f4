"""Attributes of records, and the decoders of their values.

The decoders accept the inconsistent types that the API is known to return (numbers as strings, booleans as 1 and 0, an empty list
for an empty object, a blank in a time) and no others.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, overload

from ._native import Attribute
from ._open_enum import OpenEnum
from ._record import Record, _kind
from ._timestamps import parse_time

if TYPE_CHECKING:
    from typing_extensions import Self, TypeAlias

    Kind: TypeAlias = str | tuple[str, Any]

__all__ = [
    "Alias",
    "Anything",
    "Boolean",
    "Choice",
    "Counts",
    "Field",
    "Integer",
    "Json",
    "Key",
    "ListOf",
    "MapOf",
    "Mapping",
    "Maybe",
    "Nothing",
    "Number",
    "One",
    "Row",
    "Text",
    "Time",
    "Whole",
]

T = TypeVar("T")
E = TypeVar("E", bound=OpenEnum)
R = TypeVar("R", bound=Record)


class Field(Attribute, Generic[T]):
    """An attribute of a record, ``None`` if the API omitted the field or returned null.

    Values are decoded when they are used; lists, objects and records are decoded once. The compiled module decodes values that
    have the documented type, and ``decoder`` all others.
    """

    def __init__(self, decoder: Callable[[Any], T], *, name: str = "", doc: str = "") -> None:
        self.decoder = decoder
        self._name = name
        self.__doc__ = doc

    def __set_name__(self, owner: type[Record], name: str) -> None:
        self._attribute = name
        self._name = self._name or name
        self._bind(_kind_of(self.decoder), name, self._name, isinstance(self, Key))
        if "_names" not in owner.__dict__:
            owner._names = set()
        owner._names.add(self._name)
        if self.decoder is Row:
            owner._is_open = True

    if TYPE_CHECKING:  # At run time the compiled base class has `__get__`, and `Record.__setattr__` refuses changes.

        @overload  # type: ignore[override]
        def __get__(self, record: None, owner: type[Record]) -> Self: ...
        @overload
        def __get__(self, record: Record, owner: type[Record]) -> T | None: ...
        def __get__(  # pyright: ignore[reportIncompatibleMethodOverride]
            self, record: Record | None, owner: type[Record]
        ) -> Self | T | None: ...

        def __set__(self, record: Record, value: NoReturn) -> None: ...

    def _value(self, record: Record, raw: Any) -> T:
        """Decodes what is neither null nor decoded by the compiled module."""
        try:
            return self.decoder(raw)
        except ValueError as error:
            raise record._misfit(str(error), record._read(), field=self._attribute) from None

    def _missing(self, record: Record) -> NoReturn:
        raise record._misfit("the record does not contain it", record._read(), field=self._attribute)


class Key(Field[T]):
    """The key of a record, never ``None``: a record without it cannot be decoded."""

    def __set_name__(self, owner: type[Record], name: str) -> None:
        super().__set_name__(owner, name)
        # For `case Contact("c-1")`.
        if "__match_args__" not in owner.__dict__:
            type.__setattr__(owner, "__match_args__", (name,))

    if TYPE_CHECKING:

        @overload  # type: ignore[override]
        def __get__(self, record: None, owner: type[Record]) -> Self: ...
        @overload
        def __get__(self, record: Record, owner: type[Record]) -> T: ...
        def __get__(self, record: Record | None, owner: type[Record]) -> Self | T: ...


class Alias(Generic[T]):
    """Another name for an attribute of a record: ``contact_uuid`` for ``lead_uuid``."""

    def __init__(self, field: Field[T]) -> None:
        self._field = field
        self.__doc__ = "Another name for a field of the API."

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Self: ...
    @overload
    def __get__(self, record: Record, owner: type[Record]) -> T | None: ...
    def __get__(self, record: Record | None, owner: type[Record]) -> Self | T | None:
        return self if record is None else self._field.__get__(record, owner)


def Text(value: Any) -> str:
    """A string. The API has been observed to return ids as numbers."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise _unexpected(value, "a string")


def Choice(cls: type[E]) -> Callable[[Any], E]:
    """A value of an open enumeration."""

    def decode_choice(value: Any) -> E:
        return cls(Text(value))

    decode_choice.__dict__["kind"] = ("choice", cls)
    return decode_choice


def Integer(value: Any) -> int:
    """A whole number, also as a string, a boolean or with a fraction of 0."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            pass
    raise _unexpected(value, "a whole number")


def Number(value: Any) -> float:
    """A number, also as a string."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            pass
    raise _unexpected(value, "a number")


def Boolean(value: Any) -> bool:
    """A boolean, also as 1 or 0, or as a string."""
    if isinstance(value, bool):
        return value
    known = {0: False, 1: True, "0": False, "1": True, "false": False, "true": True}
    if isinstance(value, (int, str)) and value in known:
        return known[value]
    raise _unexpected(value, "a boolean")


def Time(value: Any) -> datetime:
    """A ``datetime`` with a time zone."""
    if isinstance(value, str):
        return parse_time(value)
    raise _unexpected(value, "a time")


def Json(value: Any) -> Any:
    """Any JSON value."""
    return value


def Mapping(value: Any) -> dict[str, Any]:
    """An object with any fields. The API returns an empty one as an empty list."""
    if isinstance(value, dict):
        return value
    if value == []:
        return {}
    raise _unexpected(value, "an object")


def Row(value: Any) -> dict[str, Any]:
    """The whole record, for records whose fields the API does not describe."""
    return Mapping(value)


def ListOf(decoder: Callable[[Any], T]) -> Callable[[Any], list[T]]:
    """A list of values."""

    def decode_list(value: Any) -> list[T]:
        if not isinstance(value, list):
            raise _unexpected(value, "a list")
        return [decoder(item) for item in value if item is not None]

    decode_list.__dict__["kind"] = _kind_of(decoder) and ("list", _kind_of(decoder))
    return decode_list


def MapOf(decoder: Callable[[Any], T]) -> Callable[[Any], dict[str, T]]:
    """An object whose values all have one type."""

    def decode_map(value: Any) -> dict[str, T]:
        return {name: decoder(item) for name, item in Mapping(value).items() if item is not None}

    return decode_map


def Counts(value: Any) -> dict[str, int]:
    """Counts by value: an object from value to number, or rows of ``value`` and ``count`` in ``data``."""
    rows = value.get("data") if isinstance(value, dict) else value
    if not isinstance(rows, list):
        return {name: Integer(count) for name, count in Mapping(value).items()}
    counts = {}
    for row in rows:
        group = Mapping(row).get("value")
        counts["" if group is None else str(group)] = Integer(row.get("count"))
    return counts


def One(cls: type[R]) -> Callable[[Any], R]:
    """A record inside another."""

    def decode_record(value: Any) -> R:
        return cls._part(Mapping(value))

    decode_record.__dict__["kind"] = ("one", cls)
    return decode_record


def Whole(cls: type[R]) -> Callable[[Any], R]:
    """A record that is a response. Wrappers are removed."""

    def decode_whole(value: Any) -> R:
        return cls._part(cls._unwrap(value))

    return decode_whole


def Nothing(value: Any) -> None:
    """A response without a value."""


def Maybe(decoder: Callable[[Any], T]) -> Callable[[Any], T | None]:
    """A value, or ``None`` for a response without a body."""

    def decode_maybe(value: Any) -> T | None:
        return None if value is None else decoder(value)

    decode_maybe.__dict__["may_be_empty"] = True
    return decode_maybe


Anything = Maybe(Json)
"""Any JSON value, or ``None`` for a response without a body."""


_KINDS: dict[Callable[[Any], Any], str] = {
    Text: "text",
    Integer: "integer",
    Number: "number",
    Boolean: "boolean",
    Time: "time",
    Mapping: "mapping",
    Json: "json",
    Row: "row",
}


def _kind_of(decoder: Callable[[Any], Any]) -> Kind | None:
    """Returns how the compiled module decodes values for this decoder; ``None`` if it cannot."""
    kind: Kind | None = _KINDS.get(decoder) or getattr(decoder, "kind", None)
    return kind


def _unexpected(value: Any, expected: str) -> ValueError:
    return ValueError(f"expected {expected}, got {_kind(value)}")
