"""Searches, and the pages that they return."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from . import _native
from ._errors import DecodeError, InvalidInputError, ListingError
from ._record import Record
from ._typing import Self
from .filters import Condition, build_filter, wire_field

if TYPE_CHECKING:
    from asyncio import Future

    from ._base_client import BaseClient
    from ._operation import Operation, Prepared

__all__ = ["Page", "PageIterator", "PageSource", "Query", "RowIterator", "UnpagedQuery", "page_of", "row_limit"]

R = TypeVar("R", bound=Record)

_MAX_OFFSET = 2**31 - 1


class Page(Generic[R]):
    """A page of a listing. Attributes that the API does not return are ``None``."""

    __slots__ = ("data", "has_more", "limit", "offset", "total")

    data: list[R]
    """The rows, in the order of the API."""
    total: int | None
    """Total number of matching rows."""
    limit: int | None
    """The page size that the API used."""
    offset: int | None
    """Number of rows before this page."""
    has_more: bool | None
    """Whether more rows follow."""

    def __init__(
        self,
        data: list[R],
        *,
        total: int | None = None,
        limit: int | None = None,
        offset: int | None = None,
        has_more: bool | None = None,
    ) -> None:
        self.data = data
        self.total = total
        self.limit = limit
        self.offset = offset
        self.has_more = has_more

    def __iter__(self) -> Iterator[R]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> list[R]: ...
    def __getitem__(self, index: int | slice) -> R | list[R]:
        return self.data[index]

    def __repr__(self) -> str:
        return f"Page({len(self.data)} rows, total={self.total}, offset={self.offset}, has_more={self.has_more})"


def page_of(page: tuple[list[Any], int | None, int | None, int | None, bool | None]) -> Page[Any]:
    """Makes a page of what the compiled module returns."""
    rows, total, limit, offset, has_more = page
    return Page(rows, total=total, limit=limit, offset=offset, has_more=has_more)


class PageSource(Generic[R]):
    """An iterator over a listing.

    After an exception, the next step requests the same page again. Only one thread or task at a time can wait for a page.
    """

    __slots__ = ("_client", "_native", "_wait")

    def __init__(self, client: BaseClient, native: _native.Pages) -> None:
        self._client = client
        self._native: _native.Pages | None = native
        # The future that the last asynchronous step waited for.
        self._wait: Future[bool] | None = None

    def _source(self) -> _native.Pages:
        """Returns the pages, unless the client or the iterator is closed."""
        self._client._check_open()
        if self._native is None:
            raise ListingError("the iterator is closed")
        return self._native


class RowIterator(PageSource[R]):
    """The base of iterators over rows."""

    __slots__ = ("_count", "_rows")

    def __init__(self, client: BaseClient, native: _native.Pages) -> None:
        super().__init__(client, native)
        # The rows of the current page that are left, the next one last.
        self._rows: list[R] = []
        # How many rows the current page had.
        self._count = 0

    @property
    def cursor(self) -> str | None:
        """The position after the last row, for ``complete(since=…)`` in a later run; ``None`` unless the listing is complete.

        Raises:
            ListingError: another thread or task is waiting for a page.
        """
        return None if self._native is None else self._native.cursor(self._count - len(self._rows))

    def _close(self) -> None:
        self._native = None
        self._rows.clear()


class PageIterator(PageSource[R]):
    """The base of iterators over pages."""

    __slots__ = ()

    @property
    def cursor(self) -> str | None:
        """The position after the last page, for ``complete(since=…)`` in a later run; ``None`` unless the listing is complete.

        Raises:
            ListingError: another thread or task is waiting for a page.
        """
        return None if self._native is None else self._native.cursor()

    def _close(self) -> None:
        self._native = None


class Query(Generic[R]):
    """A search that has not been sent: the base of all listings."""

    __slots__ = (
        "_client",
        "_complete",
        "_filter",
        "_max_items",
        "_offset",
        "_operation",
        "_order",
        "_page_size",
        "_prefetch",
        "_record",
        "_since",
    )

    _client: BaseClient
    _since: str | None

    def __init__(
        self,
        client: BaseClient,
        record: type[R],
        operation: str,
        conditions: Iterable[Condition | Mapping[str, Any]],
        shorthand: Mapping[str, Any],
        *,
        order_by: str | None,
        page_size: int,
        offset: int,
        max_items: int | None,
    ) -> None:
        max_page_size = _native.listing(operation)[1]
        self._client = client
        self._record = record
        self._operation = operation
        self._page_size = _whole_number("page_size", page_size)
        if not 1 <= page_size <= max_page_size:
            raise InvalidInputError(
                f"`page_size` must be between 1 and {max_page_size}, got {page_size}; `max_items` limits the rows in all",
                field="page_size",
            )
        self._offset = _whole_number("offset", offset)
        if not 0 <= offset <= _MAX_OFFSET:
            raise InvalidInputError(f"`offset` must be between 0 and {_MAX_OFFSET}, got {offset}", field="offset")
        self._max_items = row_limit(None, max_items)
        self._order = _order(operation, order_by)
        self._filter = build_filter(operation, conditions, shorthand)
        self._complete = False
        self._since = None
        self._prefetch = 0

    def prefetch(self, pages: int = 1) -> Self:
        """Returns the same listing, with pages fetched ahead while the program works on earlier ones.

        Args:
            pages: Number of pages to fetch ahead.

        Raises:
            InvalidInputError: ``pages`` is not a number from 0 to 1000.

        Example::

            for contact in client.contacts.search().prefetch():
                print(contact.name)
        """
        if not 0 <= _whole_number("pages", pages) <= 1000:
            raise InvalidInputError(f"`pages` must be between 0 and 1000, got {pages}", field="pages")
        listing = self._copy()
        listing._prefetch = pages
        return listing

    def complete(self, *, since: str | None = None) -> Self:
        """Returns a listing of every row exactly once, however many there are, while rows are added, changed and removed.

        The rows are ordered by time, oldest first, and those without a time come before all others. The filter may contain
        conditions on that time. Each page costs about one more row, and the rows without a time one more request.

        The iterators have a ``cursor``, a string that can be stored. Reading since a cursor returns the rows after the last row
        of the earlier run. It does not return edits and deletes of earlier rows, and rows added since with an
        earlier time. A row without a time is returned once it has one.

        Args:
            since: The cursor of an iterator over the same listing with the same filter; ``None`` starts at the beginning.

        Raises:
            InvalidInputError: the listing has no such time, or has an order or an offset of its own. A cursor of another listing
                or filter is refused when the iteration starts.

        Example::

            rows = iter(client.contacts.search().complete())
            for contact in rows:
                print(contact.name)
            stored = rows.cursor

            # In a later run:
            for contact in client.contacts.search().complete(since=stored):
                print("new:", contact.name)
        """
        if since is not None and not isinstance(since, str):
            raise InvalidInputError(f"`since` must be the cursor of an iterator, got {type(since).__name__}", field="since")
        if _native.listing(self._operation)[3] is None:
            raise InvalidInputError(f"complete: rows of `{self._operation}` have no time to order them by", field="complete")
        for field, given in (("order_by", self._order is not None), ("offset", self._offset > 0)):
            if given:
                raise InvalidInputError(f"`{field}` cannot be combined with `complete`, which sets the order", field=field)
        listing = self._copy()
        listing._complete = True
        listing._since = since
        return listing

    def _open(self, *, page_size: int, offset: int, max_items: int | None) -> _native.Pages:
        return self._client._native_client.pages(
            self._operation,
            record=self._record,
            filter=self._filter,
            order=self._order,
            page_size=page_size,
            offset=offset,
            max_items=max_items,
            complete=self._complete,
            since=self._since,
            # A single row has nothing after it to fetch ahead.
            prefetch=0 if max_items == 1 else self._prefetch,
        )

    def _copy(self) -> Self:
        copied = object.__new__(type(self))
        for name in (name for cls in type(self).__mro__ for name in getattr(cls, "__slots__", ())):
            setattr(copied, name, getattr(self, name))
        return copied

    def _up_to(self, max_items: int | None) -> Self:
        """Returns the same listing with at most this many rows."""
        listing = self._copy()
        listing._max_items = row_limit(self._max_items, max_items)
        return listing

    def _without_order(self) -> Self:
        """Returns a listing of the same rows in no particular order, to count them."""
        listing = self._copy()
        listing._complete = False
        return listing

    def _missing_total(self) -> DecodeError:
        return DecodeError(f"{self._operation}: the response has no total", operation=self._operation)

    def __repr__(self) -> str:
        parts = [self._operation]
        if self._filter:
            parts.append(f"filter={self._filter}")
        if self._order:
            parts.append(f"order={' '.join(self._order)}")
        if self._complete:
            parts.append("complete")
        return f"<{type(self).__name__} {', '.join(parts)}>"


class UnpagedQuery(Query[R]):
    """A listing that the API returns in one response."""

    __slots__ = ("_prepared",)

    def __init__(self, client: BaseClient, record: type[R], operation: Operation[R], /, **arguments: Any) -> None:
        self._client = client
        self._record = record
        self._operation = operation.id
        self._page_size = 1
        self._offset = 0
        self._max_items = None
        self._order = None
        self._filter = None
        self._complete = False
        self._since = None
        self._prefetch = 0
        self._prepared: Prepared = operation.prepare(arguments)

    def complete(self, *, since: str | None = None) -> Self:
        """Returns the listing itself, since one response has all rows.

        Raises:
            InvalidInputError: a cursor was given.
        """
        if since is not None:
            raise InvalidInputError("since: this listing comes in one response and has no cursors", field="since")
        return self

    def _open(self, *, page_size: int, offset: int, max_items: int | None) -> _native.Pages:
        # Some of these have been observed to return pages. Further rows are requested if a response announces them.
        prepared = self._prepared
        return self._client._native_client.pages(
            self._operation,
            record=self._record,
            path=prepared.path,
            query=[pair for pair in prepared.query if pair[0] != "filter"],
            filter=dict(prepared.query).get("filter"),
            max_items=max_items,
            prefetch=self._prefetch,
        )


def row_limit(known: int | None, given: int | None) -> int | None:
    """Returns the smaller of two limits on the number of rows.

    Raises:
        InvalidInputError: ``given`` is not a number of rows.
    """
    if given is None:
        return known
    if not 0 <= _whole_number("max_items", given) < 2**63:
        raise InvalidInputError(f"`max_items` must be a number from 0, got {given}", field="max_items")
    return given if known is None else min(known, given)


def _whole_number(field: str, value: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInputError(f"`{field}` must be a whole number, got {value!r}", field=field)
    return value


def _order(operation: str, order_by: str | None) -> tuple[str, str] | None:
    if order_by is None:
        return None
    if not isinstance(order_by, str):
        raise InvalidInputError(
            f'`order_by` must be a column such as "created_at", or "-created_at" for newest first, got {order_by!r}',
            field="order_by",
        )
    column = wire_field(operation, order_by.removeprefix("-"))
    _native.check_order(operation, column)
    return (column, "desc" if order_by.startswith("-") else "asc")
