"""pytest plugin with the fixture ``grinfi_sandbox``: a new tenant of a local sandbox for every test.

pytest loads the plugin if this package is installed::

    def test_creates_list(grinfi_sandbox):
        with grinfi_sandbox.client() as client:
            client.lists.create("Autumn fair")
        assert grinfi_sandbox.outbox == []

All tests of a process share one server, ``grinfi_sandbox_server``, and each test has its own key and tenant. To change the
settings, define a fixture with that name in ``conftest.py``::

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
    """Server of ``grinfi_sandbox``: demo data for each tenant, and no rate limit."""
    from ._sandbox import Sandbox  # Imported late: pytest loads this module for every test run.

    with Sandbox(rate_limit=None) as sandbox:
        yield sandbox


@pytest.fixture
def grinfi_sandbox(grinfi_sandbox_server: Sandbox) -> Iterator[Tenant]:
    """Tenant with the demo data, without a rate limit for itself and its clients. No message is delivered."""
    with grinfi_sandbox_server.new_tenant() as tenant:
        yield tenant
