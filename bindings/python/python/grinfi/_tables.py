"""Tables of records, for pyarrow, pandas, polars and others, which are imported when they are first used.

The columns are the attributes of the records; lists and objects are JSON text. Custom fields can be columns. Other fields of the API
are only in the records.
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
    """Columns in the Arrow memory format, for ``pyarrow.table(table)``, ``polars.DataFrame(table)``, DuckDB (a query that names the
    variable), ``pandas.DataFrame.from_arrow(table)`` and other packages that support ``__arrow_c_stream__``. They read the memory
    without a copy where possible. Creating it requires no Arrow package.

    Strings and enumerations are ``string``, whole numbers ``int64``, other numbers ``double``, booleans ``bool``, times
    ``timestamp[us, tz=UTC]``, and lists and objects ``string`` with the JSON of the API. Every column is nullable.

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
        """Number of rows."""
        return self._table.num_rows

    @property
    def num_columns(self) -> int:
        """Number of columns."""
        return len(self._table.column_names)

    def __len__(self) -> int:
        return self._table.num_rows

    def __arrow_c_schema__(self) -> object:
        """Returns the schema, for the PyCapsule interface of Arrow."""
        return self._table.schema()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Returns the columns, for the PyCapsule interface of Arrow. Ignores ``requested_schema``."""
        return self._table.stream()

    def __repr__(self) -> str:
        return f"<ArrowTable {self.num_rows} rows, {self.num_columns} columns>"


class Columns(Generic[R]):
    """A builder for tables, which keeps only the columns of the rows that are added."""

    __slots__ = ("_builder",)

    def __init__(self, record: type[R], custom_fields: list[str] | None = None) -> None:
        self._builder = _native.TableBuilder(record._shape, custom_fields or [])

    def add(self, page: Page[R]) -> None:
        """Adds the rows of a page.

        Raises:
            DecodeError: a value does not fit its column; the message names row and column.
        """
        self._builder.extend(page.data)

    def finish(self) -> ArrowTable:
        """Returns the table."""
        return ArrowTable(self._builder.finish())


def wanted_fields(record: type[Record], wanted: bool | Iterable[str]) -> list[str] | None:
    """Validates the custom fields to add as columns. Returns their names, an empty list for all, ``None`` for no columns.

    Raises:
        InvalidInputError: the records have no custom fields, or invalid names.
    """
    if wanted is False:
        return None
    if not any(name == "custom_fields" for name in dir(record)):
        raise InvalidInputError(f"`custom_fields` cannot be used here: a {record.__name__} has no custom fields", field="custom_fields")
    if wanted is True:
        return []
    names: list[str] = Some(Text)("custom_fields", wanted)
    if len(set(names)) < len(names):
        raise InvalidInputError("`custom_fields` must not contain a name twice", field="custom_fields")
    return names


def chosen_fields(record: type[Record], names: list[str], known: Iterable[CustomField]) -> list[str]:
    """Returns the custom fields that become columns: those with these names, or all.

    Raises:
        InvalidInputError: no custom field of these records has one of the names.
    """
    # The object of a custom field is the key that its records are wrapped under: `lead` or `company`.
    there = {field.name: None for field in known if field.object == record._wrapped_under and field.name}
    for name in names:
        if name not in there:
            near = did_you_mean(name, there)
            why = f'a {record.__name__} has no custom field "{name}"{near}'
            raise InvalidInputError(f"`custom_fields`: {why}", field="custom_fields")
    return names or list(there)


def to_polars(table: ArrowTable) -> polars.DataFrame:
    """Returns a polars data frame that shares the memory of the table."""
    frame: polars.DataFrame = require_package("polars").DataFrame(table)
    return frame


_PANDAS = {"text": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}


def to_pandas(table: ArrowTable) -> pandas.DataFrame:
    """Returns a pandas data frame with nullable types."""
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
    """Imports an optional package.

    Raises:
        ImportError: it is not installed; the message has the command to install it.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"this needs {name}: pip install grinfi[{name}]", name=name) from error


_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def as_micros(time: datetime) -> int:
    """Returns a time in microseconds since 1970."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def as_json(value: object) -> str:
    """Returns a value as JSON text."""
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def in_row(row: int, column: str, error: Exception) -> Exception:
    """Returns an error of a value with the number of its row."""
    where = f"row {row}, counted from 0: "
    if isinstance(error, DecodeError):
        explained = DecodeError(f"{where}{error}", field=error.field, body=error.body)
    elif isinstance(error, (ValueError, OverflowError)):
        explained = DecodeError(f"{where}{column}: the value does not fit its column: {error}", field=column)
    else:
        return error
    explained.__cause__ = error
    return explained


def _plain(value: object) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be converted to JSON")
