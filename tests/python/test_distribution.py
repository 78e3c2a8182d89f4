"""Distributions: metadata, versions and files."""

import re
import subprocess
import sys
import sysconfig
import tarfile
from importlib.metadata import distribution, version
from pathlib import Path

import pytest

import grinfi
from grinfi import _native

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "bindings" / "python"


def test_crate_and_package_have_the_same_version() -> None:
    manifest = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    crate = re.search(r'(?m)^\[workspace\.package\]\nversion = "(.+)"$', manifest)
    assert crate is not None
    assert grinfi.__version__ == _native.__version__ == crate[1]
    # maturin converts versions of pre-releases: 1.0.0-rc.1 to 1.0.0rc1.
    assert version("grinfi") == re.sub(r"-(alpha|beta|rc)\.?", lambda found: {"alpha": "a", "beta": "b"}.get(found[1], "rc"), crate[1])


def test_metadata_is_complete() -> None:
    metadata = distribution("grinfi").metadata
    assert metadata["Name"] == "grinfi" and metadata["Requires-Python"] == ">=3.10"
    assert metadata["License-Expression"] == "MIT OR Apache-2.0" and metadata.get_all("License-File") == ["LICENSE"]
    assert set(metadata.get_all("Provides-Extra") or []) == {"arrow", "pandas", "polars"}
    required = distribution("grinfi").requires or []
    assert all("extra ==" in requirement for requirement in required), "it needs nothing else"
    classifiers = metadata.get_all("Classifier") or []
    assert "Typing :: Typed" in classifiers
    assert f"Programming Language :: Python :: {sys.version_info[0]}.{sys.version_info[1]}" in classifiers
    assert not any("Free Threading" in classifier for classifier in classifiers)


def test_wheel_is_complete_and_supports_python_3_10() -> None:
    files = distribution("grinfi").files or []
    names = {str(file).replace("\\", "/") for file in files}
    assert {"grinfi/py.typed", "grinfi/_native.pyi", "grinfi/testing.py"} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    (native,) = (name for name in names if name.startswith("grinfi/_native.") and not name.endswith(".pyi"))
    if not sysconfig.get_config_var("Py_GIL_DISABLED"):
        assert native in ("grinfi/_native.abi3.so", "grinfi/_native.pyd")
        (wheel,) = (file for file in files if file.name == "WHEEL")
        assert re.search(r"(?m)^Tag: cp310-abi3-", wheel.read_text())
    # It contains all modules of the source, and only modules.
    source = {f"grinfi/{path.relative_to(PACKAGE / 'python' / 'grinfi').as_posix()}" for path in (PACKAGE / "python" / "grinfi").rglob("*.py")}
    assert {name for name in names if name.startswith("grinfi/") and name.endswith(".py")} == source


def test_package_has_the_license_of_the_project() -> None:
    assert (PACKAGE / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_index_accepts_source_distribution(tmp_path: Path) -> None:
    for tool in ("maturin", "twine"):
        pytest.importorskip(tool)
    made = subprocess.run(
        [sys.executable, "-m", "maturin", "sdist", "--manifest-path", str(PACKAGE / "Cargo.toml"), "--out", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert made.returncode == 0, made.stderr
    (archive,) = tmp_path.glob("*.tar.gz")
    assert archive.name == f"grinfi-{version('grinfi')}.tar.gz"
    checked = subprocess.run(
        [sys.executable, "-m", "twine", "--no-color", "check", "--strict", str(archive)], capture_output=True, text=True, timeout=120
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    with tarfile.open(archive) as files:
        names = {name.split("/", 1)[1] for name in files.getnames()}
    # It contains the crates that it is built from, their lock file, and the license.
    for needed in (
        "Cargo.lock",
        "LICENSE",
        "PKG-INFO",
        "README.md",
        "bindings/python/src/lib.rs",
        "crates/grinfi/src/lib.rs",
        "crates/grinfi-raw/src/lib.rs",
        "crates/grinfi-sandbox/src/lib.rs",
        "python/grinfi/__init__.py",
        "python/grinfi/_native.pyi",
        "python/grinfi/py.typed",
    ):
        assert needed in names, f"{needed} is missing: {sorted(names)[:40]}"
    assert not any(name.startswith(("xtask/", "tests/", "target/", ".")) for name in names)
