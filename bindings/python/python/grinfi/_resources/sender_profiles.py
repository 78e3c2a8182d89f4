"""The identities that outreach is sent from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._listing import Listing
from .._models import SenderProfile
from .._types import check_id
from ..filters import Condition
from ._base import Resource

if TYPE_CHECKING:
    from uuid import UUID

    from typing_extensions import Unpack

    from ._shorthand import SenderProfileFields

__all__ = ["SenderProfiles"]


class SenderProfiles(Resource):
    """The identities that outreach is sent from, each with its accounts and hours: ``client.sender_profiles``."""

    __slots__ = ()

    def list(
        self,
        *conditions: Condition | Mapping[str, Any],
        order_by: str | None = None,
        limit: int = 100,
        offset: int = 0,
        max_items: int | None = None,
        **fields: Unpack[SenderProfileFields],
    ) -> Listing[SenderProfile]:
        """Lists the sender profiles (``listSenderProfiles``).

        Args:
            conditions: Conditions from :data:`grinfi.F`, or dicts in the spelling of the API; all must hold.
            order_by: A column, ``"label"``; with a minus, ``"-created_at"``, from the largest or newest.
            limit: The page size, not the number of rows in all.
            offset: How many rows to leave out at the start.
            max_items: How many rows to hand out at the most.
            fields: ``q`` (free text), ``status`` (``enabled`` or ``disabled``): a value, or a list of values.

        Raises:
            InvalidInputError: a field or page size that the API does not have; nothing is sent.

        Example::

            sender = client.sender_profiles.list(status="enabled").first()
        """
        return Listing(
            self._client, SenderProfile, "sender_profiles", conditions, fields,
            order_by=order_by, limit=limit, offset=offset, max_items=max_items,
        )  # fmt: skip

    def get(self, uuid: str | UUID) -> SenderProfile:
        """Gets a sender profile (``getSenderProfile``).

        Raises:
            NotFoundError: there is none with this id.
        """
        return self._one(SenderProfile, "getSenderProfile", path={"uuid": check_id("uuid", uuid)})
