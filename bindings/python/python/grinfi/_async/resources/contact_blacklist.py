"""Contacts that the team has blocked."""

from __future__ import annotations

from ... import models
from ..._generated.resources.contact_blacklist import ADD
from ..._generated.resources.contact_blacklist import AsyncContactBlacklist as AsyncGenerated
from ..._validation import NOT_GIVEN, NotGiven

__all__ = ["AsyncContactBlacklist"]


class AsyncContactBlacklist(AsyncGenerated):
    """Contacts that the team has blocked: ``client.contact_blacklist``."""

    __slots__ = ()

    async def add(
        self,
        *,
        linkedin: str | NotGiven = NOT_GIVEN,
        email: str | NotGiven = NOT_GIVEN,
        name: str | NotGiven = NOT_GIVEN,
        company_name: str | NotGiven = NOT_GIVEN,
    ) -> models.BlacklistedContact:
        """Adds a contact to the blacklist (``addLeadToBlacklist``) by its LinkedIn nickname, its email address or its name.

        Args:
            linkedin: The nickname on LinkedIn, or the address of the profile in any form.
            email: The email address.
            name: The full name.
            company_name: The company, which narrows a name down and is not sufficient alone.

        Raises:
            InvalidInputError: neither LinkedIn name, email address nor name, or an invalid one; nothing is sent.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.contact_blacklist.add(linkedin="https://www.linkedin.com/in/john-doe-example/")
        """
        entry = ADD.encode_body({"linkedin": linkedin, "email": email, "name": name, "company_name": company_name})
        _, responses = await self._client._call_recorded("blacklist_contact", {"entry": entry})
        return ADD.decode(responses[-1])
