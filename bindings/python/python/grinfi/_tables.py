"""Rows as tables, for other packages to take; these are imported only when they are asked for.

The columns are the attributes of the records: texts, numbers, booleans and times as such, lists and objects as JSON text. What the
API gives besides is not in a table; it is in the records. Custom fields become columns of their own on request.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from . import _native
from ._errors import DecodeError, InvalidInputError
from ._record import Record
from ._validation import did_you_mean
from ._encoders import Some, Text

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped,import-not-found,unused-ignore]
    import polars  # type: ignore[import-untyped,import-not-found,unused-ignore]

    from ._generated.models import CustomField
    from ._listing import Page

__all__ = ["ArrowTable"]

R = TypeVar("R", bound=Record)


class ArrowTable:
    """Rows as columns in the memory layout of Arrow, for ``pyarrow.table(table)``, ``polars.DataFrame(table)``, DuckDB (a query
    that names the variable), ``pandas.DataFrame.from_arrow(table)`` and whatever else knows ``__arrow_c_stream__``. They take the
    memory as it is, without a copy where they can. No package of Arrow is needed to make it.

    Texts and enumerations are ``string``, whole numbers ``int64``, other numbers ``double``, yes and no ``bool``, times
    ``timestamp[us, tz=UTC]``, and lists and objects ``string`` with the JSON of the API. Every column may hold null.

    Example::

        table = client.contacts.search(company_name="ExampleCorp").to_arrow()
        table.num_rows, table.column_names
    """

    __slots__ = ("_table",)

    def __init__(self, table: _native.Table) -> None:
        self._table = table

    @property
    def column_names(self) -> list[str]:
        """The names of the columns: the attributes of the records."""
        return self._table.column_names

    @property
    def num_rows(self) -> int:
        """How many rows there are."""
        return self._table.num_rows

    @property
    def num_columns(self) -> int:
        """How many columns there are."""
        return len(self._table.column_names)

    def __len__(self) -> int:
        return self._table.num_rows

    def __arrow_c_schema__(self) -> object:
        """The schema, as the PyCapsule interface of Arrow has it."""
        return self._table.schema()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The columns, as the PyCapsule interface of Arrow has it. They come in the types that they have."""
        return self._table.stream()

    def __repr__(self) -> str:
        return f"<ArrowTable {self.num_rows} rows, {self.num_columns} columns>"


class Columns(Generic[R]):
    """A table in the making: the rows of one page after the other, of which no more than the columns is kept."""

    __slots__ = ("_builder",)

    def __init__(self, record: type[R], custom_fields: list[str] | None = None) -> None:
        self._builder = _native.TableBuilder(record._shape, custom_fields or [])

    def add(self, page: Page[R]) -> None:
        """Adds the rows of a page.

        Raises:
            DecodeError: a value that its column cannot hold; the message names row and column.
        """
        self._builder.extend(page.data)

    def finish(self) -> ArrowTable:
        """The table."""
        return ArrowTable(self._builder.finish())


def wanted_fields(record: type[Record], wanted: bool | Iterable[str]) -> list[str] | None:
    """The custom fields that are asked for by name, none of them for all; ``None`` if no columns are wanted.

    Raises:
        InvalidInputError: these records have no custom fields, or no list of names.
    """
    if wanted is False:
        return None
    if not any(name == "custom_fields" for name in dir(record)):
        raise InvalidInputError(f"custom_fields: a {record.__name__} has no custom fields", field="custom_fields")
    if wanted is True:
        return []
    names: list[str] = Some(Text)("custom_fields", wanted)
    if len(set(names)) < len(names):
        raise InvalidInputError("custom_fields: a name is given twice", field="custom_fields")
    return names


def chosen_fields(record: type[Record], names: list[str], known: Iterable[CustomField]) -> list[str]:
    """The custom fields that become columns: those with these names, or all.

    Raises:
        InvalidInputError: no custom field of these records has one of the names.
    """
    # A contact belongs to the object `lead` and comes wrapped under that key; so does a company.
    there = {field.name: None for field in known if field.object == record._wrapped_under and field.name}
    for name in names:
        if name not in there:
            near = did_you_mean(name, there)
            why = f'a {record.__name__} has no custom field "{name}"{near}'
            raise InvalidInputError(f"custom_fields: {why}", field="custom_fields")
    return names or list(there)


def to_polars(table: ArrowTable) -> polars.DataFrame:
    """The table as a data frame of polars, in the same memory."""
    frame: polars.DataFrame = require_package("polars").DataFrame(table)
    return frame


_PANDAS = {"text": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}


def to_pandas(table: ArrowTable) -> pandas.DataFrame:
    """The table as a data frame of pandas, in types that can be without a value."""
    frames = require_package("pandas")

    def series(kind: str, values: list[Any]) -> Any:
        if kind == "time":
            return frames.to_datetime(frames.Series(values, dtype="Int64"), unit="us", utc=True).astype("datetime64[us, UTC]")
        return frames.Series(values, dtype=_PANDAS[kind])

    frame: pandas.DataFrame = frames.DataFrame(
        {name: series(kind, values) for name, kind, values in table._table.columns()}
    )
    return frame


def require_package(name: str) -> Any:
    """A package that tables are made for.

    Raises:
        ImportError: it is not installed; the message says how to.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"this needs {name}: pip install grinfi[{name}]", name=name) from error


_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def as_micros(time: datetime) -> int:
    """A time as microseconds since 1970."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def as_json(value: object) -> str:
    """A value as the JSON text that it was."""
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def in_row(row: int, column: str, error: Exception) -> Exception:
    """Why a table cannot be made, with the row that stands in the way."""
    where = f"row {row}, counted from 0: "
    if isinstance(error, DecodeError):
        explained = DecodeError(f"{where}{error}", field=error.field, body=error.body)
    elif isinstance(error, (ValueError, OverflowError)):
        explained = DecodeError(f"{where}{column}: the value does not fit into a table: {error}", field=column)
    else:
        return error
    explained.__cause__ = error
    return explained


def _plain(value: object) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")
