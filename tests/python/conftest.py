"""What the tests share: a sandbox of their own each, and servers that misbehave."""

from collections.abc import Iterator

import pytest

import grinfi
from misbehaving import Server

KEY = "eyJhbGciOiJub25lIn0.eyJzcGVjaWZpY190ZWFtX2lkIjoxMzR9.c2lnbmF0dXJl"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests never meet a live key."""
    monkeypatch.delenv("GRINFI_API_KEY", raising=False)
    monkeypatch.delenv("GRINFI_BASE_URL", raising=False)


@pytest.fixture
def sandbox() -> Iterator[grinfi.Sandbox]:
    with grinfi.Sandbox(rate_limit=None) as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: grinfi.Sandbox) -> Iterator[grinfi.Grinfi]:
    with sandbox.client() as client:
        yield client


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def key() -> str:
    """Has the shape of a key, and is none."""
    return KEY
