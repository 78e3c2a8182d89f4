"""Contacts, ``leads`` on the wire."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .._errors import InvalidInputError, NotFoundError
from .._inputs import NewContact, known_by, read_contact
from .._listing import Listing
from .._models import Contact
from .._types import NOT_GIVEN, NotGiven, check_id, check_text
from ..filters import Condition, build_filter
from ._base import Resource

if TYPE_CHECKING:
    from uuid import UUID

    from typing_extensions import Unpack

    from ._shorthand import ContactFields

__all__ = ["Contacts"]


class Contacts(Resource):
    """Contacts: ``client.contacts``.

    The API wraps a contact in different ways from one operation to the next; here it is always a
    :class:`~grinfi.Contact`, with its extras where the API gave any.
    """

    __slots__ = ()

    def create_many(
        self, list_uuid: str | UUID, contacts: Iterable[NewContact | Mapping[str, Any]]
    ) -> list[Contact]:
        """Creates contacts in a list, or updates those that are there already (``createLeads``).

        Args:
            list_uuid: The list.
            contacts: A dict for each, with the fields of :class:`~grinfi.NewContact`.

        Returns:
            The contacts in the order of the request.

        Raises:
            InvalidInputError: no contacts at all, one without anything to be known by, or an unknown field.
            ValidationError: the API refuses one.
            UnknownOutcomeError: the answer was lost.

        Example::

            client.contacts.create_many(fair.uuid, [
                {"linkedin_id": "jane-roe-example", "first_name": "Jane", "company_name": "ExampleCorp"},
            ])
        """
        list_uuid = check_id("list_uuid", list_uuid)
        leads = []
        for index, contact in enumerate(contacts):
            at = f"contacts[{index}]"
            if not isinstance(contact, Mapping):
                raise InvalidInputError(f"{at}: a dict is needed, not {type(contact).__name__}", field=at)
            lead = read_contact(contact, at=f"{at}.")
            known_by(lead, at)
            leads.append(lead)
        if not leads:
            raise InvalidInputError("contacts: there are none", field="contacts")
        return self._many(Contact, "createLeads", body={"list_uuid": list_uuid, "leads": leads})

    def upsert(
        self,
        list_uuid: str | UUID,
        *,
        linkedin_id: str,
        first_name: str | NotGiven = NOT_GIVEN,
        last_name: str | NotGiven = NOT_GIVEN,
        company_name: str | NotGiven = NOT_GIVEN,
        email: str | NotGiven = NOT_GIVEN,
        about: str | NotGiven = NOT_GIVEN,
        domain: str | NotGiven = NOT_GIVEN,
        headline: str | None | NotGiven = NOT_GIVEN,
        position: str | None | NotGiven = NOT_GIVEN,
        raw_address: str | None | NotGiven = NOT_GIVEN,
        linkedin: str | None | NotGiven = NOT_GIVEN,
        ln_id: str | None | NotGiven = NOT_GIVEN,
        sn_id: str | None | NotGiven = NOT_GIVEN,
        custom_fields: Mapping[str, Any] | NotGiven = NOT_GIVEN,
        update_if_exists: bool | NotGiven = NOT_GIVEN,
        move_to_list: bool | NotGiven = NOT_GIVEN,
    ) -> Contact:
        """Creates a contact in a list, or updates the one that is there already (``upsertContact``).

        The API matches by the first of: member id, ``ln_id``, ``sn_id``, LinkedIn nickname, work email, personal email, name
        with company.

        Args:
            list_uuid: The list.
            linkedin_id: LinkedIn nickname, profile URL or member id.
            email: Has been seen to be taken without being stored.
            headline: ``None`` clears it, as with all that take ``None``; what is not given is not sent.
            custom_fields: Values by the names of custom fields. The API drops a name that the team has no field for.
            update_if_exists: Whether a contact that is there already is updated; the API's default is yes.
            move_to_list: Whether a contact that is there already moves to the list; the API's default is no.

        Raises:
            InvalidInputError: no ``linkedin_id``, or a value that the API cannot take.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost.

        Example::

            client.contacts.upsert(
                fair.uuid, linkedin_id="jane-roe-example", first_name="Jane", custom_fields={"persona": "founder"}
            )
        """
        body: dict[str, object] = {"list_uuid": check_id("list_uuid", list_uuid)}
        check_text("linkedin_id", linkedin_id)
        body["lead"] = read_contact(
            {
                "linkedin_id": linkedin_id,
                "first_name": first_name,
                "last_name": last_name,
                "company_name": company_name,
                "email": email,
                "about": about,
                "domain": domain,
                "headline": headline,
                "position": position,
                "raw_address": raw_address,
                "linkedin": linkedin,
                "ln_id": ln_id,
                "sn_id": sn_id,
            }
        )
        if custom_fields is not NOT_GIVEN:
            body["custom_fields"] = _custom_fields(custom_fields)
        for name, flag in (("update_if_exists", update_if_exists), ("move_to_list", move_to_list)):
            if flag is not NOT_GIVEN:
                if not isinstance(flag, bool):
                    raise InvalidInputError(f"{name}: True or False is needed, not {flag!r}", field=name)
                body[name] = flag
        return self._one(Contact, "upsertContact", body=body)

    def get(self, uuid: str | UUID) -> Contact:
        """Gets a contact (``getLead``).

        Raises:
            NotFoundError: there is none with this id.
        """
        return self._one(Contact, "getLead", path={"uuid": check_id("uuid", uuid)})

    def look_up(
        self,
        *,
        linkedin_id: str | NotGiven = NOT_GIVEN,
        email: str | NotGiven = NOT_GIVEN,
        name: str | NotGiven = NOT_GIVEN,
        company_name: str | NotGiven = NOT_GIVEN,
    ) -> Contact | None:
        """Looks up one contact (``findOneContact``): by LinkedIn, by email, or by name and company together.

        Returns:
            The contact, or ``None`` if there is none.

        Raises:
            InvalidInputError: not exactly one of the three ways, or a blank value.

        Example::

            client.contacts.look_up(linkedin_id="https://www.linkedin.com/in/jane-roe-example/")
        """
        given = {
            field: value
            for field, value in (
                ("linkedin_id", linkedin_id),
                ("email", email),
                ("name", name),
                ("company_name", company_name),
            )
            if value is not NOT_GIVEN
        }
        if set(given) not in ({"linkedin_id"}, {"email"}, {"name", "company_name"}):
            why = "give linkedin_id, or email, or name and company_name together"
            raise InvalidInputError(f"look_up: {why}", field="look_up")
        body = {field: check_text(field, value) for field, value in given.items()}
        try:
            return self._one(Contact, "findOneContact", body=body)
        except NotFoundError:
            return None

    def update(
        self,
        uuid: str | UUID,
        *,
        first_name: str | NotGiven = NOT_GIVEN,
        last_name: str | NotGiven = NOT_GIVEN,
        company_name: str | NotGiven = NOT_GIVEN,
        email: str | NotGiven = NOT_GIVEN,
        about: str | NotGiven = NOT_GIVEN,
        domain: str | NotGiven = NOT_GIVEN,
        headline: str | None | NotGiven = NOT_GIVEN,
        position: str | None | NotGiven = NOT_GIVEN,
        raw_address: str | None | NotGiven = NOT_GIVEN,
        linkedin: str | None | NotGiven = NOT_GIVEN,
        ln_id: str | None | NotGiven = NOT_GIVEN,
        sn_id: str | None | NotGiven = NOT_GIVEN,
    ) -> Contact:
        """Changes a contact (``updateLead``). What is not given stays; ``None`` clears.

        Custom fields and the pipeline stage are not changed this way: the API drops them without a word.

        Raises:
            InvalidInputError: nothing would change, or a value that the API cannot take.
            NotFoundError: there is none with this id.

        Example::

            client.contacts.update(contact.uuid, position="Head of Sales", headline=None)
        """
        path = {"uuid": check_id("uuid", uuid)}
        changes = read_contact(
            {
                "first_name": first_name,
                "last_name": last_name,
                "company_name": company_name,
                "email": email,
                "about": about,
                "domain": domain,
                "headline": headline,
                "position": position,
                "raw_address": raw_address,
                "linkedin": linkedin,
                "ln_id": ln_id,
                "sn_id": sn_id,
            }
        )
        if not changes:
            raise InvalidInputError("changes: there are none", field="changes")
        return self._one(Contact, "updateLead", path=path, body=changes)

    def delete(self, uuid: str | UUID) -> None:
        """Deletes a contact (``deleteLead``). The API does it in the background.

        Raises:
            ValidationError: the API refuses it.
        """
        self._do("deleteLead", path={"uuid": check_id("uuid", uuid)})

    def count(self, *conditions: Condition | Mapping[str, Any], **fields: Unpack[ContactFields]) -> int:
        """Counts contacts (``countContacts``): those that match, or all without a condition.

        Raises:
            InvalidInputError: a field that contacts are not filtered by.

        Example::

            client.contacts.count(company_name="ExampleCorp")
        """
        filter = build_filter("contacts", conditions, fields)
        body = {"all": True} if filter is None else {"filter": json.loads(filter)}
        return self._total("countContacts", body=body)

    def search(
        self,
        *conditions: Condition | Mapping[str, Any],
        order_by: str | None = None,
        limit: int = 100,
        offset: int = 0,
        max_items: int | None = None,
        **fields: Unpack[ContactFields],
    ) -> Listing[Contact]:
        """Searches contacts (``searchContacts``). One search reaches 10,000 rows; more end in a ``ListingError``.

        Args:
            conditions: Conditions from :data:`grinfi.F`, or dicts in the spelling of the API; all must hold.
            order_by: A column, ``"name"``; with a minus, ``"-created_at"``, from the largest or newest. Without it the API
                gives the newest first.
            limit: The page size, not the number of rows in all.
            offset: How many rows to leave out at the start.
            max_items: How many rows to hand out at the most.
            fields: ``q`` (free text), ``company_name``, ``list_uuid`` and the other fields of :data:`grinfi.F`: a value, or
                a list of values.

        Raises:
            InvalidInputError: a field or page size that the API does not have; nothing is sent.

        Example::

            search = client.contacts.search(F.work_email.is_not_null(), company_name="ExampleCorp", order_by="name")
            print(search.count(), [contact.name for contact in search])
        """
        return Listing(
            self._client, Contact, "contacts", conditions, fields,
            order_by=order_by, limit=limit, offset=offset, max_items=max_items,
        )  # fmt: skip


def _custom_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by name, as far as JSON can say them."""
    if not isinstance(values, Mapping) or not all(isinstance(name, str) for name in values):
        raise InvalidInputError("custom_fields: a dict with values by name is needed", field="custom_fields")
    for name, value in values.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError) as error:
            field = f"custom_fields.{name}"
            raise InvalidInputError(f"{field}: it cannot be written as JSON: {error}", field=field) from error
    return dict(values)
