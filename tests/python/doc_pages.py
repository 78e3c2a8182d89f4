"""Runs the Python blocks of a documentation page as one program.

``python doc_pages.py PAGE`` runs a page with the standard library and the packages that the page imports. A block
``text title="Output"`` contains the expected output of the block before it; ``…`` matches anything.
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
    """A block of Python."""

    line: int
    """The line of the page that its first line is."""
    code: str
    title: str | None
    """The name of the file that it is, if it has one."""
    output: str | None
    """The documented output, if any."""


class Failed(Exception):
    """A page that does not run as documented."""


def blocks(text: str) -> list[Block]:
    """The blocks of Python, in the order of the page."""
    found: list[Block] = []
    for line, info, code, after in _fences(text):
        language = re.split(r"[\s{]", info.lstrip("{.").strip(), maxsplit=1)[0].lower()
        named = _TITLE.search(info)
        title = named["title"] if named else None
        if language in LANGUAGES:
            found.append(Block(line, code, title, None))
        elif title == "Output":
            if not found or after != found[-1].line or found[-1].output is not None:
                raise Failed(f"line {line}: this output does not follow a Python block")
            found[-1] = found[-1]._replace(output=code)
    return found


def needs(text: str) -> list[str]:
    """What the page needs besides the package, as it says in a comment."""
    needs = _NEEDS.search(text)
    return needs["names"].split() if needs else []


def _fences(text: str) -> list[tuple[int, str, str, int]]:
    """Every fence: the line that it begins in, its info, what is in it, and where the one right before it began."""
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
        raise Failed(f"line {begin - 1}: this block does not end")
    return found


def run(page: Path) -> int:
    """Runs a page in a namespace of its own, in the folder that is the current one; responses how many blocks it has.

    Raises:
        Failed: a block prints something else than the page says, or its tests fail. What a block raises comes as it is.
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
        # Blank lines before it make its lines those of the page, in a traceback.
        code = compile("\n" * (block.line - 1) + block.code, str(page), "exec", dont_inherit=True)
        with contextlib.redirect_stdout(printed):
            exec(code, names)
        sys.stdout.write(printed.getvalue())
        if block.output is not None and not _fits(printed.getvalue(), block.output):
            raise Failed(f"{where}: it prints\n{printed.getvalue()}\nand the page says\n{block.output}")
    return len(found)


def _test(file: str, where: str) -> None:
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file], capture_output=True, text=True)
    if done.returncode != 0 or " passed" not in done.stdout:
        raise Failed(f"{where}: {done.stdout}{done.stderr}")


def _fits(printed: str, expected: str) -> bool:
    pattern = "\n".join(
        r"(?:.*\n)*?.*" if line.strip() == "…" else ".*".join(map(re.escape, line.rstrip().split("…")))
        for line in expected.rstrip().splitlines()
    )
    lines = "\n".join(line.rstrip() for line in printed.rstrip().splitlines())
    return re.fullmatch(pattern, lines) is not None


if __name__ == "__main__":
    try:
        print(run(Path(sys.argv[1])), "blocks ran")
    except Failed as failed:
        sys.exit(str(failed))
