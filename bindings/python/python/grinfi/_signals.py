"""Tells the exceptions of signal handlers from others."""

from __future__ import annotations

import signal
import traceback
from types import TracebackType

__all__ = ["is_from_handler"]


def is_from_handler(trace: TracebackType | None) -> bool:
    """Whether the handler of a signal, one of those that are set now, raised the exception of this traceback.

    Python runs such a handler inside whatever code runs at the time, code of ``logging`` for instance.
    """
    handlers = (signal.getsignal(number) for number in signal.valid_signals())
    codes = {code for code in (getattr(handler, "__code__", None) for handler in handlers) if code is not None}
    return any(frame.f_code in codes for frame, _ in traceback.walk_tb(trace))
