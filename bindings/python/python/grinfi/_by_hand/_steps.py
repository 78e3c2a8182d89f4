"""A call that takes several requests: what was done when one of them fails."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .._core import refuse_raw
from .._errors import GrinfiError, PartialError

__all__ = ["NamedValue", "Steps"]


class NamedValue(NamedTuple):
    """A value for a custom field that is there."""

    name: str
    id: str
    value: str | None

    @property
    def step(self) -> str:
        """How setting it is called."""
        return f"custom field `{self.name}`"


class Steps:
    """The steps of a call, by the names that an error calls them by; each is taken inside a ``with``.

    If the first fails nothing has been done, and its error says all; later ones say what was done before.
    """

    __slots__ = ("_done", "_names")

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(names)
        self._done = 0
        if len(self._names) > 1:
            refuse_raw(f"this call makes {len(self._names)} requests")

    def describe(self, name: str) -> None:
        """Says more of the step that was taken last: which record came of it."""
        self._names[self._done - 1] = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None:
            self._done += 1
        elif isinstance(error, GrinfiError) and self._done:
            done, (failed, *left) = self._names[: self._done], self._names[self._done :]
            message = f"{', '.join(done)} took effect, but {failed} failed: {error}"
            if left:
                message += f"; not tried: {', '.join(left)}"
            raise PartialError(message, partly_done=(done, failed, left)) from error
