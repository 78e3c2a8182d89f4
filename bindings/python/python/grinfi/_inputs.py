"""The fields of a contact on the way in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from ._errors import InvalidInputError
from ._types import NOT_GIVEN, did_you_mean

__all__ = ["NewContact", "known_by", "read_contact"]


class NewContact(TypedDict, total=False):
    """The fields of a contact to be created, as a dict.

    Something to know it by is needed: a LinkedIn id, an email or a name. ``None`` clears a field, where the API can.
    """

    linkedin_id: str
    """LinkedIn nickname, profile URL or member id."""
    first_name: str
    last_name: str
    company_name: str
    email: str
    """Has been seen to be taken without being stored."""
    about: str
    domain: str
    """Domain of the company."""
    headline: str | None
    position: str | None
    raw_address: str | None
    linkedin: str | None
    """LinkedIn nickname."""
    ln_id: str | None
    """LinkedIn member id, ``ACoAA…``."""
    sn_id: str | None
    """Sales Navigator id, ``ACwAA…``."""


_TEXTS = ("linkedin_id", "first_name", "last_name", "company_name", "email", "about", "domain")
_NULLABLE = ("headline", "position", "raw_address", "linkedin", "ln_id", "sn_id")
_KNOWN_BY = ("linkedin_id", "linkedin", "ln_id", "sn_id", "email", "first_name", "last_name")


def read_contact(fields: Mapping[str, Any], *, at: str = "") -> dict[str, str | None]:
    """The fields that are given, checked: the API would drop an unknown one without a word.

    Raises:
        InvalidInputError: a field that a contact does not have, or a value that it cannot take.
    """
    body: dict[str, str | None] = {}
    for name, value in fields.items():
        if value is NOT_GIVEN:
            continue
        field = f"{at}{name}"
        if name not in _TEXTS and name not in _NULLABLE:
            near = did_you_mean(str(name), (*_TEXTS, *_NULLABLE))
            raise InvalidInputError(f"{field}: no field that a contact can be given{near}", field=field)
        if value is None and name in _TEXTS:
            raise InvalidInputError(f"{field}: the API takes no null here; leave it out", field=field)
        if value is not None and not isinstance(value, str):
            raise InvalidInputError(f"{field}: a text is needed, not {type(value).__name__}", field=field)
        body[name] = value
    return body


def known_by(body: Mapping[str, str | None], field: str) -> None:
    """Checks that there is something to know a new contact by."""
    if not any((body.get(name) or "").strip() for name in _KNOWN_BY):
        raise InvalidInputError(f"{field}: neither a LinkedIn id, an email nor a name", field=field)
