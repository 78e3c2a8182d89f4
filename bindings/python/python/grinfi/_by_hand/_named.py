"""Values of custom fields by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from .._errors import Step
from .._types import NotGiven, is_missing
from ._records_in import custom_fields_of, without_nulls
from ._steps import NamedValue, Steps

if TYPE_CHECKING:
    from .._core import AsyncCore

__all__ = ["AsyncNamed"]


class AsyncNamed:
    """The custom fields of contacts, or of companies, by their names.

    The API drops a name that it has no field for without a word. So names are looked up before anything is changed, and an unknown
    one is refused; the core remembers them for ten minutes.
    """

    __slots__ = ("_client", "_object")

    def __init__(self, client: AsyncCore, object: Literal["lead", "company"]) -> None:
        self._client = client
        self._object = object

    async def find(self, values: Mapping[str, Any] | NotGiven, at: str = "custom_fields") -> list[NamedValue]:
        """The fields and their values as the API keeps them. Nothing is changed yet."""
        if is_missing(values):
            return []
        written = custom_fields_of(values, at)
        if not written:
            return []
        named = await self._client._composed("custom_fields_by_name", {"object": self._object, "values": written})
        return [NamedValue._make(each) for each in named]

    async def checked(self, values: Mapping[str, Any] | NotGiven) -> Mapping[str, Any] | NotGiven:
        """The values for a request that takes them by name, once all names are known to stand for something."""
        if not is_missing(values):
            values = without_nulls(custom_fields_of(values))
            await self.find(values)
        return values

    async def write(
        self, steps: Steps, records: Iterable[Mapping[str, Any]], *, list_uuid: str | None = None
    ) -> None:
        """Sets or clears values between the steps taken and those left, with as few requests as the core needs.

        Args:
            steps: The steps of the call.
            records: A dict for each record: its ``uuid``, its ``values``, those ``shown`` already, and the ``linkedin_id`` by which
                an upsert finds it.
            list_uuid: The list of the records, for upserts.
        """
        written = await self._client._composed(
            "write_custom_fields",
            {
                "object": self._object,
                "list_uuid": list_uuid,
                "records": list(records),
                "before": steps.taken,
                "after": steps.left,
            },
        )
        steps.taken += [Step(**step) for step in written]
