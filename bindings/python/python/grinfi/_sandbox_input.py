"""What is asked of the arguments of a sandbox and its tenants."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from ._errors import InvalidInputError

__all__ = ["check_any_text", "check_one_of", "check_seconds", "check_seed", "check_whole", "wrong"]


def check_seed(seed: Literal["demo", "empty"] | int) -> str:
    """A seed as the server takes it."""
    known = seed in ("demo", "empty") if isinstance(seed, str) else isinstance(seed, int) and not isinstance(seed, bool)
    if not known or (isinstance(seed, int) and not 0 <= seed <= 1_000_000):
        why = "\"demo\", \"empty\" or a number of contacts up to 1,000,000"
        raise InvalidInputError(f"seed: {why}, not {seed!r}", field="seed")
    return str(seed)


def check_any_text(field: str, value: str) -> str:
    """A text, an empty one too."""
    if not isinstance(value, str):
        raise wrong(field, "a text is needed", value)
    return value


def check_one_of(field: str, value: str, known: tuple[str, ...]) -> str:
    """One of the texts that are known."""
    if value not in known:
        raise InvalidInputError(f"{field}: one of {', '.join(known)} is needed, not {value!r}", field=field)
    return value


def check_whole(field: str, value: int, most: int) -> int:
    """A whole number from 0 on."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise InvalidInputError(f"{field}: a number from 0 to {most}, not {value!r}", field=field)
    return value


def check_seconds(field: str, value: float | timedelta) -> float:
    """A length of time in seconds."""
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise wrong(field, "seconds or a timedelta are needed", value)
    # Not true of NaN either.
    if not 0 <= seconds <= 1e11:
        raise InvalidInputError(f"{field}: {value!r} is no time to go forward by", field=field)
    return float(seconds)


def wrong(field: str, why: str, value: object) -> InvalidInputError:
    """The error for a value of a type that is not taken."""
    return InvalidInputError(f"{field}: {why}, not {type(value).__name__}", field=field)
