"""Listings: searches that are read page by page."""

from __future__ import annotations

from typing import Any, TypeVar

from .._listing import Page, PageIterator, PageSource, Query, RowIterator, UnpagedQuery, page_of, row_limit
from .._record import Record
from .._typing import Self
from .tables import AsyncTableMethods

__all__ = ["AsyncListing", "AsyncPages", "AsyncRows", "AsyncUnpagedListing"]

R = TypeVar("R", bound=Record)


class AsyncRows(RowIterator[R]):
    """An iterator over the rows of a listing.

    After a failed request or a cancellation, the next step continues where the iteration was: no row is lost or repeated. Of two
    threads or tasks that wait at the same time, the second gets a :class:`~grinfi.ListingError`.
    """

    __slots__ = ()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> R:
        rows = self._rows
        while True:
            try:
                # Takes each row out, so that rows already used can be freed.
                return rows.pop()
            except IndexError:
                pass
            if self._native is None or not await _fetch(self):
                raise StopAsyncIteration
            count = None if self._native is None else self._native.take_rows(rows)
            if count is not None:
                self._count = count

    async def aclose(self) -> None:
        """Ends the iteration, and cancels a pending request."""
        self._close()


class AsyncPages(PageIterator[R]):
    """An iterator over the pages of a listing; see :class:`AsyncRows`."""

    __slots__ = ()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Page[R]:
        while True:
            if self._native is None or not await _fetch(self):
                raise StopAsyncIteration
            page = None if self._native is None else self._native.take()
            # Another thread or task may have taken it.
            if page is not None:
                return page_of(page)

    async def aclose(self) -> None:
        """Ends the iteration, and cancels a pending request."""
        self._close()


async def _fetch(source: PageSource[Any]) -> bool:
    """Waits for the next page, and returns whether there is one."""
    # sync only: return source._source().fetch()
    was_canceled = source._wait is not None and source._wait.cancelled()  # async only
    source._wait = wait = source._source().fetch_async(was_canceled)  # async only
    return await wait  # async only


class AsyncListing(Query[R], AsyncTableMethods[R]):
    """The rows of a search, requested page by page as they are used.

    Nothing is sent until the listing is read, and every iteration starts a new search. A listing has no length: :meth:`count` asks
    the API.

    Iterating raises what requests for pages raise, and :class:`~grinfi.ListingError` where the API does not reach all rows.

    Example::

        async for contact in client.contacts.search(company_name="ExampleCorp"):
            print(contact.name)
    """

    __slots__ = ()

    def __aiter__(self) -> AsyncRows[R]:
        return AsyncRows(self._client, self._open(page_size=self._page_size, offset=self._offset, max_items=self._max_items))

    def pages(self) -> AsyncPages[R]:
        """Returns an iterator over the pages. A row that moves to the next page during the iteration is not returned twice."""
        return self._pages(page_size=self._page_size, offset=self._offset, max_items=self._max_items)

    async def first(self) -> R | None:
        """Returns the first row, or ``None`` without rows. Requests one row."""
        if self._max_items == 0:
            return None
        async for page in self._pages(page_size=1, offset=self._offset, max_items=1):
            for row in page.data:
                return row
        return None

    async def count(self) -> int:
        """Returns how many rows match, regardless of ``offset`` and ``max_items``. Requests one row and reads the total.

        Raises:
            DecodeError: the API returns no total here.
        """
        async for page in self._without_order()._pages(page_size=1, offset=0, max_items=1):
            if page.total is not None:
                return page.total
        raise self._missing_total()

    async def to_list(self, *, max_items: int | None = None) -> list[R]:
        """Returns all rows, or the first ``max_items``, as a list in memory."""
        most = row_limit(self._max_items, max_items)
        pages = self._pages(page_size=self._page_size, offset=self._offset, max_items=most)
        return [row async for page in pages for row in page]

    def _pages(self, *, page_size: int, offset: int, max_items: int | None) -> AsyncPages[R]:
        return AsyncPages(self._client, self._open(page_size=page_size, offset=offset, max_items=max_items))


class AsyncUnpagedListing(UnpagedQuery[R], AsyncListing[R]):
    """A listing that the API returns in one response."""

    __slots__ = ()

    async def count(self) -> int:
        """Returns how many rows there are. Requests all of them, since the API returns no total here."""
        return sum([len(page) async for page in self.pages()])
