"""Calls that take several requests: what was done when one of them fails."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .._errors import GrinfiError, PartialError, Step, UnknownOutcomeError

__all__ = ["NamedValue", "Steps"]

_SHOWN = 5


class NamedValue(NamedTuple):
    """A value for a custom field that is there."""

    name: str
    id: str
    value: str | None


class Steps:
    """The steps of a call, each taken inside a ``with``.

    If nothing took effect before the one that fails, its own error is raised, else a :class:`~grinfi.PartialError`.
    """

    __slots__ = ("left", "taken")

    def __init__(self, names: Iterable[str], ids: Iterable[str], *, done: Iterable[str] = ()) -> None:
        known = list(ids)
        self.taken = [Step(name, known, "done") for name in done]
        self.left = [Step(name, known, "not_tried") for name in names]

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None:
            self.taken.append(self.left.pop(0)._replace(status="done"))
        elif isinstance(error, GrinfiError) and self.taken:
            unknown = isinstance(error, UnknownOutcomeError)
            failed = self.left[0]._replace(status="unknown" if unknown else "failed")
            verb = "has an unknown outcome" if unknown else "failed"
            message = f"{failed.name} {verb}: {error}; done: {_listed(self.taken)}"
            if self.left[1:]:
                message += f"; not tried: {_listed(self.left[1:])}"
            raise PartialError(message, partial_failure=[*self.taken, failed, *self.left[1:]]) from error


def _listed(steps: list[Step]) -> str:
    """The first names, and how many more there are."""
    names = ", ".join(step.name for step in steps[:_SHOWN])
    return names if len(steps) <= _SHOWN else f"{names} and {len(steps) - _SHOWN} more"
