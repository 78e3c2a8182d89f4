"""The pytest plugin: a fixture ``grinfi_sandbox``, a tenant of the API as a local server that is new for every test.

It is there as soon as this package is installed beside pytest::

    def test_the_list_is_made(grinfi_sandbox):
        with grinfi_sandbox.client() as client:
            client.lists.create("Autumn fair")
        assert grinfi_sandbox.outbox == []

All tests of a process share one server, ``grinfi_sandbox_server``, and each has a key and a tenant of its own on it. A fixture
of that name in a ``conftest.py`` starts it otherwise::

    @pytest.fixture(scope="session")
    def grinfi_sandbox_server():
        with grinfi.Sandbox(seed=1000, rate_limit=None) as sandbox:
            yield sandbox
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ._sandbox import Sandbox
    from ._tenant import Tenant

__all__ = ["grinfi_sandbox", "grinfi_sandbox_server"]


@pytest.fixture(scope="session")
def grinfi_sandbox_server() -> Iterator[Sandbox]:
    """The server behind ``grinfi_sandbox``: the demo data for each tenant, and no rate limit."""
    from ._sandbox import Sandbox  # Only for tests that ask for it: pytest imports this module in any case.

    with Sandbox(rate_limit=None) as sandbox:
        yield sandbox


@pytest.fixture
def grinfi_sandbox(grinfi_sandbox_server: Sandbox) -> Iterator[Tenant]:
    """A tenant of the Grinfi API with the demo data; nothing that is sent to it reaches anyone.

    Neither it nor its clients have a rate limit.
    """
    with grinfi_sandbox_server.new_tenant() as tenant:
        yield tenant
