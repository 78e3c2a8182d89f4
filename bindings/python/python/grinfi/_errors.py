"""The exceptions of the package, all under :class:`GrinfiError`.

What people act on is the class. What is known of the call is in attributes that every error has; those that do not apply are
``None``, empty or 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar, NamedTuple

__all__ = [
    "BadRequestError",
    "ClientClosedError",
    "ConfigError",
    "ConnectionBrokenError",
    "ConnectionFailedError",
    "DecodeError",
    "DoubtfulRequest",
    "EmptyResponseError",
    "ForbiddenError",
    "GrinfiError",
    "InvalidInputError",
    "ListingError",
    "MalformedKeyError",
    "MissingKeyError",
    "NotFoundError",
    "OutOfCreditsError",
    "RateLimitedError",
    "RequestTimeoutError",
    "SandboxError",
    "ServerError",
    "StatusError",
    "UnauthorizedError",
    "UnknownOutcomeError",
    "ValidationError",
]


class DoubtfulRequest(NamedTuple):
    """The request that may or may not have had its effect: what to look for, and from when on."""

    started_at: datetime
    """When the call began, by this machine's clock."""
    path: str
    """The path, ids included."""
    body: bytes | None
    """The body, unless it was handed over as a stream."""

    def __repr__(self) -> str:
        # The rest holds people's data.
        return f"<DoubtfulRequest {self.started_at.isoformat()}>"


class GrinfiError(Exception):
    """The root of all errors of this package.

    Example::

        try:
            client.contacts.get(uuid)
        except grinfi.NotFoundError:
            ...
        except grinfi.GrinfiError as error:
            log.warning("%s (%s, request %s)", error, error.kind, error.request_id)
    """

    kind: ClassVar[str] = "error"
    """The kind of error as one word, for logs and counters."""

    message: str
    """What happened, in the words of the API where it gave any."""
    field: str | None
    """The argument or setting that is wrong."""
    operation: str | None
    """The ``operationId`` of the call, ``searchContacts`` for instance."""
    method: str | None
    """The HTTP method of the call."""
    path: str | None
    """The path template of the call, without ids."""
    status: int | None
    """The HTTP status, if an answer came."""
    reason: str | None
    """The reason in the words of the API, ``validation_error`` for instance."""
    fields: dict[str, list[str]]
    """The messages for each field of a :class:`ValidationError`."""
    retry_after: float | None
    """How many seconds the API asked to wait."""
    request_id: str | None
    """The id that the API or its gateway gave the request."""
    attempts: int
    """How many times the request was sent, or tried to be."""
    waited: float
    """How many seconds the call waited between attempts, in all."""
    waiting_for: str | None
    """What the call was waiting for when its deadline ended it: ``the quota``, ``the answer`` and their like."""
    doubtful_request: DoubtfulRequest | None
    """The request of an :class:`UnknownOutcomeError`."""
    body: bytes | None
    """The body of the answer, at most its first 16 KiB."""

    def __init__(
        self,
        text: str = "",
        *,
        message: str | None = None,
        field: str | None = None,
        operation: str | None = None,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        reason: str | None = None,
        fields: Mapping[str, list[str]] | None = None,
        retry_after: float | None = None,
        request_id: str | None = None,
        attempts: int = 0,
        waited: float = 0.0,
        waiting_for: str | None = None,
        doubtful_request: tuple[int, str, bytes | None] | None = None,
        body: bytes | None = None,
    ) -> None:
        super().__init__(text)
        self.message = text if message is None else message
        self.field = field
        self.operation = operation
        self.method = method
        self.path = path
        self.status = status
        self.reason = reason
        self.fields = dict(fields or {})
        self.retry_after = retry_after
        self.request_id = request_id
        self.attempts = attempts
        self.waited = waited
        self.waiting_for = waiting_for
        self.doubtful_request = None
        if doubtful_request is not None:
            micros, asked, sent = doubtful_request
            began = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=micros)
            self.doubtful_request = DoubtfulRequest(began, asked, sent)
        self.body = body

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""

    # An error that comes out of a process pool has to be what it was in there.
    def __reduce__(self) -> tuple[Any, ...]:
        return (_restore, (type(self), self.args, self.__dict__.copy()))


def _restore(cls: type[GrinfiError], args: tuple[str, ...], state: dict[str, Any]) -> GrinfiError:
    error = cls(*args)
    error.__dict__.update(state)
    return error


class ConfigError(GrinfiError, ValueError):
    """A setting of the client is wrong; ``field`` names it. Nothing was sent."""

    kind = "config"


class MissingKeyError(ConfigError):
    """There is no API key, neither given nor in ``GRINFI_API_KEY``."""

    kind = "missing_key"


class MalformedKeyError(ConfigError):
    """The API key cannot be one: it is cut off, or carries something in front."""

    kind = "malformed_key"


class InvalidInputError(GrinfiError, ValueError):
    """An argument would be refused by the API or, worse, ignored; ``field`` names it. Nothing was sent."""

    kind = "invalid_input"


class ClientClosedError(GrinfiError):
    """The client was closed before this call."""

    kind = "client_closed"


class ConnectionFailedError(GrinfiError, ConnectionError):
    """No connection to the API came about; nothing was sent."""

    kind = "connection_failed"


class ConnectionBrokenError(GrinfiError, ConnectionError):
    """The connection broke before the whole answer was there."""

    kind = "connection_broken"


class RequestTimeoutError(GrinfiError, TimeoutError):
    """The answer did not come in time."""

    kind = "timeout"


class StatusError(GrinfiError):
    """The API answered with a status that is no success; ``status`` has it. The subclasses say which."""

    kind = "status"


class BadRequestError(StatusError):
    """400, or another 4xx that has no class of its own."""

    kind = "bad_request"


class UnauthorizedError(StatusError):
    """401: the key is not accepted."""

    kind = "unauthorized"


class OutOfCreditsError(StatusError):
    """402: the team is out of credits."""

    kind = "out_of_credits"


class ForbiddenError(StatusError):
    """403: the key may not do this."""

    kind = "forbidden"


class NotFoundError(StatusError):
    """404: there is no such thing, or not for this key."""

    kind = "not_found"


class ValidationError(StatusError):
    """422: the API names in ``fields`` what it does not like."""

    kind = "validation"


class RateLimitedError(StatusError):
    """429: too many requests; see ``retry_after``."""

    kind = "rate_limited"


class ServerError(StatusError):
    """5xx, also from a gateway before the API. A 500 often means a filter that the API does not know."""

    kind = "server"


class DecodeError(GrinfiError):
    """An answer that does not fit what is known of the operation; ``body`` has it."""

    kind = "decode"


class EmptyResponseError(DecodeError):
    """A success without the body that was expected."""

    kind = "empty_response"


class UnknownOutcomeError(GrinfiError):
    """The request may or may not have had its effect, and was not repeated.

    Look before you call again: a message sent twice reaches a person twice. ``doubtful_request`` says what to look for, and from
    when on. ``linkedin_messages.send_once`` and ``emails.send_once`` look by themselves.
    """

    kind = "unknown_outcome"


class ListingError(GrinfiError):
    """A listing cannot be read on: the API reaches no further, or the iterator is in use elsewhere."""

    kind = "listing"


class SandboxError(GrinfiError):
    """The sandbox does not start, or does not run any more."""

    kind = "sandbox"
