"""Extracts the Python blocks of a documentation page and runs them from top to bottom as one program.

``python doc_pages.py PAGE`` runs a page with only the standard library and the imports of the page. A block with the info string
``text title="Output"`` is the expected output of the block above it; ``…`` matches anything.
"""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

LANGUAGES = ("python", "python3", "py", "py3", "pycon")

_FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}|~{3,}) *(?P<info>[^`]*)$")
_TITLE = re.compile(r'title="(?P<title>[^"]*)"')
_NEEDS = re.compile(r"<!-- needs: (?P<names>[\w -]+) -->")


class Block(NamedTuple):
    """A Python block of a page."""

    line: int
    """The line number of its first line in the page."""
    code: str
    title: str | None
    """The name of the file to write it to, if it has one."""
    output: str | None
    """The expected output, if the page contains it."""


class PageError(Exception):
    """A page is malformed, or a block does not print its expected output."""


def blocks(text: str) -> list[Block]:
    """Returns the Python blocks in the order of the page."""
    found: list[Block] = []
    for line, info, code, after in _fences(text):
        language = re.split(r"[\s{]", info.lstrip("{.").strip(), maxsplit=1)[0].lower()
        match = _TITLE.search(info)
        title = match["title"] if match else None
        if language in LANGUAGES:
            found.append(Block(line, code, title, None))
        elif title == "Output":
            if not found or after != found[-1].line or found[-1].output is not None:
                raise PageError(f"line {line}: this output does not follow a Python block")
            found[-1] = found[-1]._replace(output=code)
    return found


def needs(text: str) -> list[str]:
    """Returns the packages that the page requires, from its ``needs`` comment."""
    match = _NEEDS.search(text)
    return match["names"].split() if match else []


def _fences(text: str) -> list[tuple[int, str, str, int]]:
    """Returns every fenced block: its first line, info string, content, and the first line of the block directly above it."""
    found: list[tuple[int, str, str, int]] = []
    open_fence: re.Match[str] | None = None
    begin, inside, before = 0, [], 0
    for number, line in enumerate(text.splitlines(), start=1):
        fence = _FENCE.match(line)
        if open_fence is None:
            if fence is not None:
                open_fence, begin, inside = fence, number + 1, []
            elif line.strip():
                before = 0
        elif fence is not None and not fence["info"].strip() and fence["ticks"].startswith(open_fence["ticks"]):
            indent = open_fence["indent"]
            code = "\n".join(line.removeprefix(indent) for line in inside) + "\n"
            found.append((begin, open_fence["info"], code, before))
            open_fence, before = None, begin
        else:
            inside.append(line)
    if open_fence is not None:
        raise PageError(f"line {begin - 1}: this block does not end")
    return found


def run(page: Path) -> int:
    """Runs a page in its own namespace and the current directory, and returns the number of blocks.

    Raises:
        PageError: The output of a block differs from the page, or its tests fail. Exceptions of a block are not caught.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    found = blocks(page.read_text(encoding="utf-8"))
    for block in found:
        where = f"{page}:{block.line}"
        if block.title is not None and block.title.endswith(".py"):
            Path(block.title).write_text(block.code, encoding="utf-8")
            if block.title.startswith("test_"):
                _test(block.title, where)
            continue
        printed = io.StringIO()
        # Blank lines before the code make line numbers in tracebacks match the page.
        code = compile("\n" * (block.line - 1) + block.code, str(page), "exec", dont_inherit=True)
        with contextlib.redirect_stdout(printed):
            exec(code, names)
        sys.stdout.write(printed.getvalue())
        if block.output is not None and not _matches(printed.getvalue(), block.output):
            raise PageError(f"{where}: printed\n{printed.getvalue()}\nexpected\n{block.output}")
    return len(found)


def _test(file: str, where: str) -> None:
    result = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file], capture_output=True, text=True)
    if result.returncode != 0 or " passed" not in result.stdout:
        raise PageError(f"{where}: {result.stdout}{result.stderr}")


def _matches(printed: str, expected: str) -> bool:
    pattern = "\n".join(
        r"(?:.*\n)*?.*" if line.strip() == "…" else ".*".join(map(re.escape, line.rstrip().split("…")))
        for line in expected.rstrip().splitlines()
    )
    lines = "\n".join(line.rstrip() for line in printed.rstrip().splitlines())
    return re.fullmatch(pattern, lines) is not None


if __name__ == "__main__":
    try:
        print(run(Path(sys.argv[1])), "blocks ran")
    except PageError as error:
        sys.exit(str(error))
