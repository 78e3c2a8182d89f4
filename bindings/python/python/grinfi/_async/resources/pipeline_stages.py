"""Pipeline stages."""

from __future__ import annotations

import json

from ... import enums, models
from ..._encoders import OneOf
from ..._generated.enums import ObjectKind
from ..._generated.resources.pipeline_stages import AsyncPipelineStages as AsyncGenerated
from ..listing import AsyncListing

__all__ = ["AsyncPipelineStages"]


class AsyncPipelineStages(AsyncGenerated):
    """Pipeline stages of contacts and companies: ``client.pipeline_stages``."""

    __slots__ = ()

    def list(self, object: enums.ObjectKind | str) -> AsyncListing[models.PipelineStage]:
        """Lists the pipeline stages of contacts, ``"lead"``, or of companies, ``"company"`` (``listPipelineStages``).

        Nothing is sent until the listing is read. One response has all rows.

        Raises:
            InvalidInputError: ``object`` is neither of these.

        Example::

            async for stage in client.pipeline_stages.list("lead"):
                print(stage.name)
        """
        return self._list(filter=json.dumps({"object": OneOf(ObjectKind)("object", object)}))
