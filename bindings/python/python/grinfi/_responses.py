"""Raw responses of the API."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._errors import DecodeError, InvalidInputError

if TYPE_CHECKING:
    from . import _native

__all__ = ["RECORDED", "RawResponse", "Response", "no_raw_response", "raw_response", "record", "refuse_raw_response"]

T = TypeVar("T")


class Response:
    """A response with a success status."""

    __slots__ = ("_response",)

    def __init__(self, response: _native.Response) -> None:
        self._response = response

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._response.status

    @property
    def headers(self) -> dict[str, str]:
        """The headers, with lower-case names; of several with one name, the last."""
        return dict(self._response.headers)

    @property
    def body(self) -> bytes:
        """The body, which may be empty."""
        return self._response.body

    @property
    def text(self) -> str:
        """The body as text. Invalid UTF-8 is replaced."""
        return self._response.body.decode(errors="replace")

    @property
    def attempts(self) -> int:
        """Number of attempts."""
        return self._response.attempts

    @property
    def waited(self) -> float:
        """Total time spent waiting for the rate limit and between attempts, in seconds."""
        return self._response.waited

    def json(self) -> Any:
        """Parses the body as JSON.

        Raises:
            DecodeError: the body is empty or not JSON.
        """
        from ._operation import parse_json

        if not self._response.body.strip():
            raise DecodeError("the response has no body", status=self.status)
        return parse_json(self._response)

    def __repr__(self) -> str:
        # The body may contain personal data.
        return f"<Response {self.status}, {len(self.body)} bytes>"


class RawResponse(Response, Generic[T]):
    """A response, together with what the method made of it."""

    __slots__ = ("value",)

    value: T
    """The return value of the method."""

    def __init__(self, response: _native.Response, value: T) -> None:
        super().__init__(response)
        self.value = value


RECORDED: ContextVar[list[_native.Response] | None] = ContextVar("grinfi_responses", default=None)
"""The responses of a call whose raw response was asked for."""


def record(response: _native.Response) -> _native.Response:
    """Records a response if the raw response of the call was asked for, and returns it."""
    recorded = RECORDED.get()
    if recorded is not None:
        recorded.append(response)
    return response


def raw_response(method: object, recorded: list[_native.Response], value: T) -> RawResponse[T]:
    """Returns the raw response of a method that has returned.

    Raises:
        InvalidInputError: the method did not send a request.
    """
    if not recorded:
        raise no_raw_response(f"{getattr(method, '__qualname__', method)} does not send a request")
    return RawResponse(recorded[-1], value)


def no_raw_response(why: str) -> InvalidInputError:
    """Returns the error for a method that has no raw response."""
    return InvalidInputError(f"`method` has no raw response: {why}", field="method")


def refuse_raw_response(why: str) -> None:
    """Refuses a call that is about to make several requests if its raw response was asked for.

    Raises:
        InvalidInputError: the raw response was asked for.
    """
    if RECORDED.get() is not None:
        raise no_raw_response(why)
