"""Companies that the team has blocked."""

from __future__ import annotations

from ... import models
from ..._generated.resources.company_blacklist import ADD
from ..._generated.resources.company_blacklist import AsyncCompanyBlacklist as AsyncGenerated
from ..._validation import NOT_GIVEN, NotGiven

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
        entry = ADD.encode_body({"linkedin": linkedin, "domain": domain, "name": name})
        _, responses = await self._client._call_recorded("blacklist_company", {"entry": entry})
        return ADD.decode(responses[-1])
