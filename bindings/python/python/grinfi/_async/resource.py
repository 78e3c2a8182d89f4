"""The base class of all resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from .._hints import missing_method

if TYPE_CHECKING:
    from .._operation import Operation
    from .client import AsyncApiClient

__all__ = ["AsyncResource"]

T = TypeVar("T")


class AsyncResource:
    """The base of all resources, which are attributes of the client."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncApiClient) -> None:
        self._client = client

    async def _run(self, operation: Operation[T], /, **arguments: Any) -> T:
        return operation.decode(await self._client._send(operation.prepare(arguments)))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            raise missing_method(self, name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"
