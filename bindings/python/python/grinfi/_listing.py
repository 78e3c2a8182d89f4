"""Listings: what a search hands out, read page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from . import _native
from ._errors import DecodeError, InvalidInputError, ListingError
from ._record import Record
from ._tabular import AsyncTabular, Tabular
from .filters import Condition, build_filter

if TYPE_CHECKING:
    from asyncio import Future

    from typing_extensions import Self

    from ._call import Call, Written
    from ._core import Core

__all__ = ["AsyncListing", "AsyncPages", "AsyncRows", "Listing", "Page", "Pages", "Rows"]

R = TypeVar("R", bound=Record)

_LARGEST_OFFSET = 2**31 - 1


class Page(Generic[R]):
    """A page of a listing, as it came.

    What the API does not say is ``None``.
    """

    __slots__ = ("data", "has_more", "limit", "offset", "total")

    data: list[R]
    """The rows, in the order of the API."""
    total: int | None
    """How many rows there are in all."""
    limit: int | None
    """The page size that the API used."""
    offset: int | None
    """How many rows come before this page."""
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


class _Reading(Generic[R]):
    """An iterator over a listing.

    After an exception the next step goes on where it was: it requests the same page again. Only one thread or task at a time
    can wait for a page.
    """

    __slots__ = ("_client", "_native", "_wait")

    def __init__(self, client: Core, native: _native.Pages) -> None:
        self._client = client
        self._native: _native.Pages | None = native
        # What the last asynchronous step waited for.
        self._wait: Future[bool] | None = None

    def _source(self) -> _native.Pages:
        """The pages; a closed client sends nothing more, for a listing that is under way neither."""
        self._client._check_open()
        if self._native is None:
            raise ListingError("the iterator is closed")
        return self._native

    def _fetch(self) -> Future[bool]:
        """Waits for a page; says whether there is one."""
        was_cancelled = self._wait is not None and self._wait.cancelled()
        self._wait = wait = self._source().fetch_later(was_cancelled)
        return wait


class _RowReading(_Reading[R]):
    """An iterator over rows."""

    __slots__ = ("_count", "_rows")

    def __init__(self, client: Core, native: _native.Pages) -> None:
        super().__init__(client, native)
        # The rows of the page that are left, the next one last.
        self._rows: list[R] = []
        # How many rows the page had.
        self._count = 0

    @property
    def cursor(self) -> str | None:
        """The position after the last row, for ``complete(since=…)`` in a later run; ``None`` unless the listing is complete.

        Raises:
            ListingError: another thread or task is waiting for a page.
        """
        return None if self._native is None else self._native.cursor(self._count - len(self._rows))


class Rows(_RowReading[R]):
    """The rows of a listing, as an iterator.

    After a timeout or another failed request the next step goes on where it was, without a row lost or repeated. Two threads
    that wait at the same time get a :class:`~grinfi.ListingError`.
    """

    __slots__ = ()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> R:
        rows = self._rows
        while True:
            try:
                # A row that was used is let go before the next is made use of.
                return rows.pop()
            except IndexError:
                pass
            if self._native is None:
                raise StopIteration
            count = self._source().fill(rows)
            if count is None:
                raise StopIteration
            self._count = count

    def close(self) -> None:
        """Ends the iteration, and with it the request under way."""
        self._native = None
        self._rows.clear()


class AsyncRows(_RowReading[R]):
    """The rows of a listing, as an asynchronous iterator.

    After a timeout, another failed request or a cancelled ``anext`` the next step goes on where it was, without a row lost or
    repeated. Two tasks that wait at the same time get a :class:`~grinfi.ListingError`.
    """

    __slots__ = ()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> R:
        rows = self._rows
        while True:
            try:
                return rows.pop()
            except IndexError:
                pass
            if self._native is None:
                raise StopAsyncIteration
            if not await self._fetch():
                raise StopAsyncIteration
            count = None if self._native is None else self._native.take_rows(rows)
            if count is not None:
                self._count = count

    async def aclose(self) -> None:
        """Ends the iteration, and with it the request under way."""
        self._native = None
        self._rows.clear()


class _PageReading(_Reading[R]):
    """An iterator over pages."""

    __slots__ = ()

    @property
    def cursor(self) -> str | None:
        """The position after the last page, for ``complete(since=…)`` in a later run; ``None`` unless the listing is complete.

        Raises:
            ListingError: another thread or task is waiting for a page.
        """
        return None if self._native is None else self._native.cursor()


class Pages(_PageReading[R]):
    """The pages of a listing, as an iterator; see :class:`Rows`."""

    __slots__ = ()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Page[R]:
        if self._native is None:
            raise StopIteration
        page = self._source().next()
        if page is None:
            raise StopIteration
        return _page(page)

    def close(self) -> None:
        """Ends the iteration, and with it the request under way."""
        self._native = None


class AsyncPages(_PageReading[R]):
    """The pages of a listing, as an asynchronous iterator; see :class:`AsyncRows`."""

    __slots__ = ()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Page[R]:
        while True:
            if self._native is None:
                raise StopAsyncIteration
            if not await self._fetch():
                raise StopAsyncIteration
            page = None if self._native is None else self._native.take()
            # Another task may have taken it.
            if page is not None:
                return _page(page)

    async def aclose(self) -> None:
        """Ends the iteration, and with it the request under way."""
        self._native = None


def _page(page: tuple[list[Any], int | None, int | None, int | None, bool | None]) -> Page[Any]:
    rows, total, limit, offset, has_more = page
    return Page(rows, total=total, limit=limit, offset=offset, has_more=has_more)


class _Query(Generic[R]):
    """What both kinds of listings are: a search that has not been sent."""

    __slots__ = (
        "_client",
        "_complete",
        "_filter",
        "_limit",
        "_max_items",
        "_offset",
        "_operation",
        "_order",
        "_prefetch",
        "_record",
        "_since",
    )

    _client: Core
    _since: str | None

    def __init__(
        self,
        client: Core,
        record: type[R],
        operation: str,
        conditions: Iterable[Condition | Mapping[str, Any]],
        shorthand: Mapping[str, Any],
        *,
        order_by: str | None,
        limit: int,
        offset: int,
        max_items: int | None,
    ) -> None:
        max_page_size = _native.listing(operation)[1]
        self._client = client
        self._record = record
        self._operation = operation
        self._limit = _whole("limit", limit)
        if not 1 <= limit <= max_page_size:
            raise InvalidInputError(
                f"limit: a page holds 1 to {max_page_size} rows, not {limit}; max_items limits the rows in all",
                field="limit",
            )
        self._offset = _whole("offset", offset)
        if not 0 <= offset <= _LARGEST_OFFSET:
            raise InvalidInputError(f"offset: {offset} is past what the API can count", field="offset")
        self._max_items = _most(None, max_items)
        self._order = _order(operation, order_by)
        self._filter = build_filter(operation, conditions, shorthand)
        self._complete = False
        self._since = None
        self._prefetch = 0

    def prefetch(self, pages: int = 1) -> Self:
        """The same rows, with so many pages fetched ahead of the work on them, while that goes on.

        Raises:
            InvalidInputError: no number from 0 on.

        Example::

            for contact in client.contacts.search().prefetch():
                print(contact.name)
        """
        if not 0 <= _whole("prefetch", pages) <= 1000:
            raise InvalidInputError(f"prefetch: 0 to 1000 pages, not {pages}", field="prefetch")
        listing = copy_of(self)
        listing._prefetch = pages
        return listing

    def complete(self, *, since: str | None = None) -> Self:
        """The same rows, each exactly once, while others are added, changed and removed, and however many there are.

        They come ordered by time, oldest first, those without a time before all others; conditions on that time can be part of
        the filter. It costs about one row in each page more, and a request for the rows without a time.

        An iterator over it tells its position as ``cursor``, a text that outlives the process. Reading since a cursor gives
        the rows that come after the last row of the run that the cursor is from. It misses what has no later time: edits and
        deletes of rows that were handed out, and rows that were added since with an earlier time. A row without a time comes
        once it has got one.

        Args:
            since: The cursor of an iterator over the same listing with the same filter; ``None`` to begin at the beginning.

        Raises:
            InvalidInputError: the listing has no such time, or an order or offset was given: it has its own. A cursor of
                another listing or filter is refused when the iteration begins.

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
            raise InvalidInputError(f"since: must be the cursor of an iterator, a text, got {type(since).__name__}", field="since")
        if _native.listing(self._operation)[3] is None:
            raise InvalidInputError(f"complete: `{self._operation}` has no time to be read by", field="complete")
        for field, given in (("order_by", self._order is not None), ("offset", self._offset > 0)):
            if given:
                raise InvalidInputError(f"{field}: a complete listing has an order and a beginning of its own", field=field)
        listing = copy_of(self)
        listing._complete = True
        listing._since = since
        return listing

    def _open(self, *, limit: int, offset: int, max_items: int | None) -> _native.Pages:
        return self._client._native.pages(
            self._operation,
            record=self._record,
            filter=self._filter,
            order=self._order,
            limit=limit,
            offset=offset,
            max_items=max_items,
            complete=self._complete,
            since=self._since,
            # For one row there is nothing to fetch ahead.
            prefetch=0 if max_items == 1 else self._prefetch,
        )

    def _up_to(self, max_items: int | None) -> Self:
        """The same listing with at most so many rows."""
        listing = copy_of(self)
        listing._max_items = _most(self._max_items, max_items)
        return listing

    def _uncounted(self) -> DecodeError:
        return DecodeError(f"{self._operation}: the answer carries no total", operation=self._operation)

    def __repr__(self) -> str:
        parts = [self._operation]
        if self._filter:
            parts.append(f"filter={self._filter}")
        if self._order:
            parts.append(f"order={' '.join(self._order)}")
        if self._complete:
            parts.append("complete")
        return f"<{type(self).__name__} {', '.join(parts)}>"


class Listing(_Query[R], Tabular[R]):
    """The rows of a search, asked for page by page as they are used.

    Nothing is sent until it is read, and every iteration starts afresh. It has no length: :meth:`count` asks the API.

    Example::

        for contact in client.contacts.search(company_name="ExampleCorp"):
            print(contact.name)

    Iterating raises what the calls for pages raise, and :class:`~grinfi.ListingError` where the API does not reach all rows.
    """

    __slots__ = ()

    def __iter__(self) -> Rows[R]:
        return Rows(self._client, self._open(limit=self._limit, offset=self._offset, max_items=self._max_items))

    def pages(self) -> Pages[R]:
        """The pages, one after another; a row that slid onto the next page is not handed out twice."""
        return self._pages(limit=self._limit, offset=self._offset, max_items=self._max_items)

    def first(self) -> R | None:
        """The first row, or ``None`` if there is none. Asks for one row only."""
        if self._max_items == 0:
            return None
        for page in self._pages(limit=1, offset=self._offset, max_items=1):
            for row in page.data:
                return row
        return None

    def count(self) -> int:
        """How many rows match, whatever ``offset`` and ``max_items`` say: asks for one row and reads the total.

        Raises:
            DecodeError: the API does not count here.
        """
        for page in copy_of(self, complete=False)._pages(limit=1, offset=0, max_items=1):
            if page.total is not None:
                return page.total
        raise self._uncounted()

    def to_list(self, *, max_items: int | None = None) -> list[R]:
        """All rows in a list, or the first ``max_items``. Mind the memory."""
        most = _most(self._max_items, max_items)
        return [row for page in self._pages(limit=self._limit, offset=self._offset, max_items=most) for row in page]

    def _pages(self, *, limit: int, offset: int, max_items: int | None) -> Pages[R]:
        return Pages(self._client, self._open(limit=limit, offset=offset, max_items=max_items))


class AsyncListing(_Query[R], AsyncTabular[R]):
    """The rows of a search, asked for page by page as they are used.

    Nothing is sent until it is read, and every iteration starts afresh. It has no length: :meth:`count` asks the API.

    Example::

        async for contact in client.contacts.search(company_name="ExampleCorp"):
            print(contact.name)

    Iterating raises what the calls for pages raise, and :class:`~grinfi.ListingError` where the API does not reach all rows.
    """

    __slots__ = ()

    def __aiter__(self) -> AsyncRows[R]:
        return AsyncRows(self._client, self._open(limit=self._limit, offset=self._offset, max_items=self._max_items))

    def pages(self) -> AsyncPages[R]:
        """The pages, one after another; a row that slid onto the next page is not handed out twice."""
        return self._pages(limit=self._limit, offset=self._offset, max_items=self._max_items)

    async def first(self) -> R | None:
        """The first row, or ``None`` if there is none. Asks for one row only."""
        if self._max_items == 0:
            return None
        async for page in self._pages(limit=1, offset=self._offset, max_items=1):
            for row in page.data:
                return row
        return None

    async def count(self) -> int:
        """How many rows match, whatever ``offset`` and ``max_items`` say: asks for one row and reads the total.

        Raises:
            DecodeError: the API does not count here.
        """
        async for page in copy_of(self, complete=False)._pages(limit=1, offset=0, max_items=1):
            if page.total is not None:
                return page.total
        raise self._uncounted()

    async def to_list(self, *, max_items: int | None = None) -> list[R]:
        """All rows in a list, or the first ``max_items``. Mind the memory."""
        most = _most(self._max_items, max_items)
        pages = self._pages(limit=self._limit, offset=self._offset, max_items=most)
        return [row async for page in pages for row in page]

    def _pages(self, *, limit: int, offset: int, max_items: int | None) -> AsyncPages[R]:
        return AsyncPages(self._client, self._open(limit=limit, offset=offset, max_items=max_items))


class _Whole(_Query[R]):
    """What both kinds of listings are that the API documents no pages for."""

    __slots__ = ("_written",)

    def __init__(self, client: Core, record: type[R], call: Call[R], /, **given: Any) -> None:
        self._client = client
        self._record = record
        self._operation = call.operation
        self._limit = 1
        self._offset = 0
        self._max_items = None
        self._order = None
        self._filter = None
        self._complete = False
        self._since = None
        self._prefetch = 0
        self._written: Written = call.write(given)

    def complete(self, *, since: str | None = None) -> Self:
        """The listing itself: all rows come at once, and there is no position to begin at.

        Raises:
            InvalidInputError: a cursor was given.
        """
        if since is not None:
            raise InvalidInputError("since: this listing comes whole and has no cursors", field="since")
        return self

    def _open(self, *, limit: int, offset: int, max_items: int | None) -> _native.Pages:
        # Some have been seen to come in pages all the same; where the answer tells of more, the rest is asked for.
        written = self._written
        return self._client._native.pages(
            self._operation,
            record=self._record,
            path=written.path,
            query=[pair for pair in written.query if pair[0] != "filter"],
            # It goes the way that the operation takes it.
            filter=dict(written.query).get("filter"),
            max_items=max_items,
            prefetch=self._prefetch,
        )


class WholeListing(_Whole[R], Listing[R]):
    """A listing that comes at once."""

    __slots__ = ()

    def count(self) -> int:
        """How many rows there are. They are all asked for: the API does not count here."""
        return sum(len(page) for page in self.pages())


class AsyncWholeListing(_Whole[R], AsyncListing[R]):
    """A listing that comes at once."""

    __slots__ = ()

    async def count(self) -> int:
        """How many rows there are. They are all asked for: the API does not count here."""
        return sum([len(page) async for page in self.pages()])


Q = TypeVar("Q", bound=_Query[Any])


def copy_of(query: Q, *, complete: bool | None = None) -> Q:
    """The same search, to be read otherwise."""
    copied = object.__new__(type(query))
    for name in (name for cls in type(query).__mro__ for name in getattr(cls, "__slots__", ())):
        setattr(copied, name, getattr(query, name))
    if complete is not None:
        copied._complete = complete
    return copied


def _most(known: int | None, given: int | None) -> int | None:
    """The smaller of two limits."""
    if given is None:
        return known
    if not 0 <= _whole("max_items", given) < 2**63:
        raise InvalidInputError(f"max_items: {given} is no number of rows", field="max_items")
    return given if known is None else min(known, given)


def _whole(field: str, value: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInputError(f"{field}: a whole number is needed, not {value!r}", field=field)
    return value


def _order(operation: str, order_by: str | None) -> tuple[str, str] | None:
    if order_by is None:
        return None
    if not isinstance(order_by, str):
        raise InvalidInputError(
            f"order_by: a column such as \"created_at\", or \"-created_at\" for newest first, not {order_by!r}",
            field="order_by",
        )
    column = order_by.removeprefix("-")
    _native.check_order(operation, column)
    return (column, "desc" if order_by != column else "asc")
