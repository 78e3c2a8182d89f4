"""Operations of the API: how their arguments are sent and their responses decoded."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar

from ._encoders import Encoder, encode, to_json
from ._errors import DecodeError, InvalidInputError, UnknownOutcomeError
from ._record_fields import Nothing
from ._validation import is_missing

if TYPE_CHECKING:
    from typing_extensions import Self

    from . import _native

__all__ = ["Argument", "Operation", "Prepared", "body", "decode_error", "parse_json", "path", "query", "whole"]

T = TypeVar("T")


class Argument(NamedTuple):
    """Where an argument is sent, under which name, how it is encoded, and whether it is required."""

    location: Literal["path", "query", "body", "whole"]
    wire: str
    encoder: Encoder
    required: bool


def path(wire: str, encoder: Encoder) -> Argument:
    """A parameter of the path."""
    return Argument("path", wire, encoder, True)


def query(wire: str, encoder: Encoder, *, required: bool = False) -> Argument:
    """A parameter of the query."""
    return Argument("query", wire, encoder, required)


def body(wire: str, encoder: Encoder, *, required: bool = False) -> Argument:
    """A property of the JSON body."""
    return Argument("body", wire, encoder, required)


def whole(encoder: Encoder, *, required: bool = False) -> Argument:
    """The JSON body itself."""
    return Argument("whole", "", encoder, required)


class Prepared(NamedTuple):
    """A request, as the compiled module takes it."""

    operation: str
    path: list[tuple[str, str]]
    query: list[tuple[str, str]]
    body: str | None
    wants_body: bool


class Operation(Generic[T]):
    """An operation, with its arguments by their names in Python and the type of its response."""

    __slots__ = ("_arguments", "_changing", "_decoder", "_groups", "_has_body", "_optional_body", "id")

    def __init__(self, id: str, decoder: Callable[[Any], T], /, **arguments: Argument) -> None:
        self.id = id
        self._decoder = decoder
        self._arguments = arguments
        self._groups: tuple[Sequence[str], ...] = ()
        self._changing = False
        self._has_body = any(argument.location == "body" for argument in arguments.values())
        self._optional_body = False

    def one_of(self, *groups: Sequence[str]) -> Self:
        """Requires at least one of these groups of arguments."""
        self._groups = groups
        return self

    def changing(self) -> Self:
        """Requires at least one argument in the body."""
        self._changing = True
        return self

    def optional_body(self) -> Self:
        """Sends no body instead of an empty object."""
        self._optional_body = True
        return self

    def encode(self, given: dict[str, Any]) -> list[tuple[Argument, Any]]:
        """Encodes arguments. Omits those that are ``NOT_GIVEN`` and missing values of tables.

        Raises:
            InvalidInputError: an invalid or missing argument.
        """
        encoded = []
        for name, value in given.items():
            argument = self._arguments[name]
            if not is_missing(value):
                encoded.append((argument, encode(argument.encoder, name, value)))
            elif argument.required:
                raise InvalidInputError(f"`{name}` must be given, got {value!r}", field=name)
        return encoded

    def encode_body(self, given: dict[str, Any]) -> dict[str, Any]:
        """Encodes arguments as properties of the body.

        Raises:
            InvalidInputError: an invalid argument.
        """
        return {argument.wire: value for argument, value in self.encode(given)}

    def prepare(self, given: dict[str, Any]) -> Prepared:
        """Returns the request for these arguments.

        Raises:
            InvalidInputError: an invalid or missing argument.
        """
        in_path: list[tuple[str, str]] = []
        in_query: list[tuple[str, str]] = []
        in_body: dict[str, Any] = {}
        content: Any = None
        for argument, value in self.encode(given):
            if argument.location == "path":
                in_path.append((argument.wire, str(value)))
            elif argument.location == "query":
                in_query.append((argument.wire, str(value)))
            elif argument.location == "body":
                in_body[argument.wire] = value
            else:
                content = value
        if self._changing and not in_body:
            raise InvalidInputError("no changes given", field="changes")
        if self._groups and not any(all(_is_given(given[name]) for name in group) for group in self._groups):
            groups = ", or ".join(" and ".join(f"`{name}`" for name in group) for group in self._groups)
            raise InvalidInputError(f"give {groups}", field=self._groups[0][0])
        if in_body or (self._has_body and not self._optional_body):
            content = in_body
        text = None if content is None else to_json(content)
        wants_body = self._decoder is not Nothing and not self._may_be_empty
        return Prepared(self.id, in_path, in_query, text, wants_body)

    @property
    def _may_be_empty(self) -> bool:
        return getattr(self._decoder, "may_be_empty", False)

    def decode(self, response: _native.Response) -> T:
        """Decodes a response.

        Raises:
            DecodeError: the response does not have the expected form.
            UnknownOutcomeError: the same for a non-idempotent operation.
        """
        if self._decoder is Nothing:
            return self._decoder(None)
        if self._may_be_empty and not response.body.strip():
            return self._decoder(None)
        try:
            return self._decoder(parse_json(response))
        except (DecodeError, ValueError) as error:
            if isinstance(error, DecodeError) and error.operation is not None:
                raise
            raise decode_error(response, str(error)) from None


def _is_given(value: object) -> bool:
    return not is_missing(value) and value is not None and not (isinstance(value, str) and not value)


def parse_json(response: _native.Response) -> Any:
    """Parses the body of a response.

    Raises:
        DecodeError: the body is not JSON.
    """
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise decode_error(response, f"the body is not valid JSON: {error}") from error


def decode_error(response: _native.Response, why: str) -> DecodeError | UnknownOutcomeError:
    """Returns the error for a success response that cannot be decoded.

    For a non-idempotent operation it is an unknown outcome: the API accepted the request, so another call would repeat its effect.
    """
    message = f"unexpected response: {why}"
    known: dict[str, Any] = {}
    error: type[DecodeError | UnknownOutcomeError] = DecodeError
    if response.sent is not None:
        message = f"the API accepted the request, which was not retried: {message}"
        error, known = UnknownOutcomeError, {"outcome": "unknown", "unconfirmed_request": response.sent}
    return error(
        f"{response.operation}: {response.status} {message}",
        message=message,
        operation=response.operation,
        method=response.method,
        path=response.path,
        status=response.status,
        attempts=response.attempts,
        waited=response.waited,
        body=response.body[: 16 * 1024],
        **known,
    )
