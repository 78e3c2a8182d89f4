"""What every resource does: run a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ._call import Call
    from ._core import AsyncCore, SyncCore

__all__ = ["AsyncResource", "Resource"]

T = TypeVar("T")


class Resource:
    """The base of all resources, reached as attributes of the client."""

    __slots__ = ("_client",)

    def __init__(self, client: SyncCore) -> None:
        self._client = client

    def _run(self, call: Call[T], /, **given: Any) -> T:
        return call.read(self._client._send(call.write(given)))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"


class AsyncResource:
    """The base of all resources of the asynchronous client."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncCore) -> None:
        self._client = client

    async def _run(self, call: Call[T], /, **given: Any) -> T:
        return call.read(await self._client._send(call.write(given)))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"
