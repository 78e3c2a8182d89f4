"""Settings and options of clients."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NoReturn

from . import _native
from ._encoders import ExactJson, encode, to_json
from ._errors import ClientClosedError, ConfigError, GrinfiError, InvalidInputError
from ._hints import missing_resource
from ._responses import refuse_raw_response
from ._typing import Self
from ._validation import NOT_GIVEN, NotGiven, is_list

__all__ = ["BaseClient", "Effect"]

Seconds = float | timedelta

# Arguments by the names that the Rust core uses for them.
_CORE_FIELDS = {
    "rate_limit": "requests_per_minute",
    "root_certificates": "ca_file",
    "user_agent_suffix": "user_agent",
}

Effect = Literal["read-only", "idempotent", "non-idempotent"]
"""What sending a request again does: nothing, nothing more than sending it once, or the same again."""


class _Lifetime:
    """Whether a client is open. A client made by ``with_options`` is closed with the client that made it, not vice versa."""

    __slots__ = ("_parent", "ended")

    def __init__(self, parent: _Lifetime | None = None) -> None:
        self._parent = parent
        self.ended = False

    def has_ended(self) -> bool:
        lifetime: _Lifetime | None = self
        while lifetime is not None:
            if lifetime.ended:
                return True
            lifetime = lifetime._parent
        return False


class BaseClient:
    """The base of both clients."""

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        connect_timeout: Seconds = 10.0,
        timeout: Seconds = 60.0,
        deadline: Seconds | None = None,
        max_retries: int = 4,
        max_rate_limit_wait: Seconds = 300.0,
        requests_per_minute: int | None | NotGiven = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
        proxy: str | None = None,
        ca_file: str | os.PathLike[str] | None = None,
        user_agent: str | None = None,
    ) -> None:
        self._lifetime = _Lifetime()
        try:
            self._core = _native.Client(
                {
                    "api_key": _text("api_key", api_key),
                    "base_url": _text("base_url", base_url),
                    "connect_timeout": _seconds("connect_timeout", connect_timeout),
                    "timeout": _seconds("timeout", timeout),
                    "deadline": None if deadline is None else _seconds("deadline", deadline),
                    "max_retries": _whole_number("max_retries", max_retries),
                    "max_rate_limit_wait": _seconds("max_rate_limit_wait", max_rate_limit_wait),
                    "requests_per_minute": _rate_limit(requests_per_minute),
                    "headers": _headers(headers),
                    "proxy": _text("proxy", proxy),
                    "root_certificates": _certificates(ca_file),
                    "user_agent": _text("user_agent", user_agent),
                }
            )
        except GrinfiError as error:
            if error.field in _CORE_FIELDS:
                error.field = _CORE_FIELDS[error.field]
            # Some tools show the variables of every frame of a traceback.
            raise error.with_traceback(None)
        finally:
            del api_key, headers, proxy

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            raise missing_resource(self, name)

    @property
    def base_url(self) -> str:
        """The base URL of the API."""
        return self._core.base_url

    @property
    def team_id(self) -> int | None:
        """The team that the key is bound to, if the key contains it."""
        return self._core.team_id

    @property
    def closed(self) -> bool:
        """Whether the client, or the client that made it by :meth:`with_options`, was closed."""
        return self._lifetime.has_ended()

    def with_options(
        self,
        *,
        timeout: Seconds | NotGiven = NOT_GIVEN,
        deadline: Seconds | None | NotGiven = NOT_GIVEN,
        max_retries: int | NotGiven = NOT_GIVEN,
        max_rate_limit_wait: Seconds | NotGiven = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
        effect: Effect | NotGiven = NOT_GIVEN,
    ) -> Self:
        """Returns a client with other options, which shares everything else with this one: key, connections, rate limit.

        Closing it leaves this client open. Closing this client closes it.

        Args:
            timeout: How long an attempt may go without progress.
            deadline: How long a call may take, over all attempts and waits; ``None`` for no limit.
            max_retries: How often a failed attempt is retried; 0 raises the first failure, also a 429.
            max_rate_limit_wait: How long the key may be rate limited without interruption before calls fail.
            headers: Additional headers.
            effect: What sending a request again does, in place of the documented effect. A message sent as
                ``"idempotent"`` may arrive twice.

        Raises:
            ConfigError: an invalid option; ``field`` names it.

        Example::

            client.with_options(deadline=5, max_retries=0).users.current()
        """
        if effect is not NOT_GIVEN and effect not in ("read-only", "idempotent", "non-idempotent"):
            known = '"read-only", "idempotent" or "non-idempotent"'
            raise ConfigError(f"`effect` must be {known}, got {effect!r}", field="effect")
        self._check_open()
        core = self._core.with_options(
            {
                "timeout": None if isinstance(timeout, NotGiven) else _seconds("timeout", timeout),
                "deadline": _deadline(deadline),
                "max_retries": None if isinstance(max_retries, NotGiven) else _whole_number("max_retries", max_retries),
                "max_rate_limit_wait": (
                    None
                    if isinstance(max_rate_limit_wait, NotGiven)
                    else _seconds("max_rate_limit_wait", max_rate_limit_wait)
                ),
                "headers": _headers(headers),
                "effect": None if isinstance(effect, NotGiven) else effect,
            }
        )
        client = object.__new__(type(self))
        client._core = core
        client._lifetime = _Lifetime(self._lifetime)
        return client

    def close(self) -> None:
        """Closes this client and the clients that its :meth:`with_options` made.

        Further calls raise :class:`~grinfi.ClientClosedError`. Closing a client again has no effect.
        """
        self._lifetime.ended = True

    @property
    def _native_client(self) -> _native.Client:
        """The compiled client, for calls that have no raw response."""
        self._check_open()
        refuse_raw_response("it does not send exactly one request")
        return self._core

    def _check_open(self) -> None:
        if self._lifetime.has_ended():
            raise ClientClosedError("the client is closed; create a new one")

    def _prepare(
        self, method: str, path: str, query: Mapping[str, object] | None, json: object, effect: Effect | NotGiven
    ) -> tuple[_native.Client, tuple[str, str, list[tuple[str, str]], str | None]]:
        """Validates the parts of a request to an arbitrary endpoint."""
        for field, value in (("method", method), ("path", path)):
            if not isinstance(value, str):
                raise InvalidInputError(f"`{field}` must be a string, got {type(value).__name__}", field=field)
            encode(ExactJson, field, value)
        if not method.isascii() or not method.replace("-", "").isalnum():
            raise InvalidInputError(f"`method` must be an HTTP method, got `{method}`", field="method")
        self._check_open()
        core = self._core if isinstance(effect, NotGiven) else self.with_options(effect=effect)._core
        body = None if json is NOT_GIVEN else to_json(encode(ExactJson, "json", json))
        return core, (method.upper(), path, _query(query), body)

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} client contains a key and cannot be pickled; create one in each process")

    def __repr__(self) -> str:
        if "_core" not in self.__dict__:
            return f"<{type(self).__name__} whose creation failed>"
        state = ", closed" if self.closed else ""
        return f"{type(self).__name__}(base_url={self.base_url!r}, team_id={self.team_id}{state})"


def _text(field: str, value: str | None) -> str | None:
    if value is not None and not isinstance(value, str):
        # The message does not repeat the value, which may be a key.
        raise ConfigError(f"`{field}` must be a string, got {type(value).__name__}", field=field)
    return value


def _certificates(file: str | os.PathLike[str] | None) -> list[bytes]:
    if file is None:
        return []
    try:
        with open(file, "rb") as pem:
            return [pem.read()]
    except (OSError, TypeError) as error:
        raise ConfigError(f"`ca_file` cannot be read: {error}", field="ca_file") from error


def _seconds(field: str, value: Seconds) -> float:
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise ConfigError(f"`{field}` must be seconds or a timedelta, got {value!r}", field=field)
    # Also refuses NaN.
    if not 0 < seconds <= 1e9:
        raise ConfigError(f"`{field}` must be greater than 0 and at most 1e9 seconds, got {value!r}", field=field)
    return float(seconds)


def _deadline(value: Seconds | None | NotGiven) -> float | None:
    """Returns the deadline for the compiled client: 0 for no deadline, ``None`` to keep the current one."""
    if isinstance(value, NotGiven):
        return None
    return 0.0 if value is None else _seconds("deadline", value)


def _whole_number(field: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**32:
        raise ConfigError(f"`{field}` must be a whole number from 0, got {value!r}", field=field)
    return value


def _rate_limit(value: int | None | NotGiven) -> int | None:
    """Returns the rate limit for the compiled client: 0 for none, ``None`` for the default."""
    if isinstance(value, NotGiven):
        return None
    if value is None:
        return 0
    if _whole_number("requests_per_minute", value) == 0:
        why = "must be greater than 0; None sets no limit"
        raise ConfigError(f"`requests_per_minute` {why}", field="requests_per_minute")
    return value


def _headers(headers: Mapping[str, str] | None) -> list[tuple[str, str]]:
    if headers is None:
        return []
    if not isinstance(headers, Mapping):
        raise ConfigError(f"`headers` must be a dict, got {type(headers).__name__}", field="headers")
    for name, value in headers.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise ConfigError("`headers` must have strings as names and values", field="headers")
    return list(headers.items())


def _query(query: Mapping[str, object] | None) -> list[tuple[str, str]]:
    pairs = []
    for name, value in (query or {}).items():
        for item in value if is_list(value) else (value,):
            encoded = encode(ExactJson, f"query.{name}", item)
            if isinstance(encoded, (dict, list)):
                raise InvalidInputError(f"`query.{name}` must be a string or a number", field=f"query.{name}")
            if encoded is not None:
                pairs.append((name, encoded if isinstance(encoded, str) else to_json(encoded)))
    return pairs
