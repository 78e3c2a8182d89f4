"""What a call is made of: where each argument goes, and what reads the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar

from ._errors import DecodeError, InvalidInputError, UnknownOutcomeError
from ._fields import Nothing
from ._types import is_missing
from ._write import Writer, as_text, written_or_refused

if TYPE_CHECKING:
    from typing_extensions import Self

    from . import _native

__all__ = ["Argument", "Call", "Written", "body", "misfit", "path", "query", "read_json", "whole"]

T = TypeVar("T")


class Argument(NamedTuple):
    """Where an argument goes, under which name, what writes it, and whether it must be there."""

    place: Literal["path", "query", "body", "whole"]
    wire: str
    writer: Writer
    needed: bool


def path(wire: str, writer: Writer) -> Argument:
    """A parameter of the path."""
    return Argument("path", wire, writer, True)


def query(wire: str, writer: Writer, *, needed: bool = False) -> Argument:
    """A parameter of the query."""
    return Argument("query", wire, writer, needed)


def body(wire: str, writer: Writer, *, needed: bool = False) -> Argument:
    """A property of the JSON body."""
    return Argument("body", wire, writer, needed)


def whole(writer: Writer, *, needed: bool = False) -> Argument:
    """The JSON body itself."""
    return Argument("whole", "", writer, needed)


class Written(NamedTuple):
    """A request, as the compiled part takes it."""

    operation: str
    path: list[tuple[str, str]]
    query: list[tuple[str, str]]
    body: str | None
    wants_body: bool


class Call(Generic[T]):
    """An operation: its arguments by the names they have in Python, and the type of its answer."""

    __slots__ = ("_arguments", "_changing", "_groups", "_has_body", "_optional_body", "_read", "operation")

    def __init__(self, operation: str, read: Callable[[Any], T], /, **arguments: Argument) -> None:
        self.operation = operation
        self._read = read
        self._arguments = arguments
        self._groups: tuple[Sequence[str], ...] = ()
        self._changing = False
        self._has_body = any(argument.place == "body" for argument in arguments.values())
        self._optional_body = False

    def one_of(self, *groups: Sequence[str]) -> Self:
        """Says that at least one of these groups of arguments must be given."""
        self._groups = groups
        return self

    def changing(self) -> Self:
        """Says that it makes no sense without anything in the body."""
        self._changing = True
        return self

    def optional_body(self) -> Self:
        """Says that without any of the body there is none, not an empty object."""
        self._optional_body = True
        return self

    def write(self, given: dict[str, Any]) -> Written:
        """The request for these arguments. Omits what is ``NOT_GIVEN`` and missing values of tables.

        Raises:
            InvalidInputError: an argument that the API cannot take.
        """
        in_path: list[tuple[str, str]] = []
        in_query: list[tuple[str, str]] = []
        in_body: dict[str, Any] = {}
        content: Any = None
        for name, value in given.items():
            place, wire, writer, needed = self._arguments[name]
            if is_missing(value):
                if needed:
                    raise InvalidInputError(f"{name}: a value is needed, got {value!r}", field=name)
                continue
            written = written_or_refused(writer, name, value)
            if place == "path":
                in_path.append((wire, str(written)))
            elif place == "query":
                in_query.append((wire, str(written)))
            elif place == "body":
                in_body[wire] = written
            else:
                content = written
        if self._changing and not in_body:
            raise InvalidInputError("changes: there are none", field="changes")
        if self._groups and not any(all(_is_given(given[name]) for name in group) for group in self._groups):
            ways = ", or ".join(" and ".join(group) for group in self._groups)
            raise InvalidInputError(f"{self._groups[0][0]}: give {ways}", field=self._groups[0][0])
        if in_body or (self._has_body and not self._optional_body):
            content = in_body
        text = None if content is None else as_text(content)
        return Written(self.operation, in_path, in_query, text, self._read is not Nothing and not self._maybe)

    @property
    def _maybe(self) -> bool:
        return getattr(self._read, "takes_nothing", False)

    def read(self, answer: _native.Answer) -> T:
        """The answer as its type.

        Raises:
            DecodeError: it does not fit.
            UnknownOutcomeError: it does not fit, and the operation is non-idempotent.
        """
        if self._read is Nothing:
            return self._read(None)
        if self._maybe and not answer.body.strip():
            return self._read(None)
        try:
            return self._read(read_json(answer))
        except (DecodeError, ValueError) as error:
            if isinstance(error, DecodeError) and error.operation is not None:
                raise
            raise misfit(answer, str(error)) from None


def _is_given(value: object) -> bool:
    return not is_missing(value) and value is not None and not (isinstance(value, str) and not value)


def read_json(answer: _native.Answer) -> Any:
    """The JSON of an answer."""
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise misfit(answer, f"it cannot be read: {error}") from error


def misfit(answer: _native.Answer, why: str) -> DecodeError | UnknownOutcomeError:
    """The error of a success that does not decode, with all that is known of the call.

    For a non-idempotent operation it is an unknown outcome: the API accepted the request, and calling again would do it again.
    """
    message = f"the answer does not fit: {why}"
    known: dict[str, Any] = {}
    error: type[DecodeError | UnknownOutcomeError] = DecodeError
    if answer.sent is not None:
        message = f"the request was accepted, and was not retried: {message}"
        error, known = UnknownOutcomeError, {"outcome": "unknown", "unconfirmed_request": answer.sent}
    return error(
        f"{answer.operation}: {answer.status} {message}",
        message=message,
        operation=answer.operation,
        method=answer.method,
        path=answer.path,
        status=answer.status,
        attempts=answer.attempts,
        waited=answer.waited,
        body=answer.body[: 16 * 1024],
        **known,
    )
