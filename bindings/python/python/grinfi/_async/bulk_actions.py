"""Mass actions on contacts and companies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, TypeVar
from uuid import UUID

from .._encoders import Boolean, Id, Json, Nullable, Some, Text
from .._generated.resources.companies import AsyncCompanies
from .._generated.resources.contacts import AsyncContacts
from .jobs import AsyncMassAction

__all__ = ["AsyncBulkCompanies", "AsyncBulkContacts"]

S = TypeVar("S", bound="AsyncContacts | AsyncCompanies")


class AsyncBulk(Generic[S]):
    """Records to run one mass action on.

    The API runs mass actions in the background: success means that it accepted the action. Where the effect can be observed, a
    method returns an object that can be waited on. All methods raise ``InvalidInputError`` for an invalid id, ``ValidationError``
    if the API refuses the action, and ``UnknownOutcomeError`` if the response was lost.
    """

    __slots__ = ("_filter", "_resource")

    _call = ""

    def __init__(self, resource: S, filter: dict[str, Any]) -> None:
        self._resource = resource
        self._filter = filter

    async def _start(self, action: object) -> Any:
        client = self._resource._client
        return await client._call_resource(self._call, {"selection": self._filter, "action": action})

    async def _start_job(self, action: object) -> AsyncMassAction:
        return AsyncMassAction(self._resource._client, await self._start(action))

    async def add_tag(self, tag_uuid: str | UUID) -> AsyncMassAction:
        """Adds a tag."""
        return await self._start_job({"add_tag": Id("tag_uuid", tag_uuid)})

    async def remove_tag(self, tag_uuid: str | UUID) -> AsyncMassAction:
        """Removes a tag."""
        return await self._start_job({"remove_tag": Id("tag_uuid", tag_uuid)})

    async def replace_tags(self, tag_uuids: Iterable[str | UUID]) -> AsyncMassAction:
        """Replaces all tags of the records. Waiting observes that these tags are added, not that others are removed."""
        return await self._start_job({"replace_tags": Some(Id)("tag_uuids", tag_uuids)})

    async def change_pipeline_stage(self, pipeline_stage_uuid: str | UUID) -> AsyncMassAction:
        """Moves the records to a pipeline stage. The API's update of a contact ignores the stage."""
        return await self._start_job({"change_pipeline_stage": Id("pipeline_stage_uuid", pipeline_stage_uuid)})

    async def delete(self, *, confirm_all: bool = False) -> AsyncMassAction:
        """Deletes the records.

        Args:
            confirm_all: Confirms a deletion of all records of the team, or of all except some. Required with ``all=True``.
        """
        return await self._start_job({"delete": Boolean("confirm_all", confirm_all)})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._filter}>"


class AsyncBulkCompanies(AsyncBulk[AsyncCompanies]):
    """Companies to run one mass action on (``companiesMassAction``)."""

    __slots__ = ()

    _call = "companies_action"


class AsyncBulkContacts(AsyncBulk[AsyncContacts]):
    """Contacts to run one mass action on (``leadsMassAction``)."""

    __slots__ = ()

    _call = "contacts_action"

    async def _act(self, action: str, payload: dict[str, Any]) -> None:
        await self._resource._bulk(type=f"contact_{action}", filter=self._filter, payload=payload)

    async def change_list(self, list_uuid: str | UUID) -> AsyncMassAction:
        """Moves the contacts to a list."""
        return await self._start_job({"change_list": Id("list_uuid", list_uuid)})

    async def set_custom_field(self, name: str, value: str | int | float | bool | None) -> None:
        """Sets a custom field by its name; ``None`` clears it. Raises ``InvalidInputError`` for an unknown name."""
        await self._start({"set_custom_field": [Text("name", name), Json(f"custom_fields.{name}", value)]})

    async def change_custom_field(self, custom_field_uuid: str | UUID, value: str | None) -> None:
        """Sets a custom field by its id; ``None`` clears it."""
        await self._act(
            "change_custom_field",
            {
                "custom_field_uuid": Id("custom_field_uuid", custom_field_uuid),
                "value": Nullable(Text)("value", value),
            },
        )

    async def add_to_automation(self, automation_uuid: str | UUID) -> None:
        """Enrolls the contacts in an automation. A running automation may send messages to all of them at once."""
        await self._act("add_to_flow", {"flow_uuid": Id("automation_uuid", automation_uuid)})

    async def cancel_from_automations(self, automation_uuids: Iterable[str | UUID]) -> None:
        """Removes the contacts from automations."""
        await self._act("cancel_from_flows", {"flow_uuids": Some(Id)("automation_uuids", automation_uuids)})

    async def export_csv(self) -> None:
        """Exports the contacts to a CSV file. ``client.file_exports.contacts`` does the same and returns the id of the export."""
        await self._act("export_csv", {})

    async def mark_read(self) -> None:
        """Marks the conversations with the contacts as read."""
        await self._act("mark_read", {})
