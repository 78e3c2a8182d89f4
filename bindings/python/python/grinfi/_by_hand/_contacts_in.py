"""The fields of a contact on the way in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._errors import InvalidInputError
from .._generated.inputs import write_new_contact, write_upsert_lead_fields
from .._types import NOT_GIVEN, check_text
from .._write import Json, written_or_refused

__all__ = ["custom_fields_of", "new_contacts", "upserted"]

_KNOWN_BY = ("linkedin_id", "linkedin", "ln_id", "sn_id", "email", "first_name", "last_name")


def new_contacts(contacts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Contacts to be created, each with something to know it by.

    Raises:
        InvalidInputError: there are none, one has nothing to be known by, or an unknown field.
    """
    leads = []
    if isinstance(contacts, (str, bytes, Mapping)):
        raise InvalidInputError("contacts: a list of dicts is needed", field="contacts")
    for index, contact in enumerate(contacts):
        at = f"contacts[{index}]"
        lead = write_new_contact(at, contact)
        if not any((lead.get(name) or "").strip() for name in _KNOWN_BY):
            raise InvalidInputError(f"{at}: neither a LinkedIn id, an email nor a name", field=at)
        leads.append(lead)
    if not leads:
        raise InvalidInputError("contacts: there are none", field="contacts")
    return leads


def upserted(linkedin_id: str, **fields: Any) -> dict[str, Any]:
    """A contact to be created or updated, from arguments of their own."""
    contact: dict[str, Any] = {"linkedin_id": check_text("linkedin_id", linkedin_id)}
    for name, value in fields.items():
        if value is not NOT_GIVEN:
            contact[name] = written_or_refused(write_upsert_lead_fields.known[name], name, value)
    return contact


def custom_fields_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the names of custom fields, as far as JSON can say them."""
    if not isinstance(values, Mapping):
        raise InvalidInputError("custom_fields: a dict with values by name is needed", field="custom_fields")
    written: dict[str, Any] = Json("custom_fields", values)
    return written
