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
    """Tasks: the steps of automations for each contact, and manual ones: ``client.tasks``."""

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
        first, and leave out those who replied: ``automation_error_code`` is then ``replied``. A request that may have arrived is not
        retried.

        Undocumented: known from the vendor's own client. The response is not known, so it is returned as it comes.

        Args:
            automation_uuid: The automation.
            filter: Selects tasks of the automation, by a condition or a dict in the format of the API. It must not be empty.
            contact_source_id: The contact source of the automation that the contacts enter by, usually 1.
            sender_profile_uuid: The new sender profile of the contacts; by default each keeps its own.

        Raises:
            InvalidInputError: an empty filter, which would restart all contacts, or an invalid argument.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.tasks.restart_from_top(
                automation.uuid, filter=grinfi.F.status == "failed", contact_source_id=1
            )
        """
        conditions = Filter("filter", filter)
        if not conditions:
            why = "must not be empty: every contact of the automation would get its first messages again"
            raise InvalidInputError(f"`filter` {why}", field="filter")
        return await self._restart_from_top(
            filter=conditions,
            automation_uuid=automation_uuid,
            new_contact_source_id=Integer("contact_source_id", contact_source_id),
            sender_profile_uuid=sender_profile_uuid,
        )
