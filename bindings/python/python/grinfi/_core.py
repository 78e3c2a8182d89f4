"""What both clients are: settings, the key behind them, the way to send."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Generic, Literal, NoReturn, ParamSpec, TypeVar

from . import _native
from ._errors import ClientClosedError, ConfigError, DecodeError, GrinfiError, InvalidInputError
from ._types import NOT_GIVEN, NotGiven, is_list
from ._write import ExactJson, as_text, written_or_refused

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._call import Written
    from ._native import Answer
    from ._native import Client as NativeClient

__all__ = ["AsyncCore", "Core", "Effect", "RawResponse", "Response", "SyncCore"]

P = ParamSpec("P")
T = TypeVar("T")

Seconds = float | timedelta

# What settings are called in the core.
_CORE_FIELDS = {
    "quota": "requests_per_minute",
    "root_certificates": "ca_file",
    "user_agent_suffix": "user_agent",
}

# Calls of the core that are answered from memory.
_SENDS_NOTHING = frozenset({"forget_custom_field_names"})

Effect = Literal["reads", "idempotent", "acts"]
"""What repeating a request could do: nothing, no more than once did, or the same again."""


class Response:
    """An answer as it came, with a status of success."""

    __slots__ = ("_answer",)

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._answer.status

    @property
    def headers(self) -> dict[str, str]:
        """The headers, names in lower case; of several with one name the last."""
        return dict(self._answer.headers)

    @property
    def body(self) -> bytes:
        """The body, perhaps empty."""
        return self._answer.body

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self._answer.body.decode(errors="replace")

    @property
    def attempts(self) -> int:
        """How many times the request was sent, or tried to be."""
        return self._answer.attempts

    @property
    def waited(self) -> float:
        """How many seconds the call waited for the quota and between attempts, in all."""
        return self._answer.waited

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            DecodeError: it is none.
        """
        from ._call import read_json

        if not self._answer.body.strip():
            raise DecodeError("the answer has no body", status=self.status)
        return read_json(self._answer)

    def __repr__(self) -> str:
        # The body may hold people's data.
        return f"<Response {self.status}, {len(self.body)} bytes>"


class RawResponse(Response, Generic[T]):
    """An answer as it came, and what the method made of it."""

    __slots__ = ("value",)

    value: T
    """What the method returns."""

    def __init__(self, answer: Answer, value: T) -> None:
        super().__init__(answer)
        self.value = value


_ANSWERS: ContextVar[list[Answer] | None] = ContextVar("grinfi_answers", default=None)
"""The answers to one call of a method that is to hand them out."""


def _kept(answer: Answer) -> Answer:
    answers = _ANSWERS.get()
    if answers is not None:
        answers.append(answer)
    return answer


def _raw(method: object, answers: list[Answer], value: T) -> RawResponse[T]:
    if not answers:
        raise _no_answer(f"{getattr(method, '__qualname__', method)} sends nothing by itself")
    return RawResponse(answers[-1], value)


def _no_answer(why: str) -> InvalidInputError:
    return InvalidInputError(f"method: {why}, so there is no raw response to hand out", field="method")


def refuse_raw(why: str) -> None:
    """Refuses a call that is about to make several requests if its raw response was asked for.

    Raises:
        InvalidInputError: there would be several responses.
    """
    if _ANSWERS.get() is not None:
        raise _no_answer(why)


class _Life:
    """Whether a client is open. A client made by ``with_options`` is closed with the one that made it, not the other way."""

    __slots__ = ("_maker", "ended")

    def __init__(self, maker: _Life | None = None) -> None:
        self._maker = maker
        self.ended = False

    def has_ended(self) -> bool:
        life: _Life | None = self
        while life is not None:
            if life.ended:
                return True
            life = life._maker
        return False


class Core:
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
        self._life = _Life()
        try:
            self._core = _native.Client(
                {
                    "api_key": _text("api_key", api_key),
                    "base_url": _text("base_url", base_url),
                    "connect_timeout": _seconds("connect_timeout", connect_timeout),
                    "timeout": _seconds("timeout", timeout),
                    "deadline": None if deadline is None else _seconds("deadline", deadline),
                    "max_retries": _whole("max_retries", max_retries),
                    "max_rate_limit_wait": _seconds("max_rate_limit_wait", max_rate_limit_wait),
                    "requests_per_minute": _quota(requests_per_minute),
                    "headers": _headers(headers),
                    "proxy": _text("proxy", proxy),
                    "root_certificates": _certificates(ca_file),
                    "user_agent": _text("user_agent", user_agent),
                }
            )
        except GrinfiError as error:
            if error.field in _CORE_FIELDS:
                error.field = _CORE_FIELDS[error.field]
            # Some tools show the variables of every frame that an error went through.
            raise error.with_traceback(None)
        finally:
            del api_key, headers, proxy

    @property
    def base_url(self) -> str:
        """Where the API lives."""
        return self._core.base_url

    @property
    def team_id(self) -> int | None:
        """The team that the key is bound to, as the key itself says."""
        return self._core.team_id

    @property
    def closed(self) -> bool:
        """Whether the client was closed, or the client that made it by :meth:`with_options`."""
        return self._life.has_ended()

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
        """A client whose calls go with these options; it shares all else with this one: key, connections, quota.

        Closing it leaves this one open. Closing this one closes it.

        Args:
            timeout: How long an attempt may go without progress.
            deadline: How long a call may take over all its attempts and waits; ``None`` for as long as these do.
            max_retries: How often a failed attempt is retried; 0 returns the first failure, a 429 included.
            max_rate_limit_wait: How long the key may be rate limited without a break before the call fails.
            headers: Headers to send besides.
            effect: What repeating could do, in place of what is known of the operation. A message sent as ``"idempotent"``
                may arrive twice.

        Raises:
            ConfigError: an option is wrong; ``field`` names it.

        Example::

            client.with_options(deadline=5, max_retries=0).users.current()
        """
        if effect is not NOT_GIVEN and effect not in ("reads", "idempotent", "acts"):
            raise ConfigError(f"effect: \"reads\", \"idempotent\" or \"acts\", not {effect!r}", field="effect")
        self._check_open()
        core = self._core.with_options(
            {
                "timeout": (
                    None if isinstance(timeout, NotGiven) else _seconds("timeout", timeout)
                ),
                "deadline": _deadline(deadline),
                "max_retries": None if isinstance(max_retries, NotGiven) else _whole("max_retries", max_retries),
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
        client._life = _Life(self._life)
        return client

    def close(self) -> None:
        """Ends the use of this client and of those that its :meth:`with_options` made.

        Further calls raise :class:`~grinfi.ClientClosedError`. Closing twice is fine.
        """
        self._life.ended = True

    @property
    def _native(self) -> NativeClient:
        self._check_open()
        refuse_raw("it is not one request")
        return self._core

    def _composing(self, call: str) -> NativeClient:
        """The compiled part for a call that is made of several requests, or of none."""
        if call not in _SENDS_NOTHING:
            return self._native
        self._check_open()
        return self._core

    def _check_open(self) -> None:
        if self._life.has_ended():
            raise ClientClosedError("the client is closed; make a new one")

    def _requesting(
        self, method: str, path: str, query: Mapping[str, object] | None, json: object, effect: Effect | NotGiven
    ) -> tuple[NativeClient, tuple[str, str, list[tuple[str, str]], str | None]]:
        """The parts of a request that is put together by hand."""
        for field, value in (("method", method), ("path", path)):
            if not isinstance(value, str):
                raise InvalidInputError(f"{field}: a text is needed, not {type(value).__name__}", field=field)
            written_or_refused(ExactJson, field, value)
        if not method.isascii() or not method.replace("-", "").isalnum():
            raise InvalidInputError(f"method: `{method}` is no HTTP method", field="method")
        self._check_open()
        core = self._core if isinstance(effect, NotGiven) else self.with_options(effect=effect)._core
        body = None if json is NOT_GIVEN else as_text(written_or_refused(ExactJson, "json", json))
        return core, (method.upper(), path, _query(query), body)

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} client holds a key and is not pickled; make one in each process")

    def __repr__(self) -> str:
        if not hasattr(self, "_core"):
            return f"<{type(self).__name__} that could not be made>"
        state = ", closed" if self.closed else ""
        return f"{type(self).__name__}(base_url={self.base_url!r}, team_id={self.team_id}{state})"


class SyncCore(Core):
    """The base of the synchronous client."""

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        json: object = NOT_GIVEN,
        effect: Effect | NotGiven = NOT_GIVEN,
    ) -> Response:
        """Sends a request to an endpoint that this package does not know, with key, quota, retries and errors as ever.

        Args:
            method: ``"GET"`` and its like.
            path: The path, with a slash at its start.
            query: Parameters of the query; a list gives several of one name.
            json: The body; ``None`` is null.
            effect: What repeating it could do. Without it a GET reads, and all else acts: it is not repeated once it may have
                arrived.

        Raises:
            InvalidInputError: a path without a slash, or a body that JSON cannot say.
            UnknownOutcomeError: the answer was lost.

        Example::

            client.request("GET", "/leads/api/lists", query={"limit": 5}).json()
        """
        core, request = self._requesting(method, path, query, json, effect)
        return Response(_kept(core.request(*request)))

    def with_raw_response(self, method: Callable[P, T]) -> Callable[P, RawResponse[T]]:
        """The same method of this client, whose calls hand out the answer as it came, and beside it what they return.

        It is for methods that make one request. What is a listing, a download, or made of several requests is refused before
        anything is sent. Errors are raised as ever.

        Args:
            method: A method of one of the client's resources.

        Raises:
            InvalidInputError: calling it, where there is no such answer.

        Example::

            answer = client.with_raw_response(client.users.current)()
            print(answer.status, answer.headers, answer.value.email)
        """

        def called(*arguments: P.args, **keywords: P.kwargs) -> RawResponse[T]:
            answers: list[Answer] = []
            token = _ANSWERS.set(answers)
            try:
                value = method(*arguments, **keywords)
            finally:
                _ANSWERS.reset(token)
            return _raw(method, answers, value)

        return called

    def _send(self, written: Written) -> Answer:
        self._check_open()
        return _kept(self._core.call(*written))

    def _composed(self, call: str, arguments: Mapping[str, object]) -> Any:
        """What the core makes of several calls: JSON, or a job to wait for."""
        import json

        answer = self._composing(call).composed(as_text({"call": call, "arguments": arguments}))
        return json.loads(answer) if isinstance(answer, str) else answer

    def __enter__(self) -> Self:
        self._check_open()
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class AsyncCore(Core):
    """The base of the asynchronous client."""

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        json: object = NOT_GIVEN,
        effect: Effect | NotGiven = NOT_GIVEN,
    ) -> Response:
        """Sends a request to an endpoint that this package does not know, with key, quota, retries and errors as ever.

        Args:
            method: ``"GET"`` and its like.
            path: The path, with a slash at its start.
            query: Parameters of the query; a list gives several of one name.
            json: The body; ``None`` is null.
            effect: What repeating it could do. Without it a GET reads, and all else acts: it is not repeated once it may have
                arrived.

        Raises:
            InvalidInputError: a path without a slash, or a body that JSON cannot say.
            UnknownOutcomeError: the answer was lost.

        Example::

            (await client.request("GET", "/leads/api/lists", query={"limit": 5})).json()
        """
        core, request = self._requesting(method, path, query, json, effect)
        return Response(_kept(await core.request_later(*request)))

    def with_raw_response(self, method: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[RawResponse[T]]]:
        """The same method of this client, whose calls hand out the answer as it came, and beside it what they return.

        It is for methods that make one request. What is a listing, a download, or made of several requests is refused before
        anything is sent. Errors are raised as ever.

        Args:
            method: A method of one of the client's resources.

        Raises:
            InvalidInputError: calling it, where there is no such answer.

        Example::

            answer = await client.with_raw_response(client.users.current)()
            print(answer.status, answer.headers, answer.value.email)
        """

        async def called(*arguments: P.args, **keywords: P.kwargs) -> RawResponse[T]:
            answers: list[Answer] = []
            token = _ANSWERS.set(answers)
            try:
                started = method(*arguments, **keywords)
                if not isinstance(started, Awaitable):
                    raise _no_answer("it is not one request")
                value = await started
            finally:
                _ANSWERS.reset(token)
            return _raw(method, answers, value)

        return called

    async def _send(self, written: Written) -> Answer:
        self._check_open()
        return _kept(await self._core.call_later(*written))

    async def _composed(self, call: str, arguments: Mapping[str, object]) -> Any:
        """What the core makes of several calls: JSON, or a job to wait for."""
        import json

        answer = await self._composing(call).composed_later(as_text({"call": call, "arguments": arguments}))
        return json.loads(answer) if isinstance(answer, str) else answer

    async def aclose(self) -> None:
        """The same as :meth:`close`."""
        self.close()

    async def __aenter__(self) -> Self:
        self._check_open()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.close()


def _text(field: str, value: str | None) -> str | None:
    if value is not None and not isinstance(value, str):
        # The value is not repeated: it may be a key.
        raise ConfigError(f"{field}: a text is needed, not {type(value).__name__}", field=field)
    return value


def _certificates(file: str | os.PathLike[str] | None) -> list[bytes]:
    if file is None:
        return []
    try:
        with open(file, "rb") as pem:
            return [pem.read()]
    except (OSError, TypeError) as error:
        raise ConfigError(f"ca_file: it cannot be read: {error}", field="ca_file") from error


def _seconds(field: str, value: Seconds) -> float:
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise ConfigError(f"{field}: seconds or a timedelta are needed, not {value!r}", field=field)
    # Not true of NaN either.
    if not 0 < seconds <= 1e9:
        raise ConfigError(f"{field}: {value!r} is no time to wait", field=field)
    return float(seconds)


def _deadline(value: Seconds | None | NotGiven) -> float | None:
    """0 stands for none, ``None`` for what holds anyway."""
    if isinstance(value, NotGiven):
        return None
    return 0.0 if value is None else _seconds("deadline", value)


def _whole(field: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**32:
        raise ConfigError(f"{field}: a whole number from 0 is needed, not {value!r}", field=field)
    return value


def _quota(value: int | None | NotGiven) -> int | None:
    """0 stands for no limit, ``None`` for that of the key."""
    if isinstance(value, NotGiven):
        return None
    if value is None:
        return 0
    if _whole("requests_per_minute", value) == 0:
        raise ConfigError("requests_per_minute: 0 lets nothing through; None sets no limit", field="requests_per_minute")
    return value


def _headers(headers: Mapping[str, str] | None) -> list[tuple[str, str]]:
    if headers is None:
        return []
    if not isinstance(headers, Mapping):
        raise ConfigError(f"headers: a dict is needed, not {type(headers).__name__}", field="headers")
    for name, value in headers.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise ConfigError("headers: names and values are texts", field="headers")
    return list(headers.items())


def _query(query: Mapping[str, object] | None) -> list[tuple[str, str]]:
    pairs = []
    for name, value in (query or {}).items():
        for item in value if is_list(value) else (value,):
            written = written_or_refused(ExactJson, f"query.{name}", item)
            if isinstance(written, (dict, list)):
                raise InvalidInputError(f"query.{name}: a text or a number is needed", field=f"query.{name}")
            if written is not None:
                pairs.append((name, written if isinstance(written, str) else as_text(written)))
    return pairs
