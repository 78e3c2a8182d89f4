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
        """Adds a company to the blacklist (``addCompanyToBlacklist``) by its LinkedIn nickname, its domain or its name.

        Args:
            linkedin: The nickname on LinkedIn, or the address of the page in any form.
            domain: The domain, without a scheme.
            name: The name.

        Raises:
            InvalidInputError: none of the arguments, or an invalid LinkedIn name; nothing is sent.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the response was lost.

        Example::

            await client.company_blacklist.add(linkedin="https://www.linkedin.com/company/examplecorp/")
        """
        entry = ADD.encode_body({"linkedin": linkedin, "domain": domain, "name": name})
        _, responses = await self._client._call_recorded("blacklist_company", {"entry": entry})
        return ADD.decode(responses[-1])
