"""A cached property that is safe to use with threads and forks.

Modules imported by such a property must not use one at import time.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

__all__ = ["cached_property"]

if not TYPE_CHECKING:
    from _thread import RLock

    # A fork during an import leaves the child with a partial module and a locked import lock, and, before Python 3.12, with the
    # locked lock of functools.cached_property. So forks wait until no property is being computed.
    _importing = RLock()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=_importing.acquire, after_in_parent=_importing.release, after_in_child=_importing.release
        )

    class cached_property(cached_property):
        """A property that is computed once."""

        def __get__(self, instance: Any, owner: Any = None) -> Any:
            if instance is None:
                return self
            with _importing:
                values = instance.__dict__
                if self.attrname not in values:
                    values[self.attrname] = self.func(instance)
                return values[self.attrname]
