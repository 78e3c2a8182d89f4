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
        """Adds a contact to the blacklist (``addLeadToBlacklist``), known by its LinkedIn nickname, its email or its name.

        Args:
            linkedin: Its nickname on LinkedIn, or the address of the profile in any form.
            email: Its email address.
            name: Its full name.
            company_name: Its company, which narrows a name and is not enough by itself.

        Raises:
            InvalidInputError: too little is given, a LinkedIn name or an address that is none; nothing is sent.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.contact_blacklist.add(linkedin="https://www.linkedin.com/in/john-doe-example/")
        """
        entry = ADD.encode_body({"linkedin": linkedin, "email": email, "name": name, "company_name": company_name})
        _, responses = await self._client._call_recorded("blacklist_contact", {"entry": entry})
        return ADD.decode(responses[-1])
