"""Times as the API writes them, in and out."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

__all__ = ["format_time", "parse_time"]

# A blank has been seen where the T belongs. What carries no offset is UTC.
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|[+-]\d\d:?(?:\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)


def parse_time(text: str) -> datetime:
    """An aware time; ``ValueError`` for a text that is none, without the text, which may be about a person.

    Python 3.10's own ``fromisoformat`` takes neither Z nor any number of digits.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError("a string stands where a time is expected")
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    micros = int(((fraction or "") + "000000")[:6])
    zone = timezone.utc
    if offset and offset not in "Zz":
        digits = offset[1:].replace(":", "").ljust(4, "0")
        ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        zone = timezone(-ahead if offset[0] == "-" else ahead)
    return datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), micros, zone
    )


def format_time(time: datetime) -> str:
    """``2026-02-03T15:55:04.000000Z``; ``ValueError`` for a time without a zone, which could mean any instant."""
    if time.tzinfo is None or time.utcoffset() is None:
        raise ValueError("the time has no zone; say which, with tzinfo=timezone.utc for instance")
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")
