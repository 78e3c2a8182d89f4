"""Webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._generated import models as records
from .._generated.resources.webhooks import AsyncWebhooks as AsyncGenerated
from .._types import NOT_GIVEN, NotGiven, check_text
from .._write import Object, Url
from ._ensured import EnsuredWebhook

if TYPE_CHECKING:
    from .. import enums

__all__ = ["AsyncWebhooks"]


class AsyncWebhooks(AsyncGenerated):
    """Webhooks, the calls that the API makes when something happens: ``client.webhooks``."""

    __slots__ = ()

    async def ensure(
        self,
        name: str,
        *,
        event: enums.WebhookEvent | str,
        target_url: str,
        request_method: enums.HttpMethod | str = "POST",
        filters: Mapping[str, Any] | NotGiven = NOT_GIVEN,
    ) -> EnsuredWebhook:
        """Registers a webhook unless there is an equal one: the same event, target, method and filters (``createWebhook``).

        The one that is there is handed out as it is, with its own name and status; one that somebody switched off stays off.
        If the answer to the registration is lost, this looks whether it was made. Two programs that do this at the same moment
        can still register two.

        Raises:
            InvalidInputError: a blank text, or a target that is no URL; nothing is sent.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost, and the webhook is not there.

        Example::

            ensured = await client.webhooks.ensure(
                "Replies", event="contact_replied_linkedin_message", target_url="https://example.com/hook?token=t"
            )
            print(ensured.created, ensured.webhook.status)
        """
        webhook, created = await self._client._composed(
            "ensure_webhook",
            {
                "name": check_text("name", name),
                "event": check_text("event", event),
                "target_url": Url("target_url", target_url),
                "request_method": check_text("request_method", request_method),
                "filters": None if isinstance(filters, NotGiven) else Object("filters", filters),
            },
        )
        return EnsuredWebhook(records.Webhook(webhook), created)
