"""The writers that turn arguments into JSON, each with a clear error for what it cannot take.

They get the name of the argument for that error. Values are not repeated in it unless they are harmless: an argument may be a
password.

Scalars of numpy are taken like those of Python. A missing value of a table (NaN, NaT, ``NA`` of pandas) is omitted from objects
and from lists of ids and texts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from ._errors import InvalidInputError
from ._open import OpenEnum
from ._record import Record
from ._times import format_time
from ._types import NOT_GIVEN, as_python, check_id, check_text, did_you_mean, is_absent, is_list, is_missing, is_uuid

__all__ = [
    "AnyText",
    "Boolean",
    "Day",
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
    "Writer",
]

Writer = Callable[[str, Any], Any]

Id: Writer = check_id
"""An id, as a text or a ``UUID``."""


def Text(field: str, value: Any) -> str:
    """A text that is not blank."""
    return check_text(field, value)


def AnyText(field: str, value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise _wrong(field, "a text is needed", value)
    return value


def Url(field: str, value: Any) -> str:
    """A URL of the web."""
    text = check_text(field, value)
    if not text.startswith(("http://", "https://")) or any(blank in text for blank in " \t\r\n"):
        raise InvalidInputError(f"{field}: a URL with https:// or http:// is needed", field=field)
    return text


def Integer(field: str, value: Any) -> int:
    """A whole number."""
    value = as_python(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(field, "a whole number is needed", value)
    return value


def Number(field: str, value: Any) -> float:
    """A number that is one."""
    value = as_python(value)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise _wrong(field, "a number is needed", value)
    if value != value or value in (float("inf"), float("-inf")):
        raise InvalidInputError(f"{field}: {value} cannot be sent", field=field)
    return value


def Boolean(field: str, value: Any) -> bool:
    """``True`` or ``False``."""
    value = as_python(value)
    if not isinstance(value, bool):
        raise _wrong(field, "True or False is needed", value)
    return value


def Flag(field: str, value: Any) -> int:
    """``True`` or ``False``, which the API takes as 1 and 0."""
    return int(Boolean(field, value))


def Time(field: str, value: Any) -> str:
    """A time with a zone."""
    if is_absent(value) or not isinstance(value, datetime):
        raise _wrong(field, "a datetime with a zone is needed", value)
    try:
        return format_time(value)
    except ValueError as error:
        raise InvalidInputError(f"{field}: {error}", field=field) from None


def Day(field: str, value: Any) -> str:
    """A day: a ``date``, or ``"2026-02-03"``. A time is none: its day depends on the zone."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise InvalidInputError(f"{field}: `{value[:20]}` is no day such as 2026-02-03", field=field) from None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _wrong(field, "a date is needed", value)
    return value.isoformat()


def Json(field: str, value: Any) -> Any:
    """Whatever JSON can say; records, ids and times of Python among it. Missing values are omitted from objects."""
    return _json(field, value, keep_missing=False)


def ExactJson(field: str, value: Any) -> Any:
    """The same for JSON that is written by hand, which must not lose a field: a missing value is refused."""
    return _json(field, value, keep_missing=True)


def _json(field: str, value: Any, *, keep_missing: bool) -> Any:
    value = as_python(value)
    if isinstance(value, str):
        return _sendable(field, value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return Number(field, value)
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, Mapping):
        for name in value:
            if not isinstance(name, str):
                raise _wrong(field, "the names in an object are texts", name)
        return {
            name: _json(f"{field}.{name}", item, keep_missing=keep_missing)
            for name, item in value.items()
            if item is not NOT_GIVEN and (keep_missing or not is_absent(item))
        }
    if is_absent(value):
        raise InvalidInputError(f"{field}: {value} cannot be sent", field=field)
    if isinstance(value, datetime):
        return Time(field, value)
    if is_uuid(value):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_list(value):
        return [_json(f"{field}[{index}]", item, keep_missing=keep_missing) for index, item in enumerate(value)]
    raise _wrong(field, "it cannot be written as JSON", value)


def Object(field: str, value: Any) -> dict[str, Any]:
    """An object of any fields."""
    if not isinstance(value, (Mapping, Record)):
        raise _wrong(field, "a dict is needed", value)
    written: dict[str, Any] = Json(field, value)
    return written


def Filter(field: str, value: Any) -> dict[str, Any]:
    """Conditions on fields: from ``grinfi.F``, or a dict in the spelling of the API."""
    from .filters import Condition, merged

    if isinstance(value, Condition):
        return merged(value)
    return Object(field, value)


def OneOf(known: type[OpenEnum]) -> Writer:
    """A value of an enumeration.

    A plain text must be one of the known values. One that is newer than this package goes as ``known("value")``.
    """

    def write(field: str, value: Any) -> str:
        text = check_text(field, value)
        if text in known.values or isinstance(value, known):
            return text
        choices = ", ".join(f'"{choice}"' for choice in known.values)
        near = did_you_mean(_WIRE.get(text.lower(), text), known.values)
        newer = f"a value that is newer than this package goes as enums.{known.__name__}(…)"
        raise InvalidInputError(f'{field}: must be one of {choices}, got "{text[:40]}"{near} ({newer})', field=field)

    return write


# What this package calls by another name than the API.
_WIRE = {"contact": "lead", "contacts": "lead"}


def Nullable(writer: Writer) -> Writer:
    """What ``writer`` writes, or null."""

    def write(field: str, value: Any) -> Any:
        return None if value is None else writer(field, value)

    write.__dict__["takes_none"] = True
    return write


def ListOf(writer: Writer, *, least: int = 0) -> Writer:
    """A list of what ``writer`` writes, from any iterable."""

    def write(field: str, value: Any) -> list[Any]:
        if not is_list(value) or isinstance(value, Record):
            raise _wrong(field, "a list is needed", value)
        given = ((index, item) for index, item in enumerate(value) if not is_absent(item))
        written = [writer(f"{field}[{index}]", item) for index, item in given]
        if len(written) < least:
            raise InvalidInputError(f"{field}: there are none", field=field)
        return written

    return write


def Some(writer: Writer) -> Writer:
    """A list of at least one of what ``writer`` writes."""
    return ListOf(writer, least=1)


class Structure:
    """An object with known fields.

    One that is ``closed`` takes no others: the API would drop them without a word. Records of the API are taken as they came.
    """

    __slots__ = ("closed", "known", "required")

    def __init__(self, known: Mapping[str, Writer], *, required: Iterable[str], closed: bool) -> None:
        self.known = known
        self.required = tuple(required)
        self.closed = closed

    def __call__(self, field: str, value: Any) -> dict[str, Any]:
        if isinstance(value, Record):
            return value.to_dict()
        if not isinstance(value, Mapping):
            raise _wrong(field, "a dict is needed", value)
        written: dict[str, Any] = {}
        for name, item in value.items():
            if is_missing(item):
                continue
            at = f"{field}.{name}"
            writer = self.known.get(name)
            if writer is not None:
                written[name] = written_or_refused(writer, at, item)
            elif self.closed or not isinstance(name, str):
                near = did_you_mean(str(name), self.known)
                raise InvalidInputError(f"{at}: there is no such field{near}", field=at)
            else:
                written[name] = Json(at, item)
        for name in self.required:
            if name not in written:
                raise InvalidInputError(f"{field}.{name}: it is needed", field=f"{field}.{name}")
        return written


def written_or_refused(writer: Writer, field: str, value: Any) -> Any:
    """What ``writer`` makes of a value; ``None`` where the API takes no null is told of as such."""
    if value is None and writer not in (Json, ExactJson) and not getattr(writer, "takes_none", False):
        raise InvalidInputError(f"{field}: the API takes no null here; leave it out", field=field)
    try:
        written = writer(field, value)
    except RecursionError:
        raise InvalidInputError(f"{field}: it is nested too deeply, or holds itself", field=field) from None
    return _sendable(field, written) if isinstance(written, str) else written


def as_text(value: object) -> str:
    """JSON text; ``InvalidInputError`` for what has been put together wrongly."""
    return json.dumps(value, allow_nan=False)


def _sendable(field: str, text: str) -> str:
    """The text, unless it holds what no encoding of Unicode can say, as decoding with ``surrogateescape`` leaves behind."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise InvalidInputError(f"{field}: it holds half a surrogate pair, which is no character", field=field) from None
    return text


def _wrong(field: str, why: str, value: object) -> InvalidInputError:
    return InvalidInputError(f"{field}: {why}, not {type(value).__name__}", field=field)
