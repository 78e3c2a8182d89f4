"""Companies that the team has blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._generated.resources.company_blacklist import AsyncCompanyBlacklist as AsyncGenerated
from .._types import NOT_GIVEN, NotGiven, is_missing
from ._records_in import company_name

if TYPE_CHECKING:
    from .. import models

__all__ = ["AsyncCompanyBlacklist"]


class AsyncCompanyBlacklist(AsyncGenerated):
    """Companies that the team has blocked: ``client.company_blacklist``."""

    __slots__ = ()

    async def add(
        self,
        *,
        linkedin: str | NotGiven = NOT_GIVEN,
        domain: str | NotGiven = NOT_GIVEN,
        name: str | NotGiven = NOT_GIVEN,
    ) -> models.BlacklistedCompany:
        """Adds a company to the blacklist (``addCompanyToBlacklist``), known by its LinkedIn nickname, its domain or its name.

        Args:
            linkedin: Its nickname on LinkedIn, or the address of its page in any form.
            domain: Its domain, without a scheme.
            name: Its name.

        Raises:
            InvalidInputError: too little is given, or a LinkedIn name that is none; nothing is sent.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost.

        Example::

            await client.company_blacklist.add(linkedin="https://www.linkedin.com/company/examplecorp/")
        """
        if not is_missing(linkedin):
            linkedin = company_name("linkedin", linkedin)
        return await super().add(linkedin=linkedin, domain=domain, name=name)
