"""The API as a server inside this process."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from . import _native
from ._errors import InvalidInputError
from ._sandbox_input import check_any_text, check_seed, check_whole, wrong
from ._validation import NOT_GIVEN, NotGiven
from ._tenant import Tenant
from ._encoders import Time

__all__ = ["Sandbox"]


class Sandbox(Tenant):
    """The Grinfi API as a local, stateful server: nothing that is sent to it reaches anyone.

    Every key has a :class:`Tenant` of its own; the sandbox itself is the tenant of its own key.

    Args:
        seed: What each tenant holds at its start: ``"demo"`` for invented contacts, lists and automations, a number for the same
            team with so many contacts, or ``"empty"``.
        seed_number: The number from which seeded records and new uuids follow. The same seed, number, clock and calls have the
            same answers, to the byte.
        key: The sandbox's own key; without it a fixed one.
        only_keys: Keys to take besides its own, ``None`` for every key. Without it a ``key`` that is given is the only one, and
            otherwise every key is taken.
        host: The address to listen on. Any but that of this machine lets other machines in.
        port: The port to listen on; 0 takes a free one.
        rate_limit: Requests granted to each key in any 60 seconds, as with the real API; ``None`` for no limit.
        mode: ``"observed"`` to answer as the API has been seen to, quirks included, or ``"documented"`` to answer as its
            description has it and to check every request against that.
        data: A file that every tenant is kept in, and brought back from. Nothing that was answered is lost, however the process
            ends. Without it everything is forgotten at the end.
        clock: Where the clocks of the tenants stand still until they are moved; without it they follow the system.
        webhooks_anywhere: Whether webhooks are called on other machines too, and not on this one alone.

    Raises:
        InvalidInputError: an argument that is none of these; ``field`` names it.
        SandboxError: it cannot start; the port is taken, for instance.

    Example::

        with grinfi.Sandbox() as sandbox, sandbox.client() as client:
            print(client.contacts.count())
            print(sandbox.outbox)
    """

    def __init__(
        self,
        *,
        seed: Literal["demo", "empty"] | int = "demo",
        seed_number: int = 0,
        key: str | None = None,
        only_keys: Iterable[str] | None | NotGiven = NOT_GIVEN,
        host: str = "127.0.0.1",
        port: int = 0,
        rate_limit: int | None = 300,
        mode: Literal["observed", "documented"] = "observed",
        data: str | os.PathLike[str] | None = None,
        clock: datetime | None = None,
        webhooks_anywhere: bool = False,
    ) -> None:
        if not isinstance(webhooks_anywhere, bool):
            raise wrong("webhooks_anywhere", "True or False is needed", webhooks_anywhere)
        if mode not in ("observed", "documented"):
            raise wrong("mode", "\"observed\" or \"documented\" is needed", mode)
        if data is not None and (not isinstance(data, (str, os.PathLike)) or not os.fspath(data)):
            raise InvalidInputError(f"data: the path of a file is needed, not {data!r}", field="data")
        self._server = _native.Sandbox(
            {
                "seed": check_seed(seed),
                "seed_number": check_whole("seed_number", seed_number, 2**64 - 1),
                "key": None if key is None else check_any_text("key", key),
                "only_keys": _only(key, only_keys),
                "host": check_any_text("host", host),
                "port": check_whole("port", port, 2**16 - 1),
                "rate_limit": None if rate_limit is None else check_whole("rate_limit", rate_limit, 2**32 - 1),
                "mode": mode,
                "data": None if data is None else os.fspath(data),
                "clock": None if clock is None else Time("clock", clock),
                "webhooks_anywhere": webhooks_anywhere,
            }
        )
        self._tenant = self._server.default_tenant()
        self._key = self._server.key
        self._known = {self._tenant.id: self._key}

    def tenant(self, key: str) -> Tenant:
        """The tenant of a key; it begins with this if the key has not been used yet.

        Raises:
            SandboxError: the sandbox was told not to take that key, or no header can carry it.
        """
        tenant = self._server.tenant_of(check_any_text("key", key))
        self._known[tenant.id] = key
        return Tenant._of(self._server, tenant, key)

    def new_tenant(self) -> Tenant:
        """A tenant of its own, with a key that is made up for it: for a test beside others, for instance.

        Raises:
            SandboxError: the sandbox was told which keys to take.

        Example::

            with sandbox.new_tenant() as tenant, tenant.client() as client:
                client.lists.create("Autumn fair")
        """
        import base64
        import secrets

        # The three parts of a real key, so that clients which look at a key before they use it take it.
        claims = {"specific_team_id": 134, "sub": "20", "jti": secrets.token_hex(8), "exp": 4102444800}
        parts = (json.dumps({"alg": "none"}), json.dumps(claims), "sandbox")
        return self.tenant(".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts))

    @property
    def tenants(self) -> list[Tenant]:
        """Every tenant there is, the oldest first. The keys are known of those that this object handed out."""
        return [Tenant._of(self._server, tenant, self._known.get(tenant.id)) for tenant in self._server.tenants()]

    def close(self) -> None:
        """Stops the server and forgets everything that no data file keeps. Closing twice is fine."""
        self._server.close()


def _only(key: str | None, only_keys: Iterable[str] | None | NotGiven) -> list[str] | None:
    """The keys to take; ``None`` for every key."""
    if isinstance(only_keys, NotGiven):
        # Whoever chooses a key wants to see another refused.
        return None if key is None else [key]
    if only_keys is None:
        return None
    if isinstance(only_keys, (str, bytes)) or not isinstance(only_keys, Iterable):
        raise wrong("only_keys", "a list of keys is needed", only_keys)
    return [check_any_text(f"only_keys[{index}]", each) for index, each in enumerate(only_keys)]
