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
    changed: bool
    """Whether it was there, and its method or filters were changed just now."""
    duplicates: list[str]
    """The ids of others for the same event and target, which double every event as long as they are on. They are left to you,
    since one may be somebody's on purpose."""
