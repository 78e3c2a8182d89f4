"""What a sandbox tells of itself: messages that would have gone out, requests, faults, calls of webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ._timestamps import parse_time

if TYPE_CHECKING:
    from typing_extensions import Self

    from . import _native

__all__ = ["Delivery", "DeliveryAttempt", "Fault", "FaultKind", "LoggedRequest", "OutboxMessage", "Reason"]

FaultKind = Literal[
    "status", "html", "latency", "reset", "truncate", "commit_then_drop", "commit_then_status", "commit_then_html"
]
"""What goes wrong with a call; see :meth:`Tenant.add_fault`."""


@dataclass(frozen=True)
class OutboxMessage:
    """One message that would have been sent to a person."""

    uuid: str
    """The id of the message, as the API answered it."""
    channel: str
    """By what way it would have gone: ``linkedin`` or ``email``."""
    sender_profile_uuid: str
    sender_name: str
    sender_email: str | None
    """The address that an email would have come from."""
    contact_uuid: str
    recipient_name: str
    recipient_linkedin: str | None
    recipient_email: str | None
    """The address that an email would have gone to."""
    cc: list[str]
    bcc: list[str]
    subject: str | None
    """The subject of an email or InMail."""
    text: str
    """The text, filled in if it was a template; of an email its HTML."""
    queued_at: datetime
    """When the API took it, on the clock of the tenant."""

    @classmethod
    def _read(cls, row: Mapping[str, Any]) -> Self:
        return cls(**_fields(cls, {**row, "contact_uuid": row["lead_uuid"], "queued_at": parse_time(row["queued_at"])}))


@dataclass(frozen=True)
class Reason:
    """One thing that was wrong with a request."""

    part: str
    """In what part of the request: ``path``, ``query`` or ``body``."""
    pointer: str
    """Where in that part, as a JSON pointer (RFC 6901): ``/lead/linkedin_id``."""
    message: str
    """What is wrong there."""


@dataclass(frozen=True)
class LoggedRequest:
    """One request that the sandbox was sent, without its headers, and why it was refused if it was."""

    method: str
    path: str
    query: str
    """The query as it was sent, without its question mark."""
    body: str
    """The body as text; empty if there was none, or it was too large."""
    status: int
    """The status of the answer; 0 if a fault ended the connection instead."""
    number: int
    """Counts the requests of its tenant, from 1."""
    at: datetime
    """When it came, on the clock of the tenant."""
    operation: str | None
    """The ``operationId`` of the operation that it called, if it called one."""
    message: str | None
    """Why it was refused, in a sentence."""
    reasons: list[Reason]
    """What was wrong with it, place by place."""
    faults: list[int]
    """The ids of the faults that it met with."""
    curl: str
    """The same request as a command; the key is left to the variable ``GRINFI_API_KEY``."""

    @classmethod
    def _read(cls, row: Mapping[str, Any]) -> Self:
        reasons = [Reason(reason["in"], reason["pointer"], reason["message"]) for reason in row["reasons"]]
        return cls(**_fields(cls, {**row, "at": parse_time(row["at"]), "reasons": reasons}))


@dataclass(frozen=True)
class Fault:
    """A rule by which calls go wrong, and what has come of it so far. In a ``with`` statement it ends with that."""

    id: int
    """Its number."""
    kind: FaultKind
    operation: str | None
    """The ``operationId`` of the calls that it meets; ``None`` for all."""
    nth: int | None
    times: int | None
    probability: float | None
    seed: int | None
    status: int | None
    retry_after: int | None
    body: str | None
    bytes: int | None
    latency: float | None
    """Seconds."""
    latency_clock: Literal["real", "sandbox"] | None
    met: int
    """How many calls it had met when this was asked."""
    hit: int
    """How many of them went wrong by it."""
    _tenant: _native.Tenant = field(repr=False, compare=False)

    def remove(self) -> bool:
        """Ends it; whether it was still there.

        Raises:
            SandboxError: the sandbox is closed.
        """
        return self._tenant.remove_fault(self.id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.remove()

    @classmethod
    def _read(cls, row: Mapping[str, Any], tenant: _native.Tenant) -> Self:
        rule = row["rule"]
        latency = rule.get("latency_ms")
        given = {
            **dict.fromkeys(cls.__dataclass_fields__),
            **rule,
            **{name: row[name] for name in ("id", "met", "hit")},
            "latency": None if latency is None else latency / 1000,
        }
        return cls(**_fields(cls, {**given, "_tenant": tenant}))


@dataclass(frozen=True)
class DeliveryAttempt:
    """One try of a :class:`Delivery`."""

    at: datetime
    """When, on the clock of the tenant."""
    status: int | None
    """The status of the answer, if there was one."""
    error: str | None
    """Why there was none."""


@dataclass(frozen=True)
class Delivery:
    """One call of a webhook, and what came of it."""

    id: int
    """Counts the deliveries of its tenant, from 1."""
    webhook_uuid: str
    event: str
    """The event that it tells of."""
    method: str
    url: str
    body: Any
    """The body of the call; a ``GET`` is sent without it."""
    at: str
    """When the event happened, on the clock of the tenant, as the body says it."""
    state: Literal["waiting", "delivered", "failed", "blocked"]
    """``waiting`` to be tried (again), ``delivered``, ``failed`` as often as it is tried, or ``refused``: its target is not on
    this machine."""
    reason: str | None
    """Why it is refused."""
    attempts: list[DeliveryAttempt]
    """The tries so far, oldest first."""
    next_attempt: datetime | None
    """When it is tried next, on the clock of the tenant."""

    @classmethod
    def _read(cls, row: Mapping[str, Any]) -> Self:
        attempts = [DeliveryAttempt(parse_time(each["at"]), each["status"], each["error"]) for each in row["attempts"]]
        again = row["next_attempt"]
        given = {"attempts": attempts, "next_attempt": None if again is None else parse_time(again)}
        return cls(**_fields(cls, {**row, **given}))


def _fields(cls: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    """What of a row a class shows; the sandbox may tell more."""
    return {name: row[name] for name in cls.__dataclass_fields__}
