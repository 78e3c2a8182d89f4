"""Property tests. Their examples are the same in every run; `cargo xtask fuzz-tests` uses new ones."""

from __future__ import annotations

import pytest

from test_linkedin import unstable

pytest.importorskip("hypothesis")

from hypothesis import given, strategies  # noqa: E402

PARTS = [
    "https://", "www.", "linkedin.com", "/in/", "/company/", "urn:li:member:", "%", "%25", "@", "?", "#", ",", "/",
    "\u037e", "\u212a", "\u0301", "\u200b", "İ", "Σ", "ACoAA",
]  # fmt: skip


@given(strategies.lists(strategies.sampled_from(PARTS) | strategies.text(max_size=8), max_size=8).map("".join))
def test_normalization_is_idempotent(text: str) -> None:
    assert unstable(text) is None
