"""Rows as tables of other packages, which are imported only when they are asked for.

The columns are the attributes of the records: texts, numbers, booleans and times as such, lists and objects as JSON text. What the
API gives besides is not in a table; it is in the records.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import _fields as read
from ._record import Record

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped,import-not-found,unused-ignore]
    import polars  # type: ignore[import-untyped,import-not-found,unused-ignore]
    import pyarrow  # type: ignore[import-untyped,import-not-found,unused-ignore]

__all__ = ["to_arrow", "to_pandas", "to_polars"]

_KINDS: dict[Any, str] = {
    read.Text: "text",
    read.Integer: "integer",
    read.Number: "number",
    read.Boolean: "boolean",
    read.Time: "time",
}


def columns(record: type[Record]) -> dict[str, str]:
    """The columns of a kind of records, each with what is in it."""
    found = {}
    for cls in reversed(record.__mro__):
        for name, field in vars(cls).items():
            if isinstance(field, read.Field):
                kind = _KINDS.get(field.reader, "text" if getattr(field.reader, "plan", ("",))[0] == "choice" else "json")
                found[name] = kind
    return found


def values(rows: Iterable[Record], record: type[Record]) -> dict[str, list[Any]]:
    """The values by column."""
    kinds = columns(record)
    table: dict[str, list[Any]] = {name: [] for name in kinds}
    for row in rows:
        for name, kind in kinds.items():
            value = getattr(row, name)
            if kind == "json" and value is not None:
                value = json.dumps(value, default=_plain, ensure_ascii=False)
            table[name].append(str(value) if kind == "text" and value is not None else value)
    return table


def to_arrow(rows: Iterable[Record], record: type[Record]) -> pyarrow.Table:
    """The rows as a table of Arrow."""
    arrow = _import("pyarrow", "arrow")
    types = {
        "text": arrow.string(),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "boolean": arrow.bool_(),
        "time": arrow.timestamp("us", tz="UTC"),
        "json": arrow.string(),
    }
    schema = arrow.schema([(name, types[kind]) for name, kind in columns(record).items()])
    table: pyarrow.Table = arrow.table(values(rows, record), schema=schema)
    return table


def to_polars(rows: Iterable[Record], record: type[Record]) -> polars.DataFrame:
    """The rows as a data frame of polars."""
    frames = _import("polars", "polars")
    types = {
        "text": frames.String,
        "integer": frames.Int64,
        "number": frames.Float64,
        "boolean": frames.Boolean,
        "time": frames.Datetime("us", "UTC"),
        "json": frames.String,
    }
    schema = {name: types[kind] for name, kind in columns(record).items()}
    frame: polars.DataFrame = frames.DataFrame(values(rows, record), schema=schema)
    return frame


def to_pandas(rows: Iterable[Record], record: type[Record]) -> pandas.DataFrame:
    """The rows as a data frame of pandas, in types that can be without a value."""
    frames = _import("pandas", "pandas")
    types = {
        "text": "string",
        "integer": "Int64",
        "number": "Float64",
        "boolean": "boolean",
        "time": "datetime64[us, UTC]",
        "json": "string",
    }
    kinds = columns(record)
    table = values(rows, record)
    series = {name: frames.Series(table[name], dtype=types[kind]) for name, kind in kinds.items()}
    frame: pandas.DataFrame = frames.DataFrame(series)
    return frame


def _import(name: str, extra: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"this needs {name}: pip install grinfi[{extra}]", name=name) from error


def _plain(value: object) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")
