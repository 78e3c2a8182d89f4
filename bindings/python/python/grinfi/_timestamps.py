"""Parsing and formatting of times in the format of the API."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

__all__ = ["format_time", "parse_time"]

# The API has been observed to return a blank instead of the T. A time without an offset is UTC.
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|[+-]\d\d:?(?:\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)


def parse_time(text: str) -> datetime:
    """Parses a time. Python 3.10's ``fromisoformat`` accepts neither ``Z`` nor all numbers of fractional digits.

    Raises:
        ValueError: not a time. The message does not repeat the string, which may be personal data.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError("expected a time, got another string")
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
    """Formats a time as ``2026-02-03T15:55:04.000000Z``.

    Raises:
        ValueError: the time has no time zone.
    """
    if time.tzinfo is None or time.utcoffset() is None:
        raise ValueError("must have a time zone, such as tzinfo=timezone.utc")
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")
