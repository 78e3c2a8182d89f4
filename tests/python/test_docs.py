"""Runs every Python example of the documentation, and checks that the navigation and the reference are complete."""

import importlib
import os
import re
import subprocess
import sys
from functools import cached_property
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml

import grinfi
import doc_pages as pages

PROJECT = Path(__file__).parent.parent.parent
PACKAGE = PROJECT / "bindings" / "python"
DOCS = PACKAGE / "docs"
PAGES = [PROJECT / "README.md", PACKAGE / "README.md", *sorted(DOCS.rglob("*.md"))]


def page_id(page: Path) -> str:
    return str(page.relative_to(PROJECT))


@pytest.fixture(scope="session")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new virtual environment that contains only the files of the wheel."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    command = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())
    files = distribution("grinfi").files
    assert files
    for file in files:
        if file.parts[0] == ".." or file.suffix == ".pyc":
            continue
        (packages / file).parent.mkdir(parents=True, exist_ok=True)
        (packages / file).write_bytes(file.locate().read_bytes())
    return python


def run(page: Path, python: Path, sandbox: grinfi.Sandbox, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a page without access to a real account.

    The API key and address are those of a sandbox, and every host except this machine is behind a proxy that does not exist.
    """
    missing_proxy = "http://127.0.0.1:9"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GRINFI_", "PYTEST_"))}
    proxies = {name: missing_proxy for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")}
    environment |= proxies | {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}
    environment |= {"GRINFI_API_KEY": sandbox.key, "GRINFI_BASE_URL": sandbox.base_url, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [str(python), "-W", "error", pages.__file__, str(page)],
        cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120,
    )


@pytest.mark.parametrize("page", [page for page in PAGES if pages.blocks(page.read_text(encoding="utf-8"))], ids=page_id)
def test_page_examples_run(page: Path, bare_python: Path, sandbox: grinfi.Sandbox, tmp_path: Path) -> None:
    requirements = pages.needs(page.read_text(encoding="utf-8"))
    for name in requirements:
        pytest.importorskip(name)
    result = run(page, Path(sys.executable) if requirements else bare_python, sandbox, tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stderr == ""


def test_every_python_block_is_found() -> None:
    opening = re.compile(rf"^\s*(?:`{{3,}}|~{{3,}})\s*\{{?\s*\.?({'|'.join(pages.LANGUAGES)})\b", re.IGNORECASE)
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        opened = sum(opening.match(line) is not None for line in text.splitlines())
        assert len(pages.blocks(text)) == opened, page
        # Blocks with Python code are labeled as Python.
        for line, info, code, _ in pages._fences(text):
            if "python" not in info and "output" not in info.lower():
                assert not re.search(r"^\s*(import|from) grinfi\b", code, re.MULTILINE), f"{page}:{line}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# T\n\n```python\nfine = 1\n```\n\n```python\n\nraise KeyError('lost')\n```\n", "{page}\", line 9"),
        ("```python\nprint(1)\n```\n\n```text title=\"Output\"\n2\n```\n", "{page}:2: printed\n1\n"),
        ("    ```py\n    import grinfi\n    assert not grinfi.__version__\n    ```\n", "AssertionError"),
        ("```python\nimport pytest\n```\n", "No module named 'pytest'"),
        ("```python\nimport grinfi\ngrinfi.Grinfi(base_url='https://api.example.com').users.current()\n```\n", "ConnectError"),
        ("```python\npass\n```\n\nText.\n\n```text title=\"Output\"\n2\n```\n", "does not follow a Python block"),
        ("```python\npass\n", "does not end"),
    ],
)
def test_invalid_page_fails(
    text: str, message: str, bare_python: Path, sandbox: grinfi.Sandbox, tmp_path: Path
) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    result = run(page, bare_python, sandbox, tmp_path)
    assert result.returncode == 1
    assert message.format(page=page) in result.stderr


def test_example_lines_have_at_most_88_characters() -> None:
    for page in sorted(DOCS.rglob("*.md")):
        for block in pages.blocks(page.read_text(encoding="utf-8")):
            for number, line in enumerate(block.code.splitlines(), start=block.line):
                assert len(line) <= 88, f"{page}:{number}"


def test_navigation_contains_all_pages() -> None:
    settings = yaml.safe_load((PACKAGE / "mkdocs.yml").read_text(encoding="utf-8"))
    paths = []
    entries = list(settings["nav"])
    while entries:
        entry = entries.pop()
        entries.extend(entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else ())
        paths.extend([entry] if isinstance(entry, str) else [])
    assert sorted(paths) == sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md"))


def test_reference_documents_all_public_names() -> None:
    documented = set()
    for page in (DOCS / "reference").rglob("*.md"):
        documented |= set(re.findall(r"^::: (\S+)$", page.read_text(encoding="utf-8"), re.MULTILINE))
    for name in documented:
        module, _, member = name.rpartition(".")
        try:
            assert hasattr(importlib.import_module(module), member) or importlib.import_module(name)
        except ImportError:
            pytest.fail(f"the reference documents {name}, which does not exist")
    for name in set(grinfi.__all__) - {"__version__", "enums", "inputs", "models", "resources", "sandbox"}:
        value = getattr(grinfi, name)
        module = "grinfi.filters" if name == "F" else getattr(value, "__module__", "")
        paths = {f"grinfi.{name}", module, module.replace("_generated.", "")}
        assert paths & documented, f"{name} is not in docs/reference"
    for name in set(grinfi.sandbox.__all__) - {"main"}:
        modules = {"grinfi._sandbox_records"} & documented
        in_module = any(name in vars(importlib.import_module(module)) for module in modules)
        paths = {f"grinfi.{name}", f"grinfi._tenant.{name}"}
        assert in_module or paths & documented, f"sandbox.{name} is not in docs/reference"
    client = grinfi.Grinfi("a.b.c")
    for name, value in vars(grinfi.Grinfi.__mro__[1]).items():
        if isinstance(value, cached_property):
            cls = type(getattr(client, name))
            page = DOCS / "reference" / "resources" / f"{name}.md"
            assert page.is_file(), f"client.{name} has no page {page}"
            assert f"::: grinfi.resources.{name}.{cls.__qualname__}\n" in page.read_text(encoding="utf-8"), page


def test_ellipsis_in_output_matches_anything() -> None:
    assert pages._matches("a 1 b\nc\nd\n", "a … b\nc\nd") and pages._matches("a\nb\nc\nd\n", "a\n…\nd\n")
    assert not pages._matches("a\nb\n", "a\n") and not pages._matches("a.b", "aXb") and not pages._matches("axb", "a.b")
