"""What takes its time and tells of it: waiting for a job, sending a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from ._errors import InvalidInputError

if TYPE_CHECKING:
    from . import _native
    from ._core import Core

__all__ = ["UploadProgress", "check_callback", "follow", "follow_later", "lookup", "waits"]

Seconds = float | timedelta


class UploadProgress(NamedTuple):
    """How much of a file went out."""

    sent: int
    """Bytes of the file that were handed to the connection. It starts again when the upload does."""
    total: int | None
    """Bytes of the whole file, if that is known."""


def check_callback(on_progress: Callable[..., object] | None) -> None:
    """That something can be called; else ``InvalidInputError``."""
    if on_progress is not None and not callable(on_progress):
        why = f"something to call is needed, not {type(on_progress).__name__}"
        raise InvalidInputError(f"on_progress: {why}", field="on_progress")


def follow(
    waiting: _native.Waiting,
    told: Callable[[Any], Any],
    on_progress: Callable[[Any], object] | None,
    *,
    client: Core | None = None,
) -> Any:
    """Waits step by step, and returns the outcome.

    The callback runs here between the steps; what it raises ends the waiting, and so does closing ``client``.
    """
    while True:
        if client is not None:
            client._check_open()
        step = waiting.next()
        if step is None:
            raise RuntimeError("it ended without an outcome")
        done, value = step
        if done:
            return value
        if on_progress is not None:
            on_progress(told(value))


async def follow_later(
    waiting: _native.Waiting,
    told: Callable[[Any], Any],
    on_progress: Callable[[Any], object] | None,
    *,
    client: Core | None = None,
) -> Any:
    """The same for asyncio; an awaitable that the callback returns is awaited."""
    while True:
        if client is not None:
            client._check_open()
        step = await waiting.next_later()
        if step is None:
            raise RuntimeError("it ended without an outcome")
        done, value = step
        if done:
            return value
        if on_progress is not None:
            answer = on_progress(told(value))
            if isinstance(answer, Awaitable):
                await answer


def waits(
    deadline: Seconds,
    *,
    max_looks: int | None = None,
    first_pause: Seconds = 1.0,
    max_pause: Seconds = 15.0,
    settle: Seconds = 30.0,
) -> dict[str, float | int | None]:
    """How to wait, as the compiled part takes it.

    Raises:
        InvalidInputError: one of them is no time, or no number of looks.
    """
    if max_looks is not None and (not isinstance(max_looks, int) or isinstance(max_looks, bool) or not 0 < max_looks < 2**32):
        raise InvalidInputError(f"max_looks: a number from 1 is needed, not {max_looks!r}", field="max_looks")
    return {
        "deadline": _seconds("deadline", deadline),
        "max_looks": max_looks,
        "first_pause": _seconds("first_pause", first_pause),
        "max_pause": _seconds("max_pause", max_pause),
        "settle": _seconds("settle", settle),
    }


def _seconds(field: str, value: Seconds) -> float:
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise InvalidInputError(f"{field}: seconds or a timedelta are needed, not {type(value).__name__}", field=field)
    # Not true of NaN either.
    if not 0 <= seconds <= 1e9:
        raise InvalidInputError(f"{field}: {value!r} is no time to wait", field=field)
    return float(seconds)


def lookup(attempts: int, timeout: Seconds) -> tuple[int, float]:
    """Validates how a send looks for what it sent.

    Raises:
        InvalidInputError: ``lookup_attempts`` is below 1, or ``lookup_timeout`` is not a positive time.
    """
    if isinstance(attempts, bool) or not isinstance(attempts, int) or not 1 <= attempts < 2**32:
        raise InvalidInputError(
            f"lookup_attempts must be a whole number from 1, got {attempts!r}", field="lookup_attempts"
        )
    seconds = _seconds("lookup_timeout", timeout)
    if seconds == 0:
        raise InvalidInputError("lookup_timeout must be greater than 0", field="lookup_timeout")
    return attempts, seconds
