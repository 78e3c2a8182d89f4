"""Pipeline stages."""

from __future__ import annotations

import builtins
import json
from typing import TYPE_CHECKING

from .._generated.resources.pipeline_stages import AsyncPipelineStages as AsyncGenerated
from .._types import check_text

if TYPE_CHECKING:
    from .. import enums, models

__all__ = ["AsyncPipelineStages"]


class AsyncPipelineStages(AsyncGenerated):
    """Pipeline stages of contacts and companies: ``client.pipeline_stages``."""

    __slots__ = ()

    async def list(self, object: enums.ObjectKind | str) -> builtins.list[models.PipelineStage]:
        """Lists the pipeline stages of contacts, ``"lead"``, or of companies, ``"company"`` (``listPipelineStages``).

        Raises:
            InvalidInputError: an object that is none.

        Example::

            await client.pipeline_stages.list("lead")
        """
        return await self._list(filter=json.dumps({"object": check_text("object", object)}))
