"""What came of an import."""

from __future__ import annotations

from typing import NamedTuple

from .._errors import Progress

__all__ = ["Imported"]


class Imported(NamedTuple):
    """What came of an import, as far as one can see."""

    added: int
    """How many contacts the list gained. Contacts that were there already may not be among them."""
    complete: bool
    """Whether the list gained as many as the file has rows. If not, it did not change any more for a while, and the rest is taken
    for rows that made no new contact of the list."""
    progress: Progress
    """How the waiting went."""
