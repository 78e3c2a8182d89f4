"""Records of a sandbox: outbox messages, logged requests, faults, webhook deliveries."""

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
"""Effect of a fault rule; see :meth:`Tenant.add_fault`."""


@dataclass(frozen=True)
class OutboxMessage:
    """Message that would have been sent."""

    uuid: str
    """UUID of the message in the API."""
    channel: str
    """Channel: ``linkedin`` or ``email``."""
    sender_profile_uuid: str
    sender_name: str
    sender_email: str | None
    """Sender address of an email."""
    contact_uuid: str
    recipient_name: str
    recipient_linkedin: str | None
    recipient_email: str | None
    """Recipient address of an email."""
    cc: list[str]
    bcc: list[str]
    subject: str | None
    """Subject of an email or InMail."""
    text: str
    """Text with template variables filled in; HTML for emails."""
    queued_at: datetime
    """When the API accepted the message, on the tenant's clock."""

    @classmethod
    def _read(cls, row: Mapping[str, Any]) -> Self:
        return cls(**_fields(cls, {**row, "contact_uuid": row["lead_uuid"], "queued_at": parse_time(row["queued_at"])}))


@dataclass(frozen=True)
class Reason:
    """Invalid value of a request."""

    part: str
    """Part of the request: ``path``, ``query`` or ``body``."""
    pointer: str
    """JSON pointer within that part (RFC 6901): ``/lead/linkedin_id``."""
    message: str
    """What is invalid."""


@dataclass(frozen=True)
class LoggedRequest:
    """Logged request, without headers, and the reasons if it was rejected."""

    method: str
    path: str
    query: str
    """Query as it was sent, without the question mark."""
    body: str
    """Body as text; empty without a body or if it was too large."""
    status: int
    """Status of the response; 0 if a fault reset the connection."""
    number: int
    """Number of the request within its tenant, counted from 1."""
    at: datetime
    """Time of arrival on the tenant's clock."""
    operation: str | None
    """``operationId`` of the operation, if the path has one."""
    message: str | None
    """Message of the rejection."""
    reasons: list[Reason]
    """Invalid values of the request."""
    faults: list[int]
    """Ids of the applied fault rules."""
    curl: str
    """The request as a curl command; the key is the variable ``GRINFI_API_KEY``."""

    @classmethod
    def _read(cls, row: Mapping[str, Any]) -> Self:
        reasons = [Reason(reason["in"], reason["pointer"], reason["message"]) for reason in row["reasons"]]
        return cls(**_fields(cls, {**row, "at": parse_time(row["at"]), "reasons": reasons}))


@dataclass(frozen=True)
class Fault:
    """Fault rule with its counters. A ``with`` statement removes the rule at the end."""

    id: int
    """Id of the rule."""
    kind: FaultKind
    operation: str | None
    """``operationId`` of the matching requests; ``None`` for all."""
    nth: int | None
    times: int | None
    probability: float | None
    seed: int | None
    status: int | None
    retry_after: int | None
    body: str | None
    bytes: int | None
    latency: float | None
    """Delay in seconds."""
    latency_clock: Literal["real", "sandbox"] | None
    matched: int
    """Number of matching requests at the time of reading."""
    applied: int
    """Number of requests to which the rule was applied."""
    _tenant: _native.Tenant = field(repr=False, compare=False)

    def remove(self) -> bool:
        """Removes the rule and returns whether it existed.

        Raises:
            SandboxError: The sandbox is closed.
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
        values = {
            **dict.fromkeys(cls.__dataclass_fields__),
            **rule,
            **{name: row[name] for name in ("id", "matched", "applied")},
            "latency": None if latency is None else latency / 1000,
        }
        return cls(**_fields(cls, {**values, "_tenant": tenant}))


@dataclass(frozen=True)
class DeliveryAttempt:
    """One attempt of a :class:`Delivery`."""

    at: datetime
    """When it was made, on the tenant's clock."""
    status: int | None
    """Status of the response, if there was one."""
    error: str | None
    """Why there was no response."""


@dataclass(frozen=True)
class Delivery:
    """One webhook call and its attempts."""

    id: int
    """Number of the delivery within its tenant, counted from 1."""
    webhook_uuid: str
    event: str
    """Name of the event."""
    method: str
    url: str
    body: Any
    """Body of the call; a ``GET`` is sent without it."""
    at: str
    """When the event happened, on the tenant's clock, in the format of the body."""
    state: Literal["waiting", "delivered", "failed", "blocked"]
    """``waiting`` for an attempt, ``delivered``, ``failed`` after the last attempt, or ``blocked``: the target is on another
    machine, or the filters of the webhook are invalid."""
    reason: str | None
    """Why it is blocked."""
    attempts: list[DeliveryAttempt]
    """Attempts so far, oldest first."""
    next_attempt: datetime | None
    """When the next attempt is due, on the tenant's clock."""

    @classmethod
    def _read(cls, row: Mapping[str, Any]) -> Self:
        attempts = [DeliveryAttempt(parse_time(each["at"]), each["status"], each["error"]) for each in row["attempts"]]
        next_attempt = row["next_attempt"]
        values = {"attempts": attempts, "next_attempt": None if next_attempt is None else parse_time(next_attempt)}
        return cls(**_fields(cls, {**row, **values}))


def _fields(cls: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the fields of a class, without additional ones of the sandbox."""
    return {name: row[name] for name in cls.__dataclass_fields__}
