"""Waiting for calls that report progress."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .. import _native
    from .._base_client import BaseClient

__all__ = ["follow_progress"]


async def follow_progress(
    call: _native.ProgressCall,
    progress_type: Callable[[Any], Any],
    on_progress: Callable[[Any], object] | None,
    *,
    client: BaseClient | None = None,
) -> Any:
    """Waits for a call, and returns its result.

    The callback runs between the steps of the call. An exception in it cancels the call, and so does closing ``client``.
    """
    while True:
        if client is not None:
            client._check_open()
        step = await call.next_async()
        if step is None:
            raise RuntimeError("the call ended without a result")
        is_done, value = step
        if is_done:
            return value
        if on_progress is not None:
            called = on_progress(progress_type(value))
            if isinstance(called, Awaitable):  # async only
                await called
