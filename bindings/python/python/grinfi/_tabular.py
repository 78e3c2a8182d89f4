"""Rows of listings as tables: ``to_arrow``, ``to_pandas`` and ``to_polars``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._record import Record

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped,import-not-found,unused-ignore]
    import polars  # type: ignore[import-untyped,import-not-found,unused-ignore]

    from ._core import Core
    from ._listing import AsyncListing, Listing
    from ._tables import ArrowTable

__all__ = ["AsyncTabular", "Tabular"]

R = TypeVar("R", bound=Record)


class Tabular(Generic[R]):
    """The tables of a listing."""

    __slots__ = ()

    if TYPE_CHECKING:
        _client: Core
        _record: type[R]

        def _up_to(self, max_items: int | None) -> Listing[R]: ...

    def to_arrow(
        self, *, max_items: int | None = None, custom_fields: bool | Iterable[str] = False
    ) -> ArrowTable:
        """Returns all rows as columns in the memory layout of Arrow, which pyarrow, polars, DuckDB and pandas take as they are.

        Needs none of them. The columns are the attributes of the records; lists and objects are JSON text.

        Args:
            max_items: How many rows to take at the most.
            custom_fields: Whether each custom field gets a column of its own, or the names of those that get one. The column
                of the field ``persona`` is called ``custom_fields__persona``. It holds texts as they are and anything else as
                JSON; null where a record has no value. The names are checked first, which takes one request more
                (``listCustomFields``).

        Raises:
            InvalidInputError: records without custom fields, or a name that no custom field has.
            DecodeError: a value that its column cannot hold; the message names row and column.

        Example::

            frame = polars.DataFrame(client.contacts.search(company_name="ExampleCorp").to_arrow())
        """
        from ._tables import Columns

        columns = Columns(self._record, self._custom_fields(custom_fields))
        for page in self._up_to(max_items).pages():
            columns.add(page)
        return columns.finish()

    def to_pandas(
        self, *, max_items: int | None = None, custom_fields: bool | Iterable[str] = False
    ) -> pandas.DataFrame:
        """Returns all rows as a data frame of pandas. Needs ``pip install grinfi[pandas]``.

        Args:
            max_items: How many rows to take at the most.
            custom_fields: As in :meth:`to_arrow`.

        Raises:
            ImportError: pandas is not installed.
            InvalidInputError: as in :meth:`to_arrow`.
            DecodeError: a value that its column cannot hold.
        """
        from ._tables import needed, to_pandas

        needed("pandas")
        return to_pandas(self.to_arrow(max_items=max_items, custom_fields=custom_fields))

    def to_polars(
        self, *, max_items: int | None = None, custom_fields: bool | Iterable[str] = False
    ) -> polars.DataFrame:
        """Returns all rows as a data frame of polars. Needs ``pip install grinfi[polars]``.

        Args:
            max_items: How many rows to take at the most.
            custom_fields: As in :meth:`to_arrow`.

        Raises:
            ImportError: polars is not installed.
            InvalidInputError: as in :meth:`to_arrow`.
            DecodeError: a value that its column cannot hold.
        """
        from ._tables import needed, to_polars

        needed("polars")
        return to_polars(self.to_arrow(max_items=max_items, custom_fields=custom_fields))

    def _custom_fields(self, wanted: bool | Iterable[str]) -> list[str]:
        """The names of the custom fields that become columns."""
        from ._tables import chosen_fields, wanted_fields

        names = wanted_fields(self._record, wanted)
        if names is None:
            return []
        client: Any = self._client
        known = [field for field in client.custom_fields.list()]
        return chosen_fields(self._record, names, known)


class AsyncTabular(Generic[R]):
    """The tables of a listing for asyncio."""

    __slots__ = ()

    if TYPE_CHECKING:
        _client: Core
        _record: type[R]

        def _up_to(self, max_items: int | None) -> AsyncListing[R]: ...

    async def to_arrow(
        self, *, max_items: int | None = None, custom_fields: bool | Iterable[str] = False
    ) -> ArrowTable:
        """Returns all rows as columns in the memory layout of Arrow, which pyarrow, polars, DuckDB and pandas take as they are.

        Needs none of them. The columns are the attributes of the records; lists and objects are JSON text.

        Args:
            max_items: How many rows to take at the most.
            custom_fields: Whether each custom field gets a column of its own, or the names of those that get one. The column
                of the field ``persona`` is called ``custom_fields__persona``. It holds texts as they are and anything else as
                JSON; null where a record has no value. The names are checked first, which takes one request more
                (``listCustomFields``).

        Raises:
            InvalidInputError: records without custom fields, or a name that no custom field has.
            DecodeError: a value that its column cannot hold; the message names row and column.

        Example::

            frame = polars.DataFrame(await client.contacts.search(company_name="ExampleCorp").to_arrow())
        """
        from ._tables import Columns

        columns = Columns(self._record, await self._custom_fields(custom_fields))
        async for page in self._up_to(max_items).pages():
            columns.add(page)
        return columns.finish()

    async def to_pandas(
        self, *, max_items: int | None = None, custom_fields: bool | Iterable[str] = False
    ) -> pandas.DataFrame:
        """Returns all rows as a data frame of pandas. Needs ``pip install grinfi[pandas]``.

        Args:
            max_items: How many rows to take at the most.
            custom_fields: As in :meth:`to_arrow`.

        Raises:
            ImportError: pandas is not installed.
            InvalidInputError: as in :meth:`to_arrow`.
            DecodeError: a value that its column cannot hold.
        """
        from ._tables import needed, to_pandas

        needed("pandas")
        return to_pandas(await self.to_arrow(max_items=max_items, custom_fields=custom_fields))

    async def to_polars(
        self, *, max_items: int | None = None, custom_fields: bool | Iterable[str] = False
    ) -> polars.DataFrame:
        """Returns all rows as a data frame of polars. Needs ``pip install grinfi[polars]``.

        Args:
            max_items: How many rows to take at the most.
            custom_fields: As in :meth:`to_arrow`.

        Raises:
            ImportError: polars is not installed.
            InvalidInputError: as in :meth:`to_arrow`.
            DecodeError: a value that its column cannot hold.
        """
        from ._tables import needed, to_polars

        needed("polars")
        return to_polars(await self.to_arrow(max_items=max_items, custom_fields=custom_fields))

    async def _custom_fields(self, wanted: bool | Iterable[str]) -> list[str]:
        """The names of the custom fields that become columns."""
        from ._tables import chosen_fields, wanted_fields

        names = wanted_fields(self._record, wanted)
        if names is None:
            return []
        client: Any = self._client
        known = [field async for field in client.custom_fields.list()]
        return chosen_fields(self._record, names, known)
