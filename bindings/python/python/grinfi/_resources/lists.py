"""Lists of contacts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._listing import Listing
from .._models import List
from .._types import check_id, check_text
from ..filters import Condition
from ._base import Resource

if TYPE_CHECKING:
    from uuid import UUID

    from typing_extensions import Unpack

    from ._shorthand import ListFields

__all__ = ["Lists"]


class Lists(Resource):
    """Lists of contacts: ``client.lists``."""

    __slots__ = ()

    def create(self, name: str) -> List:
        """Creates a list (``createList``). Two lists may have the same name.

        Raises:
            InvalidInputError: the name is blank.
            UnknownOutcomeError: the answer was lost.

        Example::

            fair = client.lists.create("Autumn fair")
        """
        return self._one(List, "createList", body={"name": check_text("name", name)})

    def list(
        self,
        *conditions: Condition | Mapping[str, Any],
        order_by: str | None = None,
        limit: int = 100,
        offset: int = 0,
        max_items: int | None = None,
        **fields: Unpack[ListFields],
    ) -> Listing[List]:
        """Lists the lists (``listLists``).

        Args:
            conditions: Conditions from :data:`grinfi.F`, or dicts in the spelling of the API; all must hold.
            order_by: A column, ``"name"``; with a minus, ``"-created_at"``, from the largest or newest.
            limit: The page size, not the number of rows in all.
            offset: How many rows to leave out at the start.
            max_items: How many rows to hand out at the most.
            fields: ``q`` (free text), ``uuid``, ``name``: a value, or a list of values.

        Raises:
            InvalidInputError: a field or page size that the API does not have; nothing is sent.

        Example::

            for found in client.lists.list(q="fair"):
                print(found.uuid, found.name)
        """
        return Listing(
            self._client, List, "lists", conditions, fields,
            order_by=order_by, limit=limit, offset=offset, max_items=max_items,
        )  # fmt: skip

    def get(self, uuid: str | UUID) -> List:
        """Gets a list (``getList``).

        Raises:
            NotFoundError: there is none with this id.
        """
        return self._one(List, "getList", path={"uuid": check_id("uuid", uuid)})

    def update(self, uuid: str | UUID, *, name: str) -> List:
        """Renames a list (``updateList``).

        Raises:
            InvalidInputError: the name is blank.
            NotFoundError: there is none with this id.
        """
        path = {"uuid": check_id("uuid", uuid)}
        return self._one(List, "updateList", path=path, body={"name": check_text("name", name)})

    def delete(self, uuid: str | UUID) -> None:
        """Deletes a list (``deleteList``).

        Raises:
            NotFoundError: there is none with this id.
        """
        self._do("deleteList", path={"uuid": check_id("uuid", uuid)})
