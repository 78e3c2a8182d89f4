"""The pytest plugin: a fixture ``grinfi_sandbox``, the API as a local server that is new for every test.

It is there as soon as this package is installed beside pytest::

    def test_the_list_is_made(grinfi_sandbox):
        with grinfi_sandbox.client() as client:
            client.lists.create("Autumn fair")
        assert grinfi_sandbox.outbox == []
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ._sandbox import Sandbox

__all__ = ["grinfi_sandbox"]


@pytest.fixture
def grinfi_sandbox() -> Iterator[Sandbox]:
    """A sandbox of the Grinfi API with the demo data and no quota; nothing that is sent to it reaches anyone."""
    with Sandbox(rate_limit=None) as sandbox:
        yield sandbox
