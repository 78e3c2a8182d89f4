"""Options of calls that wait and report progress."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from ._errors import InvalidInputError

__all__ = ["UploadProgress", "check_callback", "lookup_options", "wait_options"]

Seconds = float | timedelta


class UploadProgress(NamedTuple):
    """How much of a file was sent."""

    sent: int
    """Bytes of the file that were passed to the connection. A retry starts again from 0."""
    total: int | None
    """Size of the file in bytes, if known."""


def check_callback(on_progress: Callable[..., object] | None) -> None:
    """Validates a progress callback.

    Raises:
        InvalidInputError: it cannot be called.
    """
    if on_progress is not None and not callable(on_progress):
        why = f"must be callable, got {type(on_progress).__name__}"
        raise InvalidInputError(f"`on_progress` {why}", field="on_progress")


def wait_options(
    deadline: Seconds,
    *,
    max_looks: int | None = None,
    first_pause: Seconds = 1.0,
    max_pause: Seconds = 15.0,
    settle: Seconds = 30.0,
) -> dict[str, float | int | None]:
    """Validates how to wait for a job.

    Raises:
        InvalidInputError: an invalid time or number.
    """
    if max_looks is not None and (not isinstance(max_looks, int) or isinstance(max_looks, bool) or not 0 < max_looks < 2**32):
        raise InvalidInputError(f"`max_looks` must be a whole number from 1, got {max_looks!r}", field="max_looks")
    return {
        "deadline": _seconds("deadline", deadline),
        "max_looks": max_looks,
        "first_pause": _seconds("first_pause", first_pause),
        "max_pause": _seconds("max_pause", max_pause),
        "settle": _seconds("settle", settle),
    }


def lookup_options(attempts: int, timeout: Seconds) -> tuple[int, float]:
    """Validates how ``send_once`` looks for a message whose outcome is unknown.

    Raises:
        InvalidInputError: ``lookup_attempts`` is below 1, or ``lookup_timeout`` is not a positive time.
    """
    if isinstance(attempts, bool) or not isinstance(attempts, int) or not 1 <= attempts < 2**32:
        raise InvalidInputError(
            f"`lookup_attempts` must be a whole number from 1, got {attempts!r}", field="lookup_attempts"
        )
    seconds = _seconds("lookup_timeout", timeout)
    if seconds == 0:
        raise InvalidInputError("`lookup_timeout` must be greater than 0", field="lookup_timeout")
    return attempts, seconds


def _seconds(field: str, value: Seconds) -> float:
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise InvalidInputError(f"`{field}` must be seconds or a timedelta, got {type(value).__name__}", field=field)
    # Also refuses NaN.
    if not 0 <= seconds <= 1e9:
        raise InvalidInputError(f"`{field}` must be between 0 and 1e9 seconds, got {value!r}", field=field)
    return float(seconds)
