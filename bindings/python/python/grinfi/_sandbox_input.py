"""Validation of the arguments of sandboxes and tenants."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from ._errors import InvalidInputError

__all__ = ["check_any_text", "check_one_of", "check_seconds", "check_seed", "check_whole", "wrong"]


def check_seed(seed: Literal["demo", "empty"] | int) -> str:
    """Returns the text of a seed."""
    known = seed in ("demo", "empty") if isinstance(seed, str) else isinstance(seed, int) and not isinstance(seed, bool)
    if not known or (isinstance(seed, int) and not 0 <= seed <= 1_000_000):
        expected = "\"demo\", \"empty\" or a number of contacts up to 1,000,000"
        raise InvalidInputError(f"seed must be {expected}, got {seed!r}", field="seed")
    return str(seed)


def check_any_text(field: str, value: str) -> str:
    """Returns a text, which may be empty."""
    if not isinstance(value, str):
        raise wrong(field, "a string", value)
    return value


def check_one_of(field: str, value: str, known: tuple[str, ...]) -> str:
    """Returns one of the known texts."""
    if value not in known:
        raise InvalidInputError(f"{field} must be one of {', '.join(known)}, got {value!r}", field=field)
    return value


def check_whole(field: str, value: int, most: int) -> int:
    """Returns an integer from 0 to ``most``."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise InvalidInputError(f"{field} must be an integer from 0 to {most}, got {value!r}", field=field)
    return value


def check_seconds(field: str, value: float | timedelta) -> float:
    """Returns a duration in seconds."""
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise wrong(field, "seconds or a timedelta", value)
    # Also rejects NaN.
    if not 0 <= seconds <= 1e11:
        raise InvalidInputError(f"{field} must be a duration from 0 to 1e11 seconds, got {value!r}", field=field)
    return float(seconds)


def wrong(field: str, expected: str, value: object) -> InvalidInputError:
    """Returns the error for a value of the wrong type."""
    return InvalidInputError(f"{field} must be {expected}, got {type(value).__name__}", field=field)
