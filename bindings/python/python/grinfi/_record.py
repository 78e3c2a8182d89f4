"""The base class of all records: JSON objects of the API, decoded when they are used."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from ._errors import DecodeError
from ._native import Attribute, RecordCore, Shape
from ._validation import did_you_mean

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Record"]

# Fields that the API adds next to a wrapped contact.
_EXTRAS = ("markers", "flows", "custom_fields")

# Fields in the representation of a record.
_SHOWN = ("uuid", "id", "name", "email", "status", "text")


class Record(RecordCore):
    """A record of the API.

    Its attributes are typed, and ``None`` where the API omitted the field or returned null. ``record["field"]`` returns any JSON
    field by its name in the API, including fields that this version does not know. Records are read-only, compare by content, and
    can be pickled.

    Args:
        data: The JSON object, such as the body of a webhook or a row from a file. Wrappers are removed.

    Raises:
        DecodeError: the data is not such a record. Attributes raise it for a value of an unexpected type.

    Example::

        contact = grinfi.Contact({"uuid": "c-1", "name": "Jane Roe"})
        contact.name, contact["uuid"], contact.to_dict()
    """

    __slots__ = ()

    _wrapped_under: ClassVar[str | None] = None
    # The names of its fields in the API; each class has its own set.
    _names: ClassVar[set[str]] = set()
    # Whether any object is such a record, because the API does not describe its fields.
    _is_open: ClassVar[bool] = False
    _attributes: ClassVar[tuple[Attribute, ...]] = ()
    # The same for the compiled module.
    _shape: ClassVar[Shape]
    __match_args__: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, *, wrapped_under: str | None = None, **options: Any) -> None:
        super().__init_subclass__(**options)
        if wrapped_under is not None:
            cls._wrapped_under = wrapped_under
        own = [value for value in vars(cls).values() if isinstance(value, Attribute)]
        for number, attribute in enumerate(own, start=len(cls._attributes)):
            attribute._place(number)
        cls._attributes = (*cls._attributes, *own)
        if cls._is_open:
            cls._names = set()
        cls._shape = Shape(cls, cls._names, cls._wrapped_under, cls._attributes)

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._keep(self._unwrap(_copied(dict(data))), self._shape)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Parses a record from JSON text.

        Raises:
            DecodeError: the text is not JSON, or not such a record.
        """
        return cls._part(cls._loaded(text))

    @classmethod
    def _part(cls, data: dict[str, Any]) -> Self:
        """Returns a record that is part of another one, and shares its data."""
        record = cls.__new__(cls)
        record._keep(data, cls._shape)
        return record

    @classmethod
    def _loaded(cls, text: str) -> dict[str, Any]:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise cls._misfit(f"not valid JSON: {error}") from error
        return cls._unwrap(data)

    def _read(self) -> dict[str, Any]:
        """Returns all fields. The compiled module decodes documented forms, and leaves the rest to this method."""
        data = self._whole()
        if data is None:
            data = self._loaded(self._text or "")
            self._keep(data, self._shape)
        return data

    @classmethod
    def _unwrap(cls, data: Any) -> dict[str, Any]:
        """Returns the record itself, which may be wrapped under its key, under ``data``, or under both."""
        if not isinstance(data, dict):
            raise cls._misfit(f"expected an object, got {_kind(data)}", data)
        for key in (cls._wrapped_under, "data") if cls._wrapped_under else ():
            if key in data:
                if key != cls._wrapped_under and not isinstance(data[key], dict):
                    continue
                try:
                    inner = cls._unwrap(data[key])
                except DecodeError:
                    if key == "data" and "uuid" in data:
                        continue
                    raise
                if key == "data" and "uuid" in data and "uuid" not in inner:
                    # A bare record with a field of this name.
                    continue
                siblings = {name: value for name, value in data.items() if name != key}
                extras = {name: siblings[name] for name in _EXTRAS if siblings.get(name) is not None}
                return {**inner, **{name: value for name, value in siblings.items() if name not in inner}, **extras}
        # Without this, any other object, such as a maintenance notice, would be a record without values.
        if cls._names and cls._names.isdisjoint(data):
            raise cls._misfit("the object has none of the fields of this record", data)
        return data

    @classmethod
    def _misfit(cls, message: str, data: Any = None, *, field: str | None = None) -> DecodeError:
        where = cls.__name__ if field is None else f"{cls.__name__}.{field}"
        body = None if data is None else json.dumps(data, default=str).encode()[: 16 * 1024]
        return DecodeError(f"{where}: {message}", field=field, body=body)

    def _needed(self, name: str) -> Any:
        """Returns an attribute that the response must contain."""
        value = getattr(self, name)
        if value is None:
            raise self._misfit("the response does not contain it", self._read(), field=name)
        return value

    def to_dict(self) -> dict[str, Any]:
        """Returns a copy of the JSON fields by their names in the API."""
        data: dict[str, Any] = _copied(self._read())
        return data

    def keys(self) -> Iterator[str]:
        """Returns the names of the JSON fields in the record."""
        return iter(self._read())

    def __getitem__(self, name: str) -> Any:
        return self._read()[name]

    def __contains__(self, name: object) -> bool:
        return name in self._read()

    def __iter__(self) -> Iterator[str]:
        return self.keys()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a {type(self).__name__} is read-only; change it with a method of the client")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a {type(self).__name__} is read-only; change it with a method of the client")

    def _no_attribute(self, name: str) -> NoReturn:
        message = f"{type(self).__name__} has no attribute `{name}`"
        if name in self._read():
            message += f"; use record[{name!r}] for the field of that name in the response"
        else:
            message += did_you_mean(name, (name for name in dir(type(self)) if name[0] != "_"))
        raise AttributeError(message)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, Record)
        return self._read() == other._read()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        try:
            data = self._read()
        except DecodeError as error:
            return f"<{error}>"
        shown = (f"{name}={_short(data[name])}" for name in _SHOWN if data.get(name) is not None)
        return f"{type(self).__name__}({', '.join(shown)})"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return type(self)._part(self.to_dict())

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restore, (type(self), self._read()))


Record._shape = Shape(Record, set(), None, ())


def _restore(cls: type[Record], data: dict[str, Any]) -> Record:
    return cls._part(data)


def _copied(value: Any) -> Any:
    """Returns a deep copy of JSON."""
    if isinstance(value, dict):
        return {name: _copied(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_copied(item) for item in value]
    return value


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:36]}…{text[-1]}"


def _kind(value: object) -> str:
    """Returns the JSON type of a value, with an article."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
