"""Automations, ``flows`` on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._listing import Listing
from .._models import Automation
from .._types import check_id
from ..filters import Condition
from ._base import Resource

if TYPE_CHECKING:
    from uuid import UUID

    from typing_extensions import Unpack

    from ._shorthand import AutomationFields

__all__ = ["Automations"]


class Automations(Resource):
    """Automations, graphs of steps that contacts are led through: ``client.automations``."""

    __slots__ = ()

    def list(
        self,
        *conditions: Condition | Mapping[str, Any],
        order_by: str | None = None,
        limit: int = 100,
        offset: int = 0,
        max_items: int | None = None,
        **fields: Unpack[AutomationFields],
    ) -> Listing[Automation]:
        """Lists the automations (``listFlows``).

        Args:
            conditions: Conditions from :data:`grinfi.F`, or dicts in the spelling of the API; all must hold.
            order_by: A column, ``"name"``; with a minus, ``"-created_at"``, from the largest or newest.
            limit: The page size, not the number of rows in all.
            offset: How many rows to leave out at the start.
            max_items: How many rows to hand out at the most.
            fields: ``q`` (free text), ``status`` (``on``, ``off``, ``draft``, ``archived``): a value, or a list of values.

        Raises:
            InvalidInputError: a field or page size that the API does not have; nothing is sent.

        Example::

            drafts = client.automations.list(status="draft").to_list()
        """
        return Listing(
            self._client, Automation, "automations", conditions, fields,
            order_by=order_by, limit=limit, offset=offset, max_items=max_items,
        )  # fmt: skip

    def get(self, uuid: str | UUID) -> Automation:
        """Gets an automation (``getFlow``).

        Raises:
            NotFoundError: there is none with this id.
        """
        return self._one(Automation, "getFlow", path={"flowUuid": check_id("uuid", uuid)})

    def start(self, uuid: str | UUID) -> Automation:
        """Starts an automation (``startFlow``): from now on it sends, in the name of its sender profiles.

        Raises:
            ValidationError: it cannot start, for want of a saved version for instance.
            NotFoundError: there is none with this id.
        """
        return self._one(Automation, "startFlow", path={"flowUuid": check_id("uuid", uuid)})

    def stop(self, uuid: str | UUID) -> Automation:
        """Stops an automation (``stopFlow``): nothing more is sent until it is started again.

        Raises:
            NotFoundError: there is none with this id.
        """
        return self._one(Automation, "stopFlow", path={"flowUuid": check_id("uuid", uuid)})

    def add_contact(self, uuid: str | UUID, *, contact_uuid: str | UUID) -> None:
        """Enrols a contact that exists (``addLeadToFlow``). In a running automation that can send to the contact at once.

        Raises:
            NotFoundError: there is no such automation or contact.
            UnknownOutcomeError: the answer was lost.

        Example::

            client.automations.add_contact(welcome.uuid, contact_uuid=contact.uuid)
        """
        path = {"flowUuid": check_id("uuid", uuid), "leadUuid": check_id("contact_uuid", contact_uuid)}
        self._do("addLeadToFlow", path=path)
