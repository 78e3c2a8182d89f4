"""Sandbox server in this process."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from . import _native
from ._encoders import Time
from ._errors import InvalidInputError
from ._sandbox_input import check_any_text, check_seed, check_whole, wrong
from ._tenant import Tenant
from ._validation import NOT_GIVEN, NotGiven

__all__ = ["Sandbox"]


class Sandbox(Tenant):
    """The Grinfi API as a local, stateful server; no message is delivered.

    Every key has its own :class:`Tenant`; the sandbox object is the tenant of the default key.

    Args:
        seed: Records with which each tenant starts: ``"demo"`` for invented contacts, lists and automations, a number for the
            demo data with that many contacts, or ``"empty"``.
        seed_number: Number from which seeded records and new UUIDs are derived. The same seed, number, clock and requests give
            byte-identical responses.
        key: Default key. Default: a fixed key.
        only_keys: Keys to accept besides the default key, or ``None`` for every key. Default: only ``key`` if it is given,
            otherwise every key.
        host: Address to listen on. Other addresses than the loopback address let other machines connect.
        port: Port to listen on; 0 selects a free one.
        rate_limit: Requests per key in any 60 seconds, like the real API; ``None`` means no limit.
        mode: ``"observed"`` to respond as the API was observed to respond, or ``"documented"`` to respond as described and to
            validate every request against the description.
        data: File that stores every tenant, and from which they are restored. No acknowledged change is lost, however the
            process ends. Default: everything is lost at the end.
        clock: Time at which the clocks of the tenants are frozen. Default: they follow the system.
        webhooks_anywhere: Whether webhooks on other machines are called too.

    Raises:
        InvalidInputError: An argument is invalid; ``field`` contains its name.
        SandboxError: The sandbox cannot start, for example because the port is in use.

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
            raise wrong("webhooks_anywhere", "True or False", webhooks_anywhere)
        if mode not in ("observed", "documented"):
            raise wrong("mode", "\"observed\" or \"documented\"", mode)
        if data is not None and (not isinstance(data, (str, os.PathLike)) or not os.fspath(data)):
            raise InvalidInputError(f"data must be the path of a file, got {data!r}", field="data")
        self._server = _native.Sandbox(
            {
                "seed": check_seed(seed),
                "seed_number": check_whole("seed_number", seed_number, 2**64 - 1),
                "key": None if key is None else check_any_text("key", key),
                "only_keys": _accepted_keys(key, only_keys),
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
        self._keys = {self._tenant.id: self._key}

    def tenant(self, key: str) -> Tenant:
        """Returns the tenant of a key, and creates it if the key has not been used yet.

        Raises:
            SandboxError: The sandbox does not accept the key, or it is not visible ASCII.
        """
        tenant = self._server.tenant_of(check_any_text("key", key))
        self._keys[tenant.id] = key
        return Tenant._of(self._server, tenant, key)

    def new_tenant(self) -> Tenant:
        """Creates a tenant with a random key, for example for one of several tests.

        Raises:
            SandboxError: The sandbox accepts only given keys.

        Example::

            with sandbox.new_tenant() as tenant, tenant.client() as client:
                client.lists.create("Autumn fair")
        """
        import base64
        import secrets

        # A JWT like a real key, for clients that decode the key.
        claims = {"specific_team_id": 134, "sub": "20", "jti": secrets.token_hex(8), "exp": 4102444800}
        parts = (json.dumps({"alg": "none"}), json.dumps(claims), "sandbox")
        return self.tenant(".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts))

    @property
    def tenants(self) -> list[Tenant]:
        """Every tenant, oldest first. ``key`` is only known for tenants that this object returned before."""
        return [Tenant._of(self._server, tenant, self._keys.get(tenant.id)) for tenant in self._server.tenants()]

    def close(self) -> None:
        """Stops the server. Data without a data file is lost. Closing twice has no effect."""
        self._server.close()


def _accepted_keys(key: str | None, only_keys: Iterable[str] | None | NotGiven) -> list[str] | None:
    """Returns the keys to accept; ``None`` for every key."""
    if isinstance(only_keys, NotGiven):
        # With a given key, tests expect other keys to be rejected.
        return None if key is None else [key]
    if only_keys is None:
        return None
    if isinstance(only_keys, (str, bytes)) or not isinstance(only_keys, Iterable):
        raise wrong("only_keys", "a list of keys", only_keys)
    return [check_any_text(f"only_keys[{index}]", each) for index, each in enumerate(only_keys)]
