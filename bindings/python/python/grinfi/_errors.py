"""The exceptions of the package, all subclasses of :class:`GrinfiError`.

The class is the kind of the error. All errors have the same attributes with details of the call; those that do not apply are ``None``,
empty or 0. The classes are named after the variants of ``ErrorKind`` in the Rust crate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar, Literal, NamedTuple

__all__ = [
    "BadRequestError",
    "ClientClosedError",
    "ConfigError",
    "ConnectError",
    "DecodeError",
    "EmptyResponseError",
    "ForbiddenError",
    "GrinfiError",
    "InternalError",
    "InvalidInputError",
    "JobFailedError",
    "ListingError",
    "Lookups",
    "MalformedKeyError",
    "MissingKeyError",
    "NotFoundError",
    "OutOfCreditsError",
    "PartialError",
    "PartialFailure",
    "Progress",
    "RateLimitedError",
    "RequestTimeoutError",
    "SandboxError",
    "ServerError",
    "StatusError",
    "Step",
    "StillRunningError",
    "TransportError",
    "UnauthorizedError",
    "UnconfirmedRequest",
    "UnknownOutcomeError",
    "ValidationError",
]


class UnconfirmedRequest(NamedTuple):
    """A request whose outcome is unknown: what to look for, and since when."""

    started_at: datetime
    """When the call started, by the clock of this machine."""
    path: str
    """The path, including ids."""
    body: bytes | None
    """The body, unless it was a stream."""

    def __repr__(self) -> str:
        # The path and the body may contain personal data.
        return f"<UnconfirmedRequest {self.started_at.isoformat()}>"


class Step(NamedTuple):
    """A step of a call that takes several requests."""

    name: str
    """What the step does, such as ``create the contacts`` or ``set custom field `persona```."""
    ids: list[str]
    """The ids of the records that the step changes, as far as they are known."""
    status: Literal["done", "failed", "unknown", "not_tried"]
    """The result of the step. ``unknown``: it failed and may have taken effect."""


class PartialFailure(NamedTuple):
    """The steps of a call that took effect in part. They do not contain values that were sent."""

    steps: list[Step]
    """All steps, in the order in which they are executed."""

    @property
    def done(self) -> list[Step]:
        """The steps that took effect. The API accepted a mass action that is done, and runs it in the background."""
        return [step for step in self.steps if step.status == "done"]

    @property
    def failed(self) -> Step | None:
        """The step that failed or whose outcome is unknown."""
        return next((step for step in self.steps if step.status in ("failed", "unknown")), None)

    @property
    def not_tried(self) -> list[Step]:
        """The steps that were not executed."""
        return [step for step in self.steps if step.status == "not_tried"]


class Lookups(NamedTuple):
    """Searches for a sent message that did not find it."""

    attempts: int
    """Number of times the listing was read."""
    failed: int
    """Number of those requests that failed."""
    elapsed: float
    """Seconds from the end of the request to the last look."""


class Progress(NamedTuple):
    """The progress of a job that is waited for."""

    looks: int
    """Number of times the state was requested."""
    elapsed: float
    """Time waited, in seconds."""
    done: int | None
    """Number of records that are done, as far as the API shows it."""
    total: int | None
    """Total number of records, if it is known."""
    status: str | None
    """The state that the API returned, if any."""


class GrinfiError(Exception):
    """The base class of all errors of this package.

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
    """What happened, with the message of the API if there is one."""
    field: str | None
    """The invalid argument or setting."""
    operation: str | None
    """The ``operationId`` of the call, such as ``searchContacts``."""
    method: str | None
    """The HTTP method of the call."""
    path: str | None
    """The path template of the call, without ids."""
    status: int | None
    """The HTTP status, if there was a response."""
    reason: str | None
    """The reason that the API returned, such as ``validation_error``."""
    fields: dict[str, list[str]]
    """The messages for each field of a :class:`ValidationError`."""
    retry_after: float | None
    """Delay that the API asked for (``Retry-After``), in seconds."""
    request_id: str | None
    """The request id from the API or its gateway."""
    attempts: int
    """Number of attempts."""
    waited: float
    """Total time spent waiting for the rate limit and between attempts, in seconds."""
    waiting_for: str | None
    """What the call was waiting for when its deadline ended it: ``the rate limit``, ``the response`` or ``the retry delay``."""
    outcome: Literal["not_sent", "refused", "rate_limited", "unknown"] | None
    """The outcome of the request, the worst of its attempts: ``"unknown"`` if an attempt may have taken effect, also for an
    update that can be sent again. ``None`` for errors before any attempt or after a response."""
    lookups: Lookups | None
    """Searches of ``send_once`` for the message, if they did not find it."""
    unconfirmed_request: UnconfirmedRequest | None
    """The request of an :class:`UnknownOutcomeError`."""
    body: bytes | None
    """The first 16 KiB of the response body."""
    json_path: str | None
    """The unexpected part of the response as a path in the body (RFC 9535), if the compiled module decoded it: ``$.data[3].uuid``."""
    record: bytes | None
    """The record that could not be decoded, as JSON, if the compiled module decoded it. It may contain personal data."""
    partial_failure: PartialFailure | None
    """The steps of a call that failed with :class:`PartialError`."""
    progress: Progress | None
    """The last known progress of the job of a :class:`StillRunningError`."""

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
        outcome: Literal["not_sent", "refused", "rate_limited", "unknown"] | None = None,
        lookups: tuple[int, int, float] | None = None,
        unconfirmed_request: tuple[int, str, bytes | None] | None = None,
        body: bytes | None = None,
        json_path: str | None = None,
        record: bytes | None = None,
        partial_failure: Iterable[tuple[str, list[str], Literal["done", "failed", "unknown", "not_tried"]]] | None = None,
        progress: tuple[int, float, int | None, int | None, str | None] | None = None,
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
        self.outcome = outcome
        self.lookups = None if lookups is None else Lookups(*lookups)
        self.unconfirmed_request = None
        if unconfirmed_request is not None:
            micros, asked, sent = unconfirmed_request
            began = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=micros)
            self.unconfirmed_request = UnconfirmedRequest(began, asked, sent)
        self.body = body
        self.json_path = json_path
        self.record = record
        self.partial_failure = None if partial_failure is None else PartialFailure([Step(*step) for step in partial_failure])
        self.progress = None if progress is None else Progress(*progress)

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""

    # Pickling, for example by a process pool, keeps the attributes and the cause.
    def __reduce__(self) -> tuple[Any, ...]:
        return (_restore, (type(self), self.args, self.__dict__.copy(), self.__cause__))


def _restore(
    cls: type[GrinfiError], args: tuple[str, ...], state: dict[str, Any], cause: BaseException | None
) -> GrinfiError:
    error = cls(*args)
    error.__dict__.update(state)
    if cause is not None:
        error.__cause__ = cause
    return error


class ConfigError(GrinfiError, ValueError):
    """A setting of the client is invalid; ``field`` names it. Nothing was sent."""

    kind = "config"


class MissingKeyError(ConfigError):
    """No API key was given, and ``GRINFI_API_KEY`` is not set."""

    kind = "missing_key"


class MalformedKeyError(ConfigError):
    """The API key is malformed: it is truncated or has a prefix."""

    kind = "malformed_key"


class InvalidInputError(GrinfiError, ValueError):
    """An argument is invalid; ``field`` names it. The API would refuse or ignore it. Nothing was sent."""

    kind = "invalid_input"


class ClientClosedError(GrinfiError):
    """The client was closed before this call."""

    kind = "client_closed"


class ConnectError(GrinfiError, ConnectionError):
    """No connection to the API could be established. Nothing was sent."""

    kind = "connect"


class TransportError(GrinfiError, ConnectionError):
    """The connection broke before the response was complete."""

    kind = "transport"


class RequestTimeoutError(GrinfiError, TimeoutError):
    """The response did not arrive in time. ``ErrorKind::Timeout`` in the Rust crate; ``TimeoutError`` is a built-in of Python."""

    kind = "timeout"


class StatusError(GrinfiError):
    """The API returned an error status, see ``status``. The subclasses stand for single statuses."""

    kind = "status"


class BadRequestError(StatusError):
    """400, or another 4xx status without its own class."""

    kind = "bad_request"


class UnauthorizedError(StatusError):
    """401: the API does not accept the key."""

    kind = "unauthorized"


class OutOfCreditsError(StatusError):
    """402: the team is out of credits."""

    kind = "out_of_credits"


class ForbiddenError(StatusError):
    """403: the key does not have the permission."""

    kind = "forbidden"


class NotFoundError(StatusError):
    """404: the record does not exist, or not for this key."""

    kind = "not_found"


class ValidationError(StatusError):
    """422: the API refuses the arguments; see ``fields``."""

    kind = "validation"


class RateLimitedError(StatusError):
    """429: too many requests; see ``retry_after``."""

    kind = "rate_limited"


class ServerError(StatusError):
    """5xx, also from a gateway in front of the API. A 500 often means that the API does not know a filter."""

    kind = "server"


class DecodeError(GrinfiError):
    """The response does not have the expected form; see ``body``."""

    kind = "decode"


class EmptyResponseError(DecodeError):
    """A success response without the expected body."""

    kind = "empty_response"


class UnknownOutcomeError(GrinfiError):
    """The request of a non-idempotent operation may have taken effect, and was not retried.

    Check before calling again, since a message sent twice reaches a person twice. ``unconfirmed_request`` has the
    content and the time to look for.

    - If it is there, continue with it.
    - If it is not there, check again later: the API may show it with a delay.
    - If it still is not there, and a duplicate would do harm, let a person decide.

    ``linkedin_messages.send_once``, ``emails.send_once`` and ``webhooks.ensure`` do these checks. Idempotent calls, such as updates,
    can be repeated.

    Example::

        try:
            client.linkedin_messages.send(sender_profile_uuid=sender.uuid, contact_uuid=jane.uuid, text=text)
        except grinfi.UnknownOutcomeError as error:
            began = error.unconfirmed_request.started_at
            recent = client.linkedin_messages.list(contact_uuid=jane.uuid, type="outbox", order_by="-created_at").pages()
            arrived = any(sent.text == text and sent.created_at >= began for sent in next(recent))
    """

    kind = "unknown_outcome"


class PartialError(GrinfiError):
    """A call that takes several requests failed after a part of it took effect.

    ``partial_failure`` lists the steps that were done, that failed and that were not executed; ``__cause__`` is the error of the
    failed step. An update can be repeated as a whole; repeating a creation would create duplicates.

    Example::

        try:
            client.contacts.create_many(fair.uuid, people)
        except grinfi.PartialError as error:
            for step in error.partial_failure.steps:
                print(step.status, step.name, step.ids)
    """

    kind = "partial"


class StillRunningError(GrinfiError, TimeoutError):
    """A job was not done in time. It may still be running, and can be waited for again; see ``progress``."""

    kind = "still_running"


class JobFailedError(GrinfiError):
    """The API reported that a job failed."""

    kind = "job_failed"


class InternalError(GrinfiError):
    """A bug in the compiled module of the package. The outcome of a pending request is unknown."""

    kind = "internal"


class ListingError(GrinfiError):
    """A listing cannot be read further: the API returns no more rows, or another thread or task is using the iterator."""

    kind = "listing"


class SandboxError(GrinfiError):
    """The sandbox could not be started, or has stopped."""

    kind = "sandbox"
