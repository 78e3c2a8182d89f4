"""Methods of listings that return tables: ``to_arrow``, ``to_pandas`` and ``to_polars``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .._listing import Page
from .._record import Record
from .._tables import ArrowTable, Columns, chosen_fields, require_package, to_pandas, to_polars, wanted_fields
from .._typing import LazyModule, Self

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped,import-not-found,unused-ignore]
    import polars  # type: ignore[import-untyped,import-not-found,unused-ignore]

    from .._base_client import BaseClient
else:
    pandas = LazyModule("pandas")
    polars = LazyModule("polars")

__all__ = ["AsyncTableMethods"]

R = TypeVar("R", bound=Record)


class AsyncTableMethods(Generic[R]):
    """Methods of a listing that return its rows as a table."""

    __slots__ = ()

    if TYPE_CHECKING:
        _client: BaseClient
        _record: type[R]

        def _up_to(self, max_items: int | None) -> Self: ...
        def pages(self) -> AsyncIterator[Page[R]]: ...

    async def to_arrow(
        self, *, max_items: int | None = None, custom_fields: bool | Iterable[str] = False
    ) -> ArrowTable:
        """Returns all rows as columns in the Arrow memory format, which pyarrow, polars, DuckDB and pandas read without a copy.

        Requires none of these packages. The columns are the attributes of the records; lists and objects are JSON text.

        Args:
            max_items: The maximum number of rows.
            custom_fields: Whether to add a column for each custom field, or the names of the custom fields to add. The column of
                the field ``persona`` is ``custom_fields__persona``. Strings are unchanged, other values are JSON, and a missing
                value is null. The names are validated first, which takes one more request (``listCustomFields``).

        Raises:
            InvalidInputError: the records have no custom fields, or no custom field has a given name.
            DecodeError: a value does not fit its column; the message names row and column.

        Example::

            frame = polars.DataFrame(await client.contacts.search(company_name="ExampleCorp").to_arrow())
        """
        columns = Columns(self._record, await self._custom_fields(custom_fields))
        async for page in self._up_to(max_items).pages():
            columns.add(page)
        return columns.finish()

    async def to_pandas(
        self, *, max_items: int | None = None, custom_fields: bool | Iterable[str] = False
    ) -> pandas.DataFrame:
        """Returns all rows as a pandas data frame. Requires ``pip install grinfi[pandas]``.

        Args:
            max_items: The maximum number of rows.
            custom_fields: As in :meth:`to_arrow`.

        Raises:
            ImportError: pandas is not installed.
            InvalidInputError: as in :meth:`to_arrow`.
            DecodeError: a value does not fit its column.
        """
        require_package("pandas")
        return to_pandas(await self.to_arrow(max_items=max_items, custom_fields=custom_fields))

    async def to_polars(
        self, *, max_items: int | None = None, custom_fields: bool | Iterable[str] = False
    ) -> polars.DataFrame:
        """Returns all rows as a polars data frame. Requires ``pip install grinfi[polars]``.

        Args:
            max_items: The maximum number of rows.
            custom_fields: As in :meth:`to_arrow`.

        Raises:
            ImportError: polars is not installed.
            InvalidInputError: as in :meth:`to_arrow`.
            DecodeError: a value does not fit its column.
        """
        require_package("polars")
        return to_polars(await self.to_arrow(max_items=max_items, custom_fields=custom_fields))

    async def _custom_fields(self, wanted: bool | Iterable[str]) -> list[str]:
        """Returns the names of the custom fields that become columns."""
        names = wanted_fields(self._record, wanted)
        if names is None:
            return []
        # Every client has resources; this module cannot import them, since they import listings.
        client: Any = self._client
        known = [field async for field in client.custom_fields.list()]
        return chosen_fields(self._record, names, known)
