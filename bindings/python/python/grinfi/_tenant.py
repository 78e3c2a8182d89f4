"""Tenant of one API key of a sandbox, and its clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Literal, NoReturn
from uuid import UUID

from . import _native, models
from ._client import AsyncGrinfi, Grinfi
from ._encoders import Time, to_json
from ._errors import InvalidInputError, SandboxError
from ._sandbox_input import check_any_text, check_one_of, check_seconds, check_seed, check_whole
from ._sandbox_records import Delivery, Fault, FaultKind, LoggedRequest, OutboxMessage
from ._timestamps import parse_time
from ._typing import Self
from ._validation import check_id, check_text

__all__ = ["Clock", "Tenant"]


class Clock:
    """Clock of a tenant, ``tenant.clock``. It determines the times of records, the rate limit and webhook retries.

    Methods that move the clock return after everything that became due has run, including webhook calls.

    Example::

        sandbox.clock.freeze()
        sandbox.clock.advance(timedelta(days=3))
    """

    __slots__ = ("_tenant",)

    def __init__(self, tenant: _native.Tenant) -> None:
        self._tenant = tenant

    @property
    def now(self) -> datetime:
        """Current time of the clock."""
        return parse_time(self._tenant.clock()[0])

    @property
    def is_frozen(self) -> bool:
        """Whether the clock is frozen."""
        return self._tenant.clock()[1]

    def set(self, time: datetime) -> None:
        """Sets the time, earlier or later than now. A frozen clock stays frozen; a running one continues from there.

        Raises:
            InvalidInputError: The time has no time zone.
        """
        self._tenant.set_clock(Time("time", time))

    def advance(self, by: float | timedelta) -> None:
        """Moves the clock forward, by seconds or a ``timedelta``.

        Raises:
            InvalidInputError: The duration is invalid or negative.
        """
        self._tenant.advance_clock(check_seconds("by", by))

    def freeze(self) -> None:
        """Freezes the clock at the current time."""
        self._tenant.freeze_clock()

    def resume(self) -> None:
        """Lets the clock run from its current time."""
        self._tenant.resume_clock()

    def __repr__(self) -> str:
        now, frozen = self._tenant.clock()
        return f"<Clock {now}{', frozen' if frozen else ''}>"


class Tenant:
    """Tenant of one API key: its records, outbox, clock, rate limit, faults and logs, isolated from every other key.

    :meth:`Sandbox.new_tenant` creates one, :meth:`Sandbox.tenant` returns that of a key. The sandbox object is the tenant of the
    default key. A ``with`` statement removes the tenant at the end.

    The methods block for microseconds, or until the targets respond if they send webhook calls. If a target runs on the event
    loop of the caller, use another thread (``asyncio.to_thread``).

    All methods raise :class:`~grinfi.SandboxError` if the sandbox is closed or was started by another process.
    """

    def __init__(self) -> None:
        raise TypeError("cannot create a Tenant directly; use sandbox.new_tenant() or sandbox.tenant(key)")

    _tenant: _native.Tenant
    _server: _native.Sandbox
    _key: str | None

    @classmethod
    def _of(cls, server: _native.Sandbox, tenant: _native.Tenant, key: str | None) -> Tenant:
        created = object.__new__(Tenant)
        created._server, created._tenant, created._key = server, tenant, key
        return created

    @property
    def base_url(self) -> str:
        """Base URL of the sandbox."""
        return self._server.base_url

    @property
    def key(self) -> str:
        """API key of the tenant. It is not a secret.

        Raises:
            SandboxError: The key is not known, since the sandbox stores only a hash; see :attr:`Sandbox.tenants`.
        """
        if self._key is None:
            raise SandboxError("the key of this tenant is not known, the sandbox stores only hashes of keys; use sandbox.tenant(key)")
        return self._key

    @property
    def id(self) -> str:
        """Id in the control API: a hash of the key."""
        return self._tenant.id

    def client(
        self,
        *,
        connect_timeout: float | timedelta = 10.0,
        timeout: float | timedelta = 60.0,
        deadline: float | timedelta | None = None,
        max_retries: int = 4,
    ) -> Grinfi:
        """Returns a client for this tenant, with the tenant's current rate limit.

        Later changes of the rate limit do not change the client; it then waits after a 429. Environment variables are ignored.
        """
        return Grinfi(
            self.key,
            base_url=self.base_url,
            connect_timeout=connect_timeout,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            # A client cannot have a rate limit of 0.
            requests_per_minute=self.rate_limit or None,
        )

    def async_client(
        self,
        *,
        connect_timeout: float | timedelta = 10.0,
        timeout: float | timedelta = 60.0,
        deadline: float | timedelta | None = None,
        max_retries: int = 4,
    ) -> AsyncGrinfi:
        """Returns an async client for this tenant, like :meth:`client`."""
        return AsyncGrinfi(
            self.key,
            base_url=self.base_url,
            connect_timeout=connect_timeout,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            # A client cannot have a rate limit of 0.
            requests_per_minute=self.rate_limit or None,
        )

    @property
    def outbox(self) -> list[OutboxMessage]:
        """Messages that would have been sent, oldest first."""
        return [OutboxMessage._read(row) for row in json.loads(self._tenant.outbox())]

    def clear_outbox(self) -> None:
        """Clears the outbox."""
        self._tenant.clear_outbox()

    @property
    def requests(self) -> list[LoggedRequest]:
        """The last 10,000 finished requests in order of arrival, rejected ones included."""
        return [LoggedRequest._read(row) for row in json.loads(self._tenant.requests())]

    def clear_requests(self) -> None:
        """Clears the request log."""
        self._tenant.clear_requests()

    def reset(self) -> None:
        """Returns the tenant to its initial state. Clears faults, the request log and deliveries, and keeps snapshots."""
        self._tenant.reset()

    def seed(self, seed: Literal["demo", "empty"] | int, *, number: int = 0) -> None:
        """Replaces all records and the outbox with the records of a seed, which a later :meth:`reset` also returns to.

        Args:
            seed: ``"demo"``, ``"empty"``, or the number of contacts of the demo data.
            number: The same seed and number give the same records, and the same UUIDs of later records.

        Raises:
            InvalidInputError: The seed is invalid.
        """
        self._tenant.seed(check_seed(seed), check_whole("number", number, 2**64 - 1))

    def snapshot(self, name: str) -> None:
        """Takes a snapshot of all records, the outbox and the clock. Replaces a snapshot with the same name."""
        self._tenant.snapshot(check_text("name", name))

    def restore(self, name: str) -> None:
        """Restores a snapshot. Restores the clock only if it was frozen when the snapshot was taken.

        Raises:
            SandboxError: There is no snapshot with that name.
        """
        self._tenant.restore(check_text("name", name))

    def drop_snapshot(self, name: str) -> None:
        """Deletes a snapshot.

        Raises:
            SandboxError: There is no snapshot with that name.
        """
        self._tenant.drop_snapshot(check_text("name", name))

    @property
    def snapshots(self) -> list[str]:
        """Names of the snapshots, sorted."""
        return self._tenant.snapshots()

    def export(self, snapshot: str | None = None) -> dict[str, Any]:
        """Exports the current state, or a snapshot, as JSON for :meth:`load`.

        The format may change between versions of this package.

        Raises:
            SandboxError: There is no snapshot with that name.
        """
        exported: dict[str, Any] = json.loads(self._tenant.export(snapshot))
        return exported

    def load(self, exported: Mapping[str, Any]) -> None:
        """Replaces the state with an :meth:`export`.

        Raises:
            InvalidInputError: The value is not a complete export.
        """
        if not isinstance(exported, Mapping):
            raise InvalidInputError(f"exported must be a dict, got {type(exported).__name__}", field="exported")
        self._tenant.load(to_json(exported))

    @property
    def clock(self) -> Clock:
        """Clock of the tenant."""
        return Clock(self._tenant)

    @property
    def rate_limit(self) -> int | None:
        """Requests allowed in any 60 seconds; ``None`` means no limit."""
        return self._tenant.rate_limit()

    def set_rate_limit(self, requests: int | None) -> None:
        """Sets the number of requests allowed in any 60 seconds; ``None`` disables the rate limit."""
        self._tenant.set_rate_limit(None if requests is None else check_whole("requests", requests, 2**32 - 1))

    @property
    def credits(self) -> int:
        """Remaining enrichment credits."""
        return self._tenant.credits()

    def set_credits(self, credits: int) -> None:
        """Sets the enrichment credits; without credits, enrichment responds with 402."""
        self._tenant.set_credits(check_whole("credits", credits, 2**32 - 1))

    def add_fault(
        self,
        kind: FaultKind,
        *,
        operation: str | None = None,
        nth: int | None = None,
        times: int | None = None,
        probability: float | None = None,
        seed: int | None = None,
        status: int | None = None,
        retry_after: int | None = None,
        body: str | None = None,
        bytes: int | None = None,
        latency: float | timedelta | None = None,
        latency_clock: Literal["real", "sandbox"] | None = None,
    ) -> Fault:
        """Adds a rule that makes requests fail, and returns it.

        A rule matches the requests of its operation, or all requests, and counts them. If several rules apply to a request, the
        first one determines the failure, and the latencies add up.

        Args:
            kind: Effect: ``"status"`` responds with ``status`` and the error envelope; ``"html"`` responds with an HTML page,
                like a gateway; ``"latency"`` delays the response; ``"reset"`` resets the connection. In these cases except
                ``"latency"``, the operation does not run. ``"truncate"`` runs the operation and ends the connection in the
                middle of the response; ``"commit_then_drop"`` runs it and resets the connection;
                ``"commit_then_status"`` and ``"commit_then_html"`` run it and respond with ``status``.
            operation: ``operationId`` of the matching requests, for example ``"sendLinkedInMessage"``.
            nth: Applies only to the matching request with that number; the first is 1.
            times: Applies to at most this many requests.
            probability: Applies to each matching request with that probability, from 0 to 1.
            seed: The same seed selects the same requests.
            status: Status of the response. Default for the HTML kinds: 502.
            retry_after: Seconds of ``Retry-After``.
            body: Body of the response.
            bytes: Bytes of the body that ``"truncate"`` sends. Default: half of them.
            latency: Delay in seconds or as a ``timedelta``, with millisecond precision, for any kind.
            latency_clock: Clock of the delay: ``"real"`` for the machine's (default) or ``"sandbox"`` for the tenant's.

        Raises:
            InvalidInputError: The rule is invalid; ``field`` contains the name of the argument.

        Example::

            sandbox.add_fault("commit_then_drop", operation="sendLinkedInMessage", nth=2)
            with sandbox.add_fault("html", status=502, probability=0.1, seed=7):
                sync_everything(client)
        """
        rule: dict[str, Any] = {"kind": check_one_of("kind", kind, FaultKind.__args__)}  # type: ignore[attr-defined]
        for field, text in (("operation", operation), ("body", body)):
            if text is not None:
                rule[field] = check_any_text(field, text)
        for field, number, most in (
            ("nth", nth, 2**64 - 1),
            ("times", times, 2**64 - 1),
            ("seed", seed, 2**64 - 1),
            ("status", status, 2**16 - 1),
            ("retry_after", retry_after, 2**64 - 1),
            ("bytes", bytes, 2**63 - 1),
        ):
            if number is not None:
                rule[field] = check_whole(field, number, most)
        if probability is not None:
            if isinstance(probability, bool) or not isinstance(probability, (int, float)) or not 0 <= probability <= 1:
                raise InvalidInputError(f"probability must be between 0 and 1, got {probability!r}", field="probability")
            rule["probability"] = probability
        if latency is not None:
            rule["latency_ms"] = round(check_seconds("latency", latency) * 1000)
        if latency_clock is not None:
            rule["latency_clock"] = check_one_of("latency_clock", latency_clock, ("real", "sandbox"))
        number = self._tenant.add_fault(to_json(rule))
        return next(fault for fault in self.faults if fault.id == number)

    @property
    def faults(self) -> list[Fault]:
        """Fault rules, oldest first."""
        return [Fault._read(row, self._tenant) for row in json.loads(self._tenant.faults())]

    def clear_faults(self) -> None:
        """Removes every fault rule."""
        self._tenant.clear_faults()

    @property
    def deliveries(self) -> list[Delivery]:
        """The last 1,000 webhook deliveries, oldest first, blocked ones included."""
        return [Delivery._read(row) for row in json.loads(self._tenant.deliveries())]

    def deliver(self) -> list[Delivery]:
        """Sends the webhook calls that are due, and returns every delivery after each call was attempted.

        The sandbox also sends them in the background; call this to wait for them.
        """
        self._tenant.deliver()
        return self.deliveries

    def redeliver(self, id: int) -> Delivery:
        """Attempts a webhook delivery again and returns its new state. A blocked delivery stays blocked.

        Raises:
            SandboxError: There is no delivery with that id.
        """
        row = self._tenant.redeliver(check_whole("id", id, 2**64 - 1))
        if row is None:
            raise SandboxError(f"there is no delivery with the id {id}")
        return Delivery._read(json.loads(row))

    def linkedin_reply(
        self, *, contact_uuid: str | UUID, sender_profile_uuid: str | UUID, text: str
    ) -> models.LinkedinMessage:
        """Simulates a LinkedIn message from a contact to a sender profile, and returns it.

        Raises:
            SandboxError: The contact or sender profile does not exist.
        """
        from ._generated.models import LinkedinMessage

        created = self._simulate(
            "linkedin_reply",
            lead_uuid=check_id("contact_uuid", contact_uuid),
            sender_profile_uuid=check_id("sender_profile_uuid", sender_profile_uuid),
            text=check_any_text("text", text),
        )
        return LinkedinMessage(created)

    def connection_accepted(self, *, contact_uuid: str | UUID, sender_profile_uuid: str | UUID) -> None:
        """Simulates that a contact accepts a LinkedIn connection request.

        Raises:
            SandboxError: The contact or sender profile does not exist.
        """
        self._simulate(
            "connection_accepted",
            lead_uuid=check_id("contact_uuid", contact_uuid),
            sender_profile_uuid=check_id("sender_profile_uuid", sender_profile_uuid),
        )

    def email_reply(self, *, email_uuid: str | UUID, text: str) -> models.Email:
        """Simulates a reply to an email, and returns the new email. The text is HTML.

        Raises:
            SandboxError: The email does not exist.
        """
        from ._generated.models import Email

        return Email(self._simulate("email_reply", email_uuid=check_id("email_uuid", email_uuid), text=check_any_text("text", text)))

    def email_event(
        self,
        *,
        email_uuid: str | UUID,
        event: Literal[
            "contact_opened_email", "contact_clicked_email", "contact_unsubscribed_email", "email_bounced"
        ],
    ) -> None:
        """Simulates that an email is opened, clicked, unsubscribed from, or bounces; ``event`` is the webhook event.

        Raises:
            SandboxError: The email does not exist, or the event is invalid.
        """
        self._simulate("email_event", email_uuid=check_id("email_uuid", email_uuid), event=check_any_text("event", event))

    def message_failed(self, *, message_uuid: str | UUID, reason: str) -> None:
        """Simulates that sending a LinkedIn message fails.

        Raises:
            SandboxError: The message does not exist, or was sent already.
        """
        self._simulate("message_failed", message_uuid=check_id("message_uuid", message_uuid), reason=check_any_text("reason", reason))

    def _simulate(self, kind: str, **fields: str) -> dict[str, Any]:
        created: dict[str, Any] = json.loads(self._tenant.simulate(to_json({"kind": kind, **fields})))
        return created

    def close(self) -> None:
        """Removes the tenant with all of its data. The next use of its key creates a new one.

        Closing twice, or after the sandbox is closed, has no effect.
        """
        try:
            self._server.remove_tenant(self._tenant)
        except SandboxError:
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a running sandbox cannot be pickled; pass base_url and key instead")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.base_url!r})"
