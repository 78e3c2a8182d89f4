"""The tenant of one key of a sandbox, and its clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from . import _native
from ._client import AsyncGrinfi, Grinfi
from ._errors import InvalidInputError, SandboxError
from ._sandbox_input import check_any_text, check_one_of, check_seconds, check_seed, check_whole
from ._sandbox_records import Delivery, Fault, FaultKind, LoggedRequest, OutboxMessage
from ._timestamps import parse_time
from ._validation import check_id, check_text
from ._encoders import Time, to_json

if TYPE_CHECKING:
    from uuid import UUID

    from typing_extensions import Self

    from . import models

__all__ = ["Clock", "Tenant"]


class Clock:
    """The clock of a tenant, ``tenant.clock``: the times of its records, its rate limit and its webhooks go by it.

    Moving it returns once everything that fell due by that has happened, calls of webhooks included.

    Example::

        sandbox.clock.freeze()
        sandbox.clock.advance(timedelta(days=3))
    """

    __slots__ = ("_tenant",)

    def __init__(self, tenant: _native.Tenant) -> None:
        self._tenant = tenant

    @property
    def now(self) -> datetime:
        """The present time on it."""
        return parse_time(self._tenant.clock()[0])

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still until it is moved."""
        return self._tenant.clock()[1]

    def set(self, time: datetime) -> None:
        """Makes it that time, earlier or later than now. A frozen clock stays frozen; a running one runs on from there.

        Raises:
            InvalidInputError: a time without a zone.
        """
        self._tenant.set_clock(Time("time", time))

    def advance(self, by: float | timedelta) -> None:
        """Moves it forward, by seconds or a ``timedelta``.

        Raises:
            InvalidInputError: no time, or one backwards.
        """
        self._tenant.advance_clock(check_seconds("by", by))

    def freeze(self) -> None:
        """Holds it still where it is."""
        self._tenant.freeze_clock()

    def resume(self) -> None:
        """Lets it run on from where it is."""
        self._tenant.resume_clock()

    def __repr__(self) -> str:
        now, frozen = self._tenant.clock()
        return f"<Clock {now}{', frozen' if frozen else ''}>"


class Tenant:
    """The tenant of one key of a sandbox: its records, outbox, clock, faults and log, apart from those of every other key.

    :meth:`Sandbox.new_tenant` makes one, :meth:`Sandbox.tenant` gives that of a key. The sandbox itself is the tenant of its own
    key. In a ``with`` statement a tenant is forgotten at the end.

    Its methods wait for the sandbox, for microseconds; where they make calls of webhooks, for the targets. A target that runs on
    the event loop of the caller can only answer if the call is made from another thread (``asyncio.to_thread``).

    All of them raise :class:`~grinfi.SandboxError` when the sandbox is closed, or was started by another process.
    """

    def __init__(self) -> None:
        raise TypeError("a tenant belongs to a sandbox: sandbox.new_tenant() makes one, sandbox.tenant(key) gives that of a key")

    _tenant: _native.Tenant
    _server: _native.Sandbox
    _key: str | None

    @classmethod
    def _of(cls, server: _native.Sandbox, tenant: _native.Tenant, key: str | None) -> Tenant:
        made = object.__new__(Tenant)
        made._server, made._tenant, made._key = server, tenant, key
        return made

    @property
    def base_url(self) -> str:
        """Where the sandbox listens."""
        return self._server.base_url

    @property
    def key(self) -> str:
        """The key of the tenant; no secret.

        Raises:
            SandboxError: it is not known here, since the sandbox keeps a hash of it alone; see :attr:`Sandbox.tenants`.
        """
        if self._key is None:
            raise SandboxError("the sandbox keeps no keys, only hashes of them; sandbox.tenant(key) gives the tenant of a key")
        return self._key

    @property
    def id(self) -> str:
        """By what the tenant goes on the control pages: a hash of its key."""
        return self._tenant.id

    def client(
        self,
        *,
        connect_timeout: float | timedelta = 10.0,
        timeout: float | timedelta = 60.0,
        deadline: float | timedelta | None = None,
        max_retries: int = 4,
    ) -> Grinfi:
        """Makes a client of this tenant, with the rate limit that the tenant has now.

        A tenant without a limit gives a client without one. A limit that is set later does not reach the client; it waits when
        the sandbox refuses. The environment is not read: neither its key nor its address can get in.
        """
        return Grinfi(
            self.key,
            base_url=self.base_url,
            connect_timeout=connect_timeout,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            # A tenant that refuses every request has a limit that no client can keep.
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
        """The same for asyncio."""
        return AsyncGrinfi(
            self.key,
            base_url=self.base_url,
            connect_timeout=connect_timeout,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            # A tenant that refuses every request has a limit that no client can keep.
            requests_per_minute=self.rate_limit or None,
        )

    @property
    def outbox(self) -> list[OutboxMessage]:
        """What would have been sent to people, oldest first."""
        return [OutboxMessage._read(row) for row in json.loads(self._tenant.outbox())]

    def clear_outbox(self) -> None:
        """Empties the outbox."""
        self._tenant.clear_outbox()

    @property
    def requests(self) -> list[LoggedRequest]:
        """The last 10,000 requests that have been answered, in the order of their arrival, refused ones included."""
        return [LoggedRequest._read(row) for row in json.loads(self._tenant.requests())]

    def clear_requests(self) -> None:
        """Forgets the requests."""
        self._tenant.clear_requests()

    def reset(self) -> None:
        """Back to how the tenant began. Faults, logged requests and deliveries are forgotten, snapshots are not."""
        self._tenant.reset()

    def seed(self, seed: Literal["demo", "empty"] | int, *, number: int = 0) -> None:
        """Puts other records in the place of all there are, the outbox included; a later :meth:`reset` leads back to them.

        Args:
            seed: ``"demo"``, ``"empty"``, or the number of contacts in the demo's team.
            number: The same seed and number make the same records, and the same uuids afterwards.

        Raises:
            InvalidInputError: it is no seed.
        """
        self._tenant.seed(check_seed(seed), check_whole("number", number, 2**64 - 1))

    def snapshot(self, name: str) -> None:
        """Takes a snapshot of that name, in the place of an older one: all records, the outbox, the clock."""
        self._tenant.snapshot(check_text("name", name))

    def restore(self, name: str) -> None:
        """Back to a snapshot. A clock that stood still when it was taken stands there again; one that ran is left to run.

        Raises:
            SandboxError: there is none of that name.
        """
        self._tenant.restore(check_text("name", name))

    def drop_snapshot(self, name: str) -> None:
        """Forgets a snapshot.

        Raises:
            SandboxError: there is none of that name.
        """
        self._tenant.drop_snapshot(check_text("name", name))

    @property
    def snapshots(self) -> list[str]:
        """The names of the snapshots, sorted."""
        return self._tenant.snapshots()

    def export(self, snapshot: str | None = None) -> dict[str, Any]:
        """The tenant as it is now, or a snapshot, to be written out as JSON and loaded elsewhere.

        Its form may change with the version of this package.

        Raises:
            SandboxError: there is no snapshot of that name.
        """
        exported: dict[str, Any] = json.loads(self._tenant.export(snapshot))
        return exported

    def load(self, exported: Mapping[str, Any]) -> None:
        """Puts what :meth:`export` gave in the place of all there is.

        Raises:
            InvalidInputError: it is no exported tenant.
        """
        if not isinstance(exported, Mapping):
            raise InvalidInputError(f"exported: a dict is needed, not {type(exported).__name__}", field="exported")
        self._tenant.load(to_json(exported))

    @property
    def clock(self) -> Clock:
        """The clock of this tenant."""
        return Clock(self._tenant)

    @property
    def rate_limit(self) -> int | None:
        """The requests granted in any 60 seconds; ``None`` for no limit."""
        return self._tenant.rate_limit()

    def set_rate_limit(self, requests: int | None) -> None:
        """Grants so many requests in any 60 seconds from now on; ``None`` for no limit."""
        self._tenant.set_rate_limit(None if requests is None else check_whole("requests", requests, 2**32 - 1))

    @property
    def credits(self) -> int:
        """The credits that enrichment has left."""
        return self._tenant.credits()

    def set_credits(self, credits: int) -> None:
        """Sets the credits that enrichment has left; with none it answers 402."""
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
        """Adds a rule by which calls go wrong.

        It meets every call of its operation, or every call at all, and counts those it meets. Of several rules that meet one
        call the first decides what happens, and the latencies add up.

        Args:
            kind: What happens: ``"status"``, an answer with ``status`` and the error envelope; ``"html"``, one with a page of
                HTML, as from a gateway; ``"latency"``, the right answer, later; ``"reset"``, the connection is reset, and
                nothing done; ``"truncate"``, it is done, and the connection ends in the middle of the answer;
                ``"commit_then_drop"``, it is done, and not answered: the case that makes people send twice;
                ``"commit_then_status"`` and ``"commit_then_html"``, it is done, and answered with ``status`` all the same.
            operation: The ``operationId`` of the calls that it meets, ``"sendLinkedInMessage"`` for instance.
            nth: Only the call of that number goes wrong, of those it meets; the first is 1.
            times: At most so many calls go wrong.
            probability: Each call it meets goes wrong with that probability, from 0 to 1.
            seed: The same seed draws the same calls.
            status: The status of the answer; for the kinds with HTML it is 502 unless given.
            retry_after: The seconds of the answer's ``Retry-After``.
            body: The body of the answer, in the place of the usual one.
            bytes: How many bytes of the body are sent when it is truncated; half of them unless given.
            latency: Whatever happens, it happens so much later, in seconds or as a ``timedelta``, to the millisecond.
            latency_clock: By which clock: ``"real"``, that of the machine, as it is unless given, or ``"sandbox"``, that of the
                tenant.

        Raises:
            InvalidInputError: a rule without sense; ``field`` names what is wrong.

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
                raise InvalidInputError(f"probability: a number from 0 to 1, not {probability!r}", field="probability")
            rule["probability"] = probability
        if latency is not None:
            rule["latency_ms"] = round(check_seconds("latency", latency) * 1000)
        if latency_clock is not None:
            rule["latency_clock"] = check_one_of("latency_clock", latency_clock, ("real", "sandbox"))
        number = self._tenant.add_fault(to_json(rule))
        return next(fault for fault in self.faults if fault.id == number)

    @property
    def faults(self) -> list[Fault]:
        """The rules by which calls go wrong, oldest first."""
        return [Fault._read(row, self._tenant) for row in json.loads(self._tenant.faults())]

    def clear_faults(self) -> None:
        """Ends every rule."""
        self._tenant.clear_faults()

    @property
    def deliveries(self) -> list[Delivery]:
        """The last 1000 calls of webhooks, oldest first, those that were refused included."""
        return [Delivery._read(row) for row in json.loads(self._tenant.deliveries())]

    def deliver(self) -> list[Delivery]:
        """Makes the calls of webhooks that are due, and returns when each has been tried. They are made without this too, only
        not waited for."""
        self._tenant.deliver()
        return self.deliveries

    def redeliver(self, id: int) -> Delivery:
        """Makes a call of a webhook again, whatever came of it before; how it stands then. One that was refused stays so.

        Raises:
            SandboxError: there is none of that number.
        """
        row = self._tenant.redeliver(check_whole("id", id, 2**64 - 1))
        if row is None:
            raise SandboxError(f"there is no delivery {id}")
        return Delivery._read(json.loads(row))

    def linkedin_reply(
        self, *, contact_uuid: str | UUID, sender_profile_uuid: str | UUID, text: str
    ) -> models.LinkedinMessage:
        """Lets a contact write to a sender on LinkedIn, as no call of the API does; the message that it makes.

        Raises:
            SandboxError: there is no such contact or sender.
        """
        from ._generated.models import LinkedinMessage

        made = self._simulate(
            "linkedin_reply",
            lead_uuid=check_id("contact_uuid", contact_uuid),
            sender_profile_uuid=check_id("sender_profile_uuid", sender_profile_uuid),
            text=check_any_text("text", text),
        )
        return LinkedinMessage(made)

    def connection_accepted(self, *, contact_uuid: str | UUID, sender_profile_uuid: str | UUID) -> None:
        """Lets a contact accept a sender's request to connect on LinkedIn.

        Raises:
            SandboxError: there is no such contact or sender.
        """
        self._simulate(
            "connection_accepted",
            lead_uuid=check_id("contact_uuid", contact_uuid),
            sender_profile_uuid=check_id("sender_profile_uuid", sender_profile_uuid),
        )

    def email_reply(self, *, email_uuid: str | UUID, text: str) -> models.Email:
        """Lets a contact answer an email; the email that it makes. The text is HTML.

        Raises:
            SandboxError: there is no such email.
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
        """Lets an email be opened, clicked, unsubscribed from, or bounce; ``event`` is the webhook event that tells of it.

        Raises:
            SandboxError: there is no such email, or the event is none of these.
        """
        self._simulate("email_event", email_uuid=check_id("email_uuid", email_uuid), event=check_any_text("event", event))

    def message_failed(self, *, message_uuid: str | UUID, reason: str) -> None:
        """Lets a message on LinkedIn fail that has not gone out yet.

        Raises:
            SandboxError: there is no such message, or it went out.
        """
        self._simulate("message_failed", message_uuid=check_id("message_uuid", message_uuid), reason=check_any_text("reason", reason))

    def _simulate(self, kind: str, **what: str) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(self._tenant.simulate(to_json({"kind": kind, **what})))
        return made

    def close(self) -> None:
        """Forgets the tenant and all it holds; its key begins a new one. Doing it twice, or after the sandbox is closed, is fine."""
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
        raise TypeError("a sandbox is a running server and is not pickled; pass base_url and key on")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.base_url!r})"
