"""Encoders that validate arguments and convert them to JSON.

Each takes the name of the argument, for its error messages, and the value. Messages repeat only values that cannot be secrets.

Numpy scalars are accepted like Python's. A missing value of a table (NaN, NaT, ``NA`` of pandas) is omitted from objects and from
lists of ids and strings.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from ._conditions import Condition, merged
from ._errors import InvalidInputError
from ._open_enum import OpenEnum
from ._record import Record
from ._timestamps import format_time
from ._validation import (
    NOT_GIVEN,
    as_python,
    check_id,
    check_text,
    did_you_mean,
    is_absent,
    is_list,
    is_missing,
    is_uuid,
    wire_name,
)

__all__ = [
    "AnyText",
    "Boolean",
    "Day",
    "Encoder",
    "ExactJson",
    "Filter",
    "Flag",
    "Id",
    "Integer",
    "Json",
    "ListOf",
    "Nullable",
    "Number",
    "Object",
    "OneOf",
    "Some",
    "Structure",
    "Text",
    "Time",
    "Url",
    "encode",
    "to_json",
]

Encoder = Callable[[str, Any], Any]

Id: Encoder = check_id
"""An id, as a string or a ``UUID``."""


def Text(field: str, value: Any) -> str:
    """A string that is not blank."""
    return check_text(field, value)


def AnyText(field: str, value: Any) -> str:
    """A string."""
    if not isinstance(value, str):
        raise _wrong_type(field, "a string", value)
    return value


def Url(field: str, value: Any) -> str:
    """An ``http`` or ``https`` URL."""
    text = check_text(field, value)
    if not text.startswith(("http://", "https://")) or any(blank in text for blank in " \t\r\n"):
        raise InvalidInputError(f"`{field}` must be a URL that starts with https:// or http://", field=field)
    return text


def Integer(field: str, value: Any) -> int:
    """A whole number."""
    value = as_python(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong_type(field, "a whole number", value)
    return value


def Number(field: str, value: Any) -> float:
    """A finite number."""
    value = as_python(value)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise _wrong_type(field, "a number", value)
    if value != value or value in (float("inf"), float("-inf")):
        raise InvalidInputError(f"`{field}` must be a finite number, got {value}", field=field)
    return value


def Boolean(field: str, value: Any) -> bool:
    """``True`` or ``False``."""
    value = as_python(value)
    if not isinstance(value, bool):
        raise _wrong_type(field, "True or False", value)
    return value


def Flag(field: str, value: Any) -> int:
    """``True`` or ``False``, sent as 1 or 0."""
    return int(Boolean(field, value))


def Time(field: str, value: Any) -> str:
    """A ``datetime`` with a time zone."""
    if is_absent(value) or not isinstance(value, datetime):
        raise _wrong_type(field, "a datetime with a time zone", value)
    try:
        return format_time(value)
    except ValueError as error:
        raise InvalidInputError(f"`{field}` {error}", field=field) from None


def Day(field: str, value: Any) -> str:
    """A day, as a ``date`` or as ``"2026-02-03"``. Refuses a ``datetime``, since its day depends on the time zone."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise InvalidInputError(f"`{field}` must be a day such as 2026-02-03, got `{value[:20]}`", field=field) from None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _wrong_type(field, "a date", value)
    return value.isoformat()


def Json(field: str, value: Any) -> Any:
    """Any value that JSON can represent, also records, ids and times. Missing values are omitted from objects."""
    return _json(field, value, keep_missing=False)


def ExactJson(field: str, value: Any) -> Any:
    """Like :func:`Json`, but refuses missing values instead of omitting them."""
    return _json(field, value, keep_missing=True)


def _json(field: str, value: Any, *, keep_missing: bool) -> Any:
    value = as_python(value)
    if isinstance(value, str):
        return _check_unicode(field, value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return Number(field, value)
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, Mapping):
        for name in value:
            if not isinstance(name, str):
                raise InvalidInputError(f"`{field}` must have strings as keys, got {type(name).__name__}", field=field)
        return {
            name: _json(f"{field}.{name}", item, keep_missing=keep_missing)
            for name, item in value.items()
            if item is not NOT_GIVEN and (keep_missing or not is_absent(item))
        }
    if is_absent(value):
        raise InvalidInputError(f"`{field}` must be a value that JSON can represent, got {value}", field=field)
    if isinstance(value, datetime):
        return Time(field, value)
    if is_uuid(value):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_list(value):
        return [_json(f"{field}[{index}]", item, keep_missing=keep_missing) for index, item in enumerate(value)]
    raise _wrong_type(field, "a value that JSON can represent", value)


def Object(field: str, value: Any) -> dict[str, Any]:
    """An object with any fields."""
    if not isinstance(value, (Mapping, Record)):
        raise _wrong_type(field, "a dict", value)
    encoded: dict[str, Any] = Json(field, value)
    return encoded


def Filter(field: str, value: Any) -> dict[str, Any]:
    """Conditions on fields, from ``grinfi.F`` or as a dict in the format of the API."""
    if isinstance(value, Condition):
        return merged(value)
    return Object(field, value)


def OneOf(known: type[OpenEnum]) -> Encoder:
    """A value of an enumeration.

    A plain string must be one of the known values. A value that is newer than this package is given as ``known("value")``.
    """

    def encode_value(field: str, value: Any) -> str:
        text = check_text(field, value)
        if text in known.values or isinstance(value, known):
            return text
        choices = ", ".join(f'"{choice}"' for choice in known.values)
        similar = did_you_mean(_WIRE_VALUES.get(text.lower(), text), known.values)
        newer = f"use enums.{known.__name__}(…) for a value that is newer than this package"
        raise InvalidInputError(f'`{field}` must be one of {choices}, got "{text[:40]}"{similar} ({newer})', field=field)

    return encode_value


# Values of the API by the names that this package uses for them.
_WIRE_VALUES = {"contact": "lead", "contacts": "lead"}


def Nullable(encoder: Encoder) -> Encoder:
    """A value for ``encoder``, or ``None`` for null."""

    def encode_value(field: str, value: Any) -> Any:
        return None if value is None else encoder(field, value)

    encode_value.__dict__["takes_none"] = True
    return encode_value


def ListOf(encoder: Encoder, *, least: int = 0) -> Encoder:
    """A list of values for ``encoder``, from any iterable."""

    def encode_value(field: str, value: Any) -> list[Any]:
        if not is_list(value) or isinstance(value, Record):
            raise _wrong_type(field, "a list", value)
        given = ((index, item) for index, item in enumerate(value) if not is_absent(item))
        encoded = [encoder(f"{field}[{index}]", item) for index, item in given]
        if len(encoded) < least:
            raise InvalidInputError(f"`{field}` must not be empty", field=field)
        return encoded

    return encode_value


def Some(encoder: Encoder) -> Encoder:
    """A list of at least one value for ``encoder``."""
    return ListOf(encoder, least=1)


class Structure:
    """An object with known fields.

    A ``closed`` one refuses other fields, since the API would ignore them without an error. Records are sent as they were
    received.
    """

    __slots__ = ("closed", "known", "required")

    def __init__(self, known: Mapping[str, Encoder], *, required: Iterable[str], closed: bool) -> None:
        self.known = known
        self.required = tuple(required)
        self.closed = closed

    def __call__(self, field: str, value: Any) -> dict[str, Any]:
        if isinstance(value, Record):
            return value.to_dict()
        if not isinstance(value, Mapping):
            raise _wrong_type(field, "a dict", value)
        return self.encode_fields(value, prefix=f"{field}.")

    def encode_fields(self, fields: Mapping[str, Any], *, prefix: str = "") -> dict[str, Any]:
        """Encodes the fields of an object; ``prefix`` comes before their names in error messages."""
        encoded: dict[str, Any] = {}
        for name, item in fields.items():
            if is_missing(item):
                continue
            at = f"{prefix}{name}"
            wire = wire_name(name, self.known) if isinstance(name, str) else name
            encoder = self.known.get(wire)
            if encoder is not None:
                encoded[wire] = encode(encoder, at, item)
            elif self.closed or not isinstance(name, str):
                raise InvalidInputError(f"`{at}` is not a known field{did_you_mean(str(name), self.known)}", field=at)
            else:
                encoded[name] = Json(at, item)
        for name in self.required:
            if name not in encoded:
                raise InvalidInputError(f"`{prefix}{name}` must be given", field=f"{prefix}{name}")
        return encoded


def encode(encoder: Encoder, field: str, value: Any) -> Any:
    """Encodes the value of an argument.

    Raises:
        InvalidInputError: the encoder refuses the value, or it is ``None`` where the API does not accept null.
    """
    if value is None and encoder not in (Json, ExactJson) and not getattr(encoder, "takes_none", False):
        raise InvalidInputError(f"`{field}` must not be None, since the API does not accept null; omit it", field=field)
    try:
        encoded = encoder(field, value)
    except RecursionError:
        raise InvalidInputError(f"`{field}` is nested too deeply or contains itself", field=field) from None
    return _check_unicode(field, encoded) if isinstance(encoded, str) else encoded


def to_json(value: object) -> str:
    """Returns encoded values as JSON text."""
    return json.dumps(value, allow_nan=False)


def _check_unicode(field: str, text: str) -> str:
    """Refuses strings with half a surrogate pair, which decoding with ``surrogateescape`` can produce."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise InvalidInputError(f"`{field}` must be valid Unicode, got half a surrogate pair", field=field) from None
    return text


def _wrong_type(field: str, needed: str, value: object) -> InvalidInputError:
    return InvalidInputError(f"`{field}` must be {needed}, got {type(value).__name__}", field=field)
