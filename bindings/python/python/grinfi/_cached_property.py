"""What is imported and made when it is first used, whatever other threads and forks do meanwhile.

What is imported this way must not, while it is imported, use such a property itself.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

__all__ = ["cached_property"]

if not TYPE_CHECKING:
    from _thread import RLock

    # A process that is copied while one of its threads imports a module has that module half imported for good, and its lock
    # taken; so has the lock of functools' own property, until 3.12. A fork waits until the package has imported what it is at.
    _importing = RLock()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=_importing.acquire, after_in_parent=_importing.release, after_in_child=_importing.release
        )

    class cached_property(cached_property):
        """A property that is made once, and stays."""

        def __get__(self, instance: Any, owner: Any = None) -> Any:
            if instance is None:
                return self
            with _importing:
                made = instance.__dict__
                if self.attrname not in made:
                    made[self.attrname] = self.func(instance)
                return made[self.attrname]
