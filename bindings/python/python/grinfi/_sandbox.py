"""The API as a server inside this process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from . import _native
from ._client import AsyncGrinfi, Grinfi
from ._errors import InvalidInputError
from ._times import parse_time

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["LoggedRequest", "OutboxMessage", "Sandbox"]


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
    queued_at: datetime
    """When the API took it."""


@dataclass(frozen=True)
class LoggedRequest:
    """One request that the sandbox was sent, without its headers."""

    method: str
    path: str
    query: str
    body: str
    status: int


class Sandbox:
    """The Grinfi API as a local, stateful server: nothing that is sent to it reaches anyone.

    Args:
        seed: ``"demo"`` for invented contacts, lists and automations, or ``"empty"``.
        key: The only key to accept; without it a fixed one, and every other key finds a world of its own.
        port: The port to listen on; 0 takes a free one.
        rate_limit: Requests granted in any 60 seconds, as with the real API; ``None`` for no limit.

    Raises:
        InvalidInputError: an argument that is none of these.
        SandboxError: it cannot start; the port is taken, for instance.

    Example::

        with grinfi.Sandbox() as sandbox, sandbox.client() as client:
            print(client.contacts.count())
            print(sandbox.outbox)
    """

    def __init__(
        self,
        *,
        seed: Literal["demo", "empty"] = "demo",
        key: str | None = None,
        port: int = 0,
        rate_limit: int | None = 300,
    ) -> None:
        if seed not in ("demo", "empty"):
            raise InvalidInputError(f"seed: \"demo\" or \"empty\", not {seed!r}", field="seed")
        if key is not None and not isinstance(key, str):
            raise InvalidInputError("key: a text is needed", field="key")
        for field, number, most in (("port", port, 2**16 - 1), ("rate_limit", rate_limit, 2**32 - 1)):
            if number is None and field == "rate_limit":
                continue
            if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= most:
                raise InvalidInputError(f"{field}: a number from 0 to {most}, not {number!r}", field=field)
        self._native = _native.Sandbox(seed=seed, key=key, port=port, rate_limit=rate_limit)

    @property
    def base_url(self) -> str:
        """Where the sandbox listens."""
        return self._native.base_url

    @property
    def key(self) -> str:
        """The key that the sandbox accepts; no secret."""
        return self._native.key

    @property
    def outbox(self) -> list[OutboxMessage]:
        """What would have been sent to people, oldest first.

        Raises:
            SandboxError: the sandbox is closed.
        """
        return [_message(row) for row in json.loads(self._native.outbox())]

    @property
    def requests(self) -> list[LoggedRequest]:
        """The last 10,000 requests, in the order of their arrival.

        Raises:
            SandboxError: the sandbox is closed.
        """
        return [_request(row) for row in json.loads(self._native.requests())]

    def client(
        self,
        *,
        connect_timeout: float | timedelta = 10.0,
        attempt_timeout: float | timedelta = 60.0,
        max_retries: int = 4,
    ) -> Grinfi:
        """A client of this sandbox. The environment is not read: neither its key nor its address can get in."""
        return Grinfi(
            self.key,
            base_url=self.base_url,
            connect_timeout=connect_timeout,
            attempt_timeout=attempt_timeout,
            max_retries=max_retries,
        )

    def async_client(
        self,
        *,
        connect_timeout: float | timedelta = 10.0,
        attempt_timeout: float | timedelta = 60.0,
        max_retries: int = 4,
    ) -> AsyncGrinfi:
        """The same for asyncio."""
        return AsyncGrinfi(
            self.key,
            base_url=self.base_url,
            connect_timeout=connect_timeout,
            attempt_timeout=attempt_timeout,
            max_retries=max_retries,
        )

    def close(self) -> None:
        """Stops the server and forgets everything. Closing twice is fine."""
        self._native.close()

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
        return f"Sandbox(base_url={self.base_url!r})"


def _message(row: Mapping[str, Any]) -> OutboxMessage:
    fields = dict(row)
    fields["contact_uuid"] = fields.pop("lead_uuid")
    fields["queued_at"] = parse_time(fields["queued_at"])
    # The sandbox tells more than is shown here.
    return OutboxMessage(**{name: fields[name] for name in OutboxMessage.__dataclass_fields__})


def _request(row: Mapping[str, Any]) -> LoggedRequest:
    return LoggedRequest(**{name: row[name] for name in LoggedRequest.__dataclass_fields__})
