"""Fixtures: a sandbox and a mock server for each test."""

import sys
from collections.abc import Generator, Iterator
from typing import TypeVar

import pytest

import grinfi
from mock_server import Server

MISSING = "could not import"

try:
    from hypothesis import settings
except ModuleNotFoundError:
    pass  # Modules with property tests skip themselves.
else:
    # The same examples in every run; `cargo xtask fuzz-tests` selects `fresh` and gives a seed.
    settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
    settings.register_profile("fresh", max_examples=1000, database=None, deadline=None, print_blob=True)
    settings.load_profile("fixed")


def pytest_addoption(parser: pytest.Parser) -> None:
    help = "fail if a test was left out because a package is missing"
    parser.addoption("--nothing-missing", action="store_true", help=help)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return failed_if_missing(item.config, report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    return failed_if_missing(collector.config, report)


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def failed_if_missing(config: pytest.Config, report: Report) -> Report:
    # Some packages do not support Windows.
    wanted = config.getoption("--nothing-missing") and sys.platform != "win32"
    if wanted and report.skipped and MISSING in str(report.longrepr):
        report.outcome = "failed"
    return report


KEY = "eyJhbGciOiJub25lIn0.eyJzcGVjaWZpY190ZWFtX2lkIjoxMzR9.c2lnbmF0dXJl"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Removes API keys from the environment."""
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
    """Returns a well-formed, invalid key."""
    return KEY
