"""What ``webhooks.ensure`` answers."""

from __future__ import annotations

from typing import NamedTuple

from .._generated.models import Webhook

__all__ = ["EnsuredWebhook"]


class EnsuredWebhook(NamedTuple):
    """A webhook that is there now."""

    webhook: Webhook
    """The webhook."""
    created: bool
    """Whether it was registered just now."""
