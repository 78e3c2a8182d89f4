"""Recognition of exceptions that a signal handler raised."""

from __future__ import annotations

import signal
import traceback
from types import TracebackType

__all__ = ["is_from_handler"]


def is_from_handler(trace: TracebackType | None) -> bool:
    """Returns whether one of the current signal handlers raised the exception of this traceback.

    Python runs signal handlers inside any other code, for example that of ``logging``.
    """
    handlers = (signal.getsignal(number) for number in signal.valid_signals())
    codes = {code for code in (getattr(handler, "__code__", None) for handler in handlers) if code is not None}
    return any(frame.f_code in codes for frame, _ in traceback.walk_tb(trace))
