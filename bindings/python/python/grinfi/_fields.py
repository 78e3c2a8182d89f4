"""The attributes of records, and the readers that turn JSON into values.

The readers forgive what the API is known to do (numbers as texts, yes and no as 1 and 0, an empty list for an empty map, a
blank in a time) and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, overload

from ._native import Attribute
from ._open import OpenEnum
from ._record import Record, _kind
from ._times import parse_time

if TYPE_CHECKING:
    from typing_extensions import Self, TypeAlias

    Plan: TypeAlias = str | tuple[str, Any] | None

__all__ = [
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
    """An attribute of a record: ``None`` if the API left it out or gave null.

    The value is read when it is looked at; lists, objects and records are read once and kept. What comes as described is read
    by the compiled part, all else by the reader.
    """

    def __init__(self, read: Callable[[Any], T], *, name: str = "", doc: str = "") -> None:
        self.reader = read
        self._name = name
        self.__doc__ = doc

    def __set_name__(self, owner: type[Record], name: str) -> None:
        self._attribute = name
        self._name = self._name or name
        self._bind(_plan(self.reader), name, self._name, isinstance(self, Key))
        if "_names" not in owner.__dict__:
            owner._names = set()
        owner._names.add(self._name)
        if self.reader is Row:
            owner._is_open = True

    if TYPE_CHECKING:  # At run time the compiled part has the one, and `Record.__setattr__` says that records are read-only.

        @overload  # type: ignore[override]
        def __get__(self, record: None, owner: type[Record]) -> Self: ...
        @overload
        def __get__(self, record: Record, owner: type[Record]) -> T | None: ...
        def __get__(  # pyright: ignore[reportIncompatibleMethodOverride]
            self, record: Record | None, owner: type[Record]
        ) -> Self | T | None: ...

        def __set__(self, record: Record, value: NoReturn) -> None: ...

    def _value(self, record: Record, raw: Any) -> T:
        """The value for what is neither null nor read by the compiled part."""
        try:
            return self.reader(raw)
        except ValueError as error:
            raise record._misfit(str(error), record._read(), field=self._attribute) from None

    def _missing(self, record: Record) -> NoReturn:
        raise record._misfit("the record came without it", record._read(), field=self._attribute)


class Key(Field[T]):
    """What a record is known by: never ``None``; a record that came without it does not fit."""

    def __set_name__(self, owner: type[Record], name: str) -> None:
        super().__set_name__(owner, name)
        # `case Contact("c-1")`: the first key is the one.
        if "__match_args__" not in owner.__dict__:
            type.__setattr__(owner, "__match_args__", (name,))

    if TYPE_CHECKING:

        @overload  # type: ignore[override]
        def __get__(self, record: None, owner: type[Record]) -> Self: ...
        @overload
        def __get__(self, record: Record, owner: type[Record]) -> T: ...
        def __get__(self, record: Record | None, owner: type[Record]) -> Self | T: ...


def Text(value: Any) -> str:
    """A text; ids have been seen as numbers."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise _unexpected(value, "a text")


def Choice(cls: type[E]) -> Callable[[Any], E]:
    """A value of an enumeration that grows."""

    def read_choice(value: Any) -> E:
        return cls(Text(value))

    read_choice.__dict__["plan"] = ("choice", cls)
    return read_choice


def Integer(value: Any) -> int:
    """A whole number, also as a text, a boolean or with a zero after the point."""
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
    """A number, also as a text."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            pass
    raise _unexpected(value, "a number")


def Boolean(value: Any) -> bool:
    """Yes or no, also as 1 and 0 and as texts of those."""
    if isinstance(value, bool):
        return value
    known = {0: False, 1: True, "0": False, "1": True, "false": False, "true": True}
    if isinstance(value, (int, str)) and value in known:
        return known[value]
    raise _unexpected(value, "yes or no")


def Time(value: Any) -> datetime:
    """An aware time."""
    if isinstance(value, str):
        return parse_time(value)
    raise _unexpected(value, "a time")


def Json(value: Any) -> Any:
    """Whatever came: the API gives different kinds of values here."""
    return value


def Mapping(value: Any) -> dict[str, Any]:
    """An object of any fields; an empty one arrives as an empty list."""
    if isinstance(value, dict):
        return value
    if value == []:
        return {}
    raise _unexpected(value, "an object")


def Row(value: Any) -> dict[str, Any]:
    """The whole record, whatever its fields are called: for records that the API does not describe."""
    return Mapping(value)


def ListOf(read: Callable[[Any], T]) -> Callable[[Any], list[T]]:
    """A list of values."""

    def read_list(value: Any) -> list[T]:
        if not isinstance(value, list):
            raise _unexpected(value, "a list")
        return [read(item) for item in value if item is not None]

    read_list.__dict__["plan"] = _plan(read) and ("list", _plan(read))
    return read_list


def MapOf(read: Callable[[Any], T]) -> Callable[[Any], dict[str, T]]:
    """An object whose values are all of one kind."""

    def read_map(value: Any) -> dict[str, T]:
        return {name: read(item) for name, item in Mapping(value).items() if item is not None}

    return read_map


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

    def read_record(value: Any) -> R:
        return cls._part(Mapping(value))

    read_record.__dict__["plan"] = ("one", cls)
    return read_record


def Whole(cls: type[R]) -> Callable[[Any], R]:
    """A record that an answer consists of; wrappings are taken off."""

    def read_whole(value: Any) -> R:
        return cls._part(cls._unwrap(value))

    return read_whole


def Nothing(value: Any) -> None:
    """Success says it all."""


def Maybe(read: Callable[[Any], T]) -> Callable[[Any], T | None]:
    """An answer, or success without one."""

    def read_maybe(value: Any) -> T | None:
        return None if value is None else read(value)

    read_maybe.__dict__["takes_nothing"] = True
    return read_maybe


Anything = Maybe(Json)
"""An answer that is not described, perhaps none."""


_PLANS: dict[Callable[[Any], Any], str] = {
    Text: "text",
    Integer: "integer",
    Number: "number",
    Boolean: "boolean",
    Time: "time",
    Mapping: "mapping",
    Json: "json",
    Row: "row",
}


def _plan(read: Callable[[Any], Any]) -> Plan:
    """What the compiled part reads in place of this reader: what comes as described; ``None`` for nothing."""
    plan: Plan = _PLANS.get(read) or getattr(read, "plan", None)
    return plan


def _unexpected(value: Any, expected: str) -> ValueError:
    return ValueError(f"{_kind(value)} stands where {expected} is expected")
