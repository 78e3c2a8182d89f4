"""The exceptions of the package, all under :class:`GrinfiError`.

What people act on is the class. What is known of the call is in attributes that every error has; those that do not apply are
``None``, empty or 0.
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
    """The request that may or may not have had its effect: what to look for, and from when on."""

    started_at: datetime
    """When the call began, by this machine's clock."""
    path: str
    """The path, ids included."""
    body: bytes | None
    """The body, unless it was handed over as a stream."""

    def __repr__(self) -> str:
        # The rest holds people's data.
        return f"<UnconfirmedRequest {self.started_at.isoformat()}>"


class Step(NamedTuple):
    """A step of a call that takes several requests."""

    name: str
    """What it does, such as ``create the contacts`` or ``set custom field `persona```."""
    ids: list[str]
    """The ids of the records that it is about, as far as they are known."""
    status: Literal["done", "failed", "unknown", "not_tried"]
    """What became of it. ``unknown`` means that it failed and may have had its effect."""


class PartialFailure(NamedTuple):
    """The steps of a call that took effect in part. No step holds a value that was sent."""

    steps: list[Step]
    """All steps, in the order in which they are taken."""

    @property
    def done(self) -> list[Step]:
        """The steps that took effect. A mass action that is done was accepted; the API carries it out in the background."""
        return [step for step in self.steps if step.status == "done"]

    @property
    def failed(self) -> Step | None:
        """The step that failed, or whose outcome is unknown."""
        return next((step for step in self.steps if step.status in ("failed", "unknown")), None)

    @property
    def not_tried(self) -> list[Step]:
        """The steps that were not tried."""
        return [step for step in self.steps if step.status == "not_tried"]


class Lookups(NamedTuple):
    """How often and how long a call looked for what it had sent, without finding it."""

    attempts: int
    """How many times the listing was read."""
    failed: int
    """How many of these readings failed."""
    elapsed: float
    """Seconds from the end of the request to the last reading."""


class Progress(NamedTuple):
    """How far something is that is waited for."""

    looks: int
    """How many times it was looked at."""
    elapsed: float
    """For how many seconds it was waited for."""
    done: int | None
    """How much is done, in records, as far as one can see."""
    total: int | None
    """How much there is to do, in records, if that is known."""
    status: str | None
    """The state in the words of the API, if it has any."""


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
    outcome: Literal["not_sent", "refused", "rate_limited", "unknown"] | None
    """What became of the request, the worst of its attempts: ``"unknown"`` where an attempt may have taken effect, also for an
    update that can be sent again. ``None`` for errors before any attempt or after a response."""
    lookups: Lookups | None
    """How often and how long ``send_once`` looked for what it had sent, if it did not find it."""
    unconfirmed_request: UnconfirmedRequest | None
    """The request of an :class:`UnknownOutcomeError`."""
    body: bytes | None
    """The body of the answer, at most its first 16 KiB."""
    json_path: str | None
    """What of the answer does not fit, as a path in the body (RFC 9535), if the compiled part read it: ``$.data[3].uuid``."""
    record: bytes | None
    """The record that does not fit, JSON as it came, if the compiled part read it. It holds people's data."""
    partial_failure: PartialFailure | None
    """What a :class:`PartialError` did and did not do."""
    progress: Progress | None
    """How far the job of a :class:`StillRunningError` was when it was last looked at."""

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

    # An error that comes out of a process pool has to be what it was in there, with what it came from.
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


class ConnectError(GrinfiError, ConnectionError):
    """No connection to the API came about; nothing was sent."""

    kind = "connect"


class TransportError(GrinfiError, ConnectionError):
    """The connection broke before the whole answer was there."""

    kind = "transport"


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
    """The request of a non-idempotent operation may have taken effect, and was not retried.

    What to do: look before you call again, since a message sent twice reaches a person twice. ``unconfirmed_request`` has what to
    look for, and from when on.

    - It is there: go on with what was found.
    - It is not there: look again later. That it cannot be seen yet does not prove that it will not be.
    - It still is not there, and doing it twice would do harm: leave it to a person.

    ``linkedin_messages.send_once``, ``emails.send_once`` and ``webhooks.ensure`` look by themselves. What does no harm twice,
    such as an update, can be called again.

    Example::

        try:
            client.linkedin_messages.send(sender_profile_uuid=sender.uuid, contact_uuid=jane.uuid, text=text)
        except grinfi.UnknownOutcomeError as error:
            began = error.unconfirmed_request.started_at
            recent = client.linkedin_messages.list(lead_uuid=jane.uuid, type="outbox", order_by="-created_at").pages()
            arrived = any(sent.text == text and sent.created_at >= began for sent in next(recent))
    """

    kind = "unknown_outcome"


class PartialError(GrinfiError):
    """A call that takes several requests failed after a part of it took effect.

    The steps of ``partial_failure`` say what was done, what failed and what was not tried; ``__cause__`` is the failure itself. An
    update can be called again as a whole; creating would create twice.

    Example::

        try:
            client.contacts.create_many(fair.uuid, people)
        except grinfi.PartialError as error:
            for step in error.partial_failure.steps:
                print(step.status, step.name, step.ids)
    """

    kind = "partial"


class StillRunningError(GrinfiError, TimeoutError):
    """What was waited for did not come about in time, and may still: it can be waited for again. ``progress`` says how far it is."""

    kind = "still_running"


class JobFailedError(GrinfiError):
    """The API says that a job failed."""

    kind = "job_failed"


class InternalError(GrinfiError):
    """The compiled part of the package failed in a way that it should not: a bug of the package, not of the program or the API.

    What became of a request under way is unknown.
    """

    kind = "internal"


class ListingError(GrinfiError):
    """A listing cannot be read on: the API reaches no further, or the iterator is in use elsewhere."""

    kind = "listing"


class SandboxError(GrinfiError):
    """The sandbox does not start, or does not run any more."""

    kind = "sandbox"
