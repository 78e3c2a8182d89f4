"""Tasks: the steps of automations for each contact, and manual ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ..._encoders import Filter, Integer
from ..._errors import InvalidInputError
from ..._generated.resources.tasks import AsyncTasks as AsyncGenerated
from ..._validation import NOT_GIVEN, NotGiven
from ...filters import Condition

__all__ = ["AsyncTasks"]


class AsyncTasks(AsyncGenerated):
    """Tasks: the steps of automations for each contact, and those made by hand: ``client.tasks``."""

    __slots__ = ()

    async def restart_from_top(
        self,
        automation_uuid: str | UUID,
        *,
        filter: Condition | Mapping[str, Any],
        contact_source_id: int,
        sender_profile_uuid: str | UUID | NotGiven = NOT_GIVEN,
    ) -> Any:
        """Restarts the contacts of the tasks that match from the first step of their automation (``massRestartTasksFromTop``).

        **The first messages of the automation are sent to these people again.** Count what matches with :meth:`group_counts`
        first, and leave out those who replied: ``automation_error_code`` is then ``replied``. It is never retried once it may
        have arrived.

        Undocumented: known from the vendor's own client. The response is not known, so it is returned as it comes.

        Args:
            automation_uuid: The automation.
            filter: Which of its tasks, by a condition or a dict in the spelling of the API. It must not be empty.
            contact_source_id: The contact source of the automation that the contacts enter by, usually 1.
            sender_profile_uuid: The sender profile that goes on with the contacts; without it each keeps the one it had.

        Raises:
            InvalidInputError: an empty filter, which would restart everyone, or an argument that the API cannot take.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.tasks.restart_from_top(
                automation.uuid, filter=grinfi.F.status == "failed", contact_source_id=1
            )
        """
        conditions = Filter("filter", filter)
        if not conditions:
            why = "it must not be empty: every contact of the automation would be sent its first messages again"
            raise InvalidInputError(f"filter: {why}", field="filter")
        return await self._restart_from_top(
            filter=conditions,
            automation_uuid=automation_uuid,
            new_contact_source_id=Integer("contact_source_id", contact_source_id),
            sender_profile_uuid=sender_profile_uuid,
        )
