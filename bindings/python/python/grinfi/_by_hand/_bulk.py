"""Mass actions on contacts and companies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .._generated.resources.companies import AsyncCompanies
from .._generated.resources.contacts import AsyncContacts
from .._write import Boolean, Id, Nullable, Some, Text
from ._jobs import AsyncMassAction
from ._named import AsyncNamed

if TYPE_CHECKING:
    from uuid import UUID

__all__ = ["AsyncBulkCompanies", "AsyncBulkContacts"]

S = TypeVar("S", bound="AsyncContacts | AsyncCompanies")


class AsyncBulk(Generic[S]):
    """Records to run one mass action on.

    The API does it in the background: success means accepted, not done. Where the effect can be seen, a method answers with
    something to wait on. Every method raises ``InvalidInputError`` for an id that is none, ``ValidationError`` if the API refuses
    it, and ``UnknownOutcomeError`` if the answer was lost.
    """

    __slots__ = ("_filter", "_resource")

    _kind = ""

    def __init__(self, resource: S, filter: dict[str, Any]) -> None:
        self._resource = resource
        self._filter = filter

    async def _act(self, action: str, payload: dict[str, Any]) -> None:
        await self._resource._bulk(type=f"{self._kind}_{action}", filter=self._filter, payload=payload)

    async def _start(self, action: object) -> AsyncMassAction:
        call = "contacts_action" if self._kind == "contact" else "companies_action"
        client = self._resource._client
        return AsyncMassAction(client, await client._composed(call, {"selection": self._filter, "action": action}))

    async def add_tag(self, tag_uuid: str | UUID) -> AsyncMassAction:
        """Adds a tag."""
        return await self._start({"add_tag": Id("tag_uuid", tag_uuid)})

    async def remove_tag(self, tag_uuid: str | UUID) -> AsyncMassAction:
        """Takes a tag away."""
        return await self._start({"remove_tag": Id("tag_uuid", tag_uuid)})

    async def replace_tags(self, tag_uuids: Iterable[str | UUID]) -> AsyncMassAction:
        """Gives the records these tags and no others. Waiting sees these come, not the others go."""
        return await self._start({"replace_tags": Some(Id)("tag_uuids", tag_uuids)})

    async def change_pipeline_stage(self, pipeline_stage_uuid: str | UUID) -> AsyncMassAction:
        """Moves the records to a pipeline stage: the way that works, since the API's update of a contact drops the stage."""
        return await self._start({"change_pipeline_stage": Id("pipeline_stage_uuid", pipeline_stage_uuid)})

    async def delete(self, *, confirm_all: bool = False) -> AsyncMassAction:
        """Deletes the records.

        Args:
            confirm_all: Confirms that every record of the team may be deleted, or every one but a few: a bulk with ``all=True`` is
                refused without it.
        """
        return await self._start({"delete": Boolean("confirm_all", confirm_all)})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._filter}>"


class AsyncBulkCompanies(AsyncBulk[AsyncCompanies]):
    """Companies to run one mass action on (``companiesMassAction``)."""

    __slots__ = ()

    _kind = "company"


class AsyncBulkContacts(AsyncBulk[AsyncContacts]):
    """Contacts to run one mass action on (``leadsMassAction``)."""

    __slots__ = ()

    _kind = "contact"

    async def change_list(self, list_uuid: str | UUID) -> AsyncMassAction:
        """Moves the contacts to a list."""
        return await self._start({"change_list": Id("list_uuid", list_uuid)})

    async def set_custom_field(self, name: str, value: str | int | float | bool | None) -> None:
        """Sets a custom field by its name; ``None`` clears it. A name that contacts have no field for is refused."""
        for named in await AsyncNamed(self._resource._client, "lead").find({Text("name", name): value}):
            await self.change_custom_field(named.id, named.value)

    async def change_custom_field(self, custom_field_uuid: str | UUID, value: str | None) -> None:
        """Sets the value of a custom field; ``None`` clears it."""
        await self._act(
            "change_custom_field",
            {
                "custom_field_uuid": Id("custom_field_uuid", custom_field_uuid),
                "value": Nullable(Text)("value", value),
            },
        )

    async def add_to_automation(self, automation_uuid: str | UUID) -> None:
        """Enrolls the contacts in an automation. If it is running, it can send to all of them at once."""
        await self._act("add_to_flow", {"flow_uuid": Id("automation_uuid", automation_uuid)})

    async def cancel_from_automations(self, automation_uuids: Iterable[str | UUID]) -> None:
        """Takes the contacts out of automations."""
        await self._act("cancel_from_flows", {"flow_uuids": Some(Id)("automation_uuids", automation_uuids)})

    async def export_csv(self) -> None:
        """Exports the contacts to a CSV file; ``client.file_exports.contacts`` does the same and tells the export's id."""
        await self._act("export_csv", {})

    async def mark_read(self) -> None:
        """Marks the conversations with the contacts as read."""
        await self._act("mark_read", {})
