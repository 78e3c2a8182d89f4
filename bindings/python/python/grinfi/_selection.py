"""Selections of records for mass actions and exports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ._errors import InvalidInputError
from ._validation import NOT_GIVEN, NotGiven
from ._encoders import Id, Some

if TYPE_CHECKING:
    from uuid import UUID

__all__ = ["selection"]


def selection(
    uuids: Iterable[str | UUID] | NotGiven, all: bool, except_uuids: Iterable[str | UUID] | NotGiven
) -> dict[str, Any]:
    """Returns the selection in the format of the API. Selecting everything must be explicit.

    Raises:
        InvalidInputError: neither or both of ``uuids`` and ``all``, or an empty list.
    """
    if not isinstance(all, bool):
        raise InvalidInputError(f"`all` must be True or False, got {type(all).__name__}", field="all")
    if (uuids is not NOT_GIVEN) == all:
        raise InvalidInputError("give either `uuids` or `all=True`", field="uuids")
    if uuids is not NOT_GIVEN:
        if except_uuids is not NOT_GIVEN:
            raise InvalidInputError("`except_uuids` can only be combined with `all=True`", field="except_uuids")
        return {"ids": Some(Id)("uuids", uuids)}
    if except_uuids is not NOT_GIVEN:
        return {"all": True, "excludeIds": Some(Id)("except_uuids", except_uuids)}
    return {"all": True}
