"""Contacts that the team has blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _native
from .._generated.resources.contact_blacklist import AsyncContactBlacklist as AsyncGenerated
from .._types import NOT_GIVEN, NotGiven, check_text, is_missing
from ._records_in import check_address

if TYPE_CHECKING:
    from .. import models

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
        if not is_missing(linkedin):
            linkedin = _native.linkedin_field("linkedin", "linkedin", check_text("linkedin", linkedin))
        if not is_missing(email):
            check_address("email", check_text("email", email))
        return await super().add(linkedin=linkedin, email=email, name=name, company_name=company_name)
