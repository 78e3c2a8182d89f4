"""The package: imports, commands and types."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from functools import cached_property
from pathlib import Path

import pytest

import grinfi

HERE = Path(__file__).parent


def python(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRINFI_")}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env={**environment, **variables}, timeout=300
    )


def test_import_is_lightweight() -> None:
    text = """
import sys, os
before = set(sys.modules)
import grinfi, threading
new = set(sys.modules) - before
for heavy in ("asyncio", "dataclasses", "inspect", "logging", "socket", "ssl", "http.client", "urllib.request", "difflib", "uuid", "copy",
              "typing_extensions", "grinfi._sandbox", "grinfi._tenant", "grinfi.quickstart", "grinfi._generated.models", "grinfi._generated.inputs",
              "pandas", "polars", "pyarrow"):
    assert heavy not in new, heavy
assert threading.active_count() == 1
if os.path.isdir("/proc/self/task"):
    assert len(os.listdir("/proc/self/task")) == 1
    grinfi.Grinfi("a.b.c")
    assert len(os.listdir("/proc/self/task")) == 1, "the runtime is made at the first call"
"""
    done = python("-c", text)
    assert (done.returncode, done.stderr) == (0, "")


def test_all_exported_names_exist() -> None:
    for name in grinfi.__all__:
        assert getattr(grinfi, name) is not None
    assert sorted(grinfi.__all__) == sorted(set(grinfi.__all__))
    with pytest.raises(AttributeError, match="nothing"):
        grinfi.nothing  # type: ignore[attr-defined]
    assert (Path(grinfi.__file__).parent / "py.typed").is_file()


def test_all_methods_are_documented() -> None:
    client = grinfi.Grinfi("a.b.c")
    resources = [name for name, value in vars(grinfi.Grinfi.__mro__[1]).items() if isinstance(value, cached_property)]
    assert len(resources) > 25
    for resource in (getattr(client, name) for name in resources):
        method_names = [name for name in dir(resource) if not name.startswith("_")]
        assert method_names
        for method_name in method_names:
            doc = getattr(resource, method_name).__doc__
            assert doc and "``" in doc and "Raises:" in doc, f"{resource!r}.{method_name}"


def test_quick_start_prints_steps_and_reads_no_key() -> None:
    done = python("-m", "grinfi.quickstart", GRINFI_API_KEY="not-a-key", GRINFI_BASE_URL="not-a-url")
    assert (done.returncode, done.stderr) == (0, "")
    for step in range(1, 7):
        assert f"\n{step}. " in done.stdout
    assert "32 work at ExampleCorp" in done.stdout and "page 4: 2 contacts" in done.stdout
    outbox = done.stdout.split("The outbox")[1]
    assert "Thank you for stopping by" in outbox
    assert "not-a-key" not in done.stdout


def test_sandbox_has_command_line() -> None:
    assert "--rate-limit" in python("-m", "grinfi.sandbox", "--help").stdout
    wrong = python("-m", "grinfi.sandbox", "--seed", "full")
    assert wrong.returncode == 2 and "full" in wrong.stderr and "Traceback" not in wrong.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_sandbox_server_runs_until_signal(stop: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "grinfi.sandbox", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    greeting = process.stdout.readline()
    match = re.search(r"http://127\.0\.0\.1:\d+", greeting)
    assert match, greeting
    with urllib.request.urlopen(f"{match[0]}/_sandbox/outbox") as response:
        assert response.status == 200
    process.send_signal(stop)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")


def test_type_checkers_agree() -> None:
    pytest.importorskip("basedpyright")
    strict = {"typeCheckingMode": "strict", "include": [str(HERE / "typing_expectations.py")], "pythonVersion": "3.10"}
    standard = {"typeCheckingMode": "standard", "include": [str(Path(grinfi.__file__).parent)], "pythonVersion": "3.10"}
    for number, settings in enumerate((strict, standard)):
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / f"{number}.json"
            config.write_text(json.dumps(settings), encoding="utf-8")
            done = python("-m", "basedpyright", "-p", str(config), "--pythonpath", sys.executable)
        assert "0 errors" in done.stdout, done.stdout + done.stderr


def mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    pytest.importorskip("mypy")
    return python("-m", "mypy", "--strict", "--no-error-summary", *arguments)


def test_types_are_as_expected() -> None:
    done = mypy(str(HERE / "typing_expectations.py"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_type_checker_finds_mistakes() -> None:
    path = HERE / "typing_mistakes.py"
    expected = {
        number: match[1]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (match := re.search(r"# mistake: ([\w-]+)$", line))
    }
    done = mypy(str(path))
    found = {int(line): code for line, code in re.findall(r":(\d+): error: .*\[([\w-]+)\]$", done.stdout, re.MULTILINE)}
    assert found == expected, done.stdout


def test_stub_matches_compiled_module() -> None:
    pytest.importorskip("mypy")
    done = python("-m", "mypy.stubtest", "grinfi._native", "--concise")
    assert done.returncode == 0, done.stdout + done.stderr
