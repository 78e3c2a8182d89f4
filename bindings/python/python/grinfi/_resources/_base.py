"""What every resource does: call an operation and read its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from .._errors import DecodeError
from .._record import Record

if TYPE_CHECKING:
    from .. import _native
    from .._client import Grinfi

__all__ = ["Resource"]

R = TypeVar("R", bound=Record)


class Resource:
    """The base of all resources, reached as attributes of the client."""

    __slots__ = ("_client",)

    def __init__(self, client: Grinfi) -> None:
        self._client = client

    def _send(self, operation: str, path: Mapping[str, str], body: object, wants_body: bool) -> _native.Answer:
        text = None if body is None else json.dumps(body)
        return self._client._native.call(operation, path=dict(path), body=text, wants_body=wants_body)

    def _do(self, operation: str, *, path: Mapping[str, str]) -> None:
        """Calls an operation that answers nothing."""
        self._send(operation, path, None, False)

    def _one(
        self, record: type[R], operation: str, *, path: Mapping[str, str] | None = None, body: object = None
    ) -> R:
        """Calls an operation that answers with a record."""
        answer = self._send(operation, path or {}, body, True)
        try:
            return record.from_json(answer.text or "")
        except DecodeError as error:
            raise _misfit(answer, str(error)) from None

    def _many(self, record: type[R], operation: str, *, body: object) -> list[R]:
        """Calls an operation that answers with a bare list of records."""
        answer = self._send(operation, {}, body, True)
        rows = _json(answer)
        if not isinstance(rows, list):
            raise _misfit(answer, "a list of records is expected")
        try:
            return [record(row) for row in rows]
        except (DecodeError, TypeError, ValueError) as error:
            raise _misfit(answer, str(error)) from None

    def _total(self, operation: str, *, body: object) -> int:
        """Calls an operation that answers with a number of records."""
        answer = self._send(operation, {}, body, True)
        counted = _json(answer)
        try:
            return int(counted["total"])
        except (KeyError, TypeError, ValueError):
            raise _misfit(answer, "the answer carries no total") from None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"


def _json(answer: _native.Answer) -> Any:
    try:
        return json.loads(answer.text or "")
    except (ValueError, RecursionError) as error:
        raise _misfit(answer, f"it cannot be read: {error}") from error


def _misfit(answer: _native.Answer, why: str) -> DecodeError:
    """An answer that does not fit, with all that is known of the call."""
    message = f"the answer does not fit: {why}"
    return DecodeError(
        f"{answer.operation}: {answer.status} {message}",
        message=message,
        operation=answer.operation,
        method=answer.method,
        path=answer.path,
        status=answer.status,
        attempts=answer.attempts,
        body=(answer.text or "").encode(errors="replace")[: 16 * 1024],
    )
