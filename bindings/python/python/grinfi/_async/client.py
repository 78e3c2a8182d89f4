"""Sending of requests."""

from __future__ import annotations

import json as _json
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from .. import _native
from .._base_client import BaseClient, Effect
from .._encoders import to_json
from .._responses import RECORDED, RawResponse, Response, no_raw_response, raw_response, record
from .._typing import Self
from .._validation import NOT_GIVEN, NotGiven

if TYPE_CHECKING:
    from .._operation import Prepared

__all__ = ["AsyncApiClient"]

P = ParamSpec("P")
T = TypeVar("T")


class AsyncApiClient(BaseClient):
    """A client without resources."""

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        json: object = NOT_GIVEN,
        effect: Effect | NotGiven = NOT_GIVEN,
    ) -> Response:
        """Sends a request to any endpoint, with the authentication, rate limit, retries and errors of all other requests.

        Args:
            method: The HTTP method, such as ``"GET"``.
            path: The path, with a slash at its start.
            query: Parameters of the query; a list sends several with one name.
            json: The body; ``None`` is null.
            effect: What sending the request again does. By default a GET is read-only, and any other request non-idempotent: it is
                not retried once it may have arrived.

        Raises:
            InvalidInputError: a path without a slash, or a body that JSON cannot represent.
            UnknownOutcomeError: the response was lost.

        Example::

            (await client.request("GET", "/leads/api/lists", query={"limit": 5})).json()
        """
        core, request = self._prepare(method, path, query, json, effect)
        return Response(record(await core.request_async(*request)))

    def with_raw_response(self, method: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[RawResponse[T]]]:
        """Returns a method of this client in a version that returns the raw response together with the return value.

        For methods that send one request. A listing, a download, and a call that takes several requests are refused before
        anything is sent. Errors are raised as usual.

        Args:
            method: A method of one of the client's resources.

        Raises:
            InvalidInputError: the method has no raw response; raised when it is called.

        Example::

            response = await client.with_raw_response(client.users.current)()
            print(response.status, response.headers, response.value.email)
        """

        async def called(*arguments: P.args, **keywords: P.kwargs) -> RawResponse[T]:
            recorded: list[_native.Response] = []
            token = RECORDED.set(recorded)
            try:
                result = method(*arguments, **keywords)
                if not isinstance(result, Awaitable):  # async only
                    raise no_raw_response("it does not send exactly one request")
                value = await result
            finally:
                RECORDED.reset(token)
            return raw_response(method, recorded, value)

        return called

    async def _send(self, prepared: Prepared) -> _native.Response:
        self._check_open()
        return record(await self._core.call_async(*prepared))

    async def _call_resource(self, call: str, arguments: Mapping[str, object]) -> Any:
        """Runs a method of the Rust resources that takes several requests. Returns decoded JSON, or a job to wait for."""
        result, _ = await self._native_client.call_resource_async(to_json({"call": call, "arguments": arguments}))
        return _json.loads(result) if isinstance(result, str) else result

    async def _call_recorded(self, call: str, arguments: Mapping[str, object]) -> tuple[Any, list[_native.Response]]:
        """Like :meth:`_call_resource`, for a method that may take one request: returns the result and the responses."""
        self._check_open()
        result, responses = await self._core.call_resource_async(to_json({"call": call, "arguments": arguments}))
        for response in responses:
            record(response)
        return _json.loads(result) if isinstance(result, str) else None, responses

    async def aclose(self) -> None:  # async only
        """The same as :meth:`close`."""
        self.close()

    async def __aenter__(self) -> Self:
        self._check_open()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.close()
