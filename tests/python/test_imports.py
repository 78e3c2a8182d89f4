"""The imports of the package: no cycles, and annotations that can be evaluated."""

import ast
import inspect
import typing
from functools import cached_property
from pathlib import Path

import pytest

import grinfi

PACKAGE = Path(grinfi.__file__).parent


def modules() -> dict[str, Path]:
    """The modules of the package by their names."""
    found = {}
    for path in [*PACKAGE.rglob("*.py"), PACKAGE / "_native.pyi"]:
        parts = [PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """The modules of the package that a module imports, also inside functions and for type checkers."""
    parents = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = ".".join([*parents[: len(parents) - node.level + 1], *filter(None, [node.module])])
            found |= {f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base for alias in node.names}
    return found & set(known) - {name}


def test_has_no_import_cycles() -> None:
    known = modules()
    left = {name: imported(name, path, known) for name, path in known.items() if path.suffix == ".py"}
    while left:
        leaves = {name for name, imports in left.items() if not imports & set(left)}
        assert leaves, f"cycle among {sorted(left)}"
        left = {name: imports for name, imports in left.items() if name not in leaves}


def public_classes() -> list[type]:
    classes = [value for value in vars(grinfi).values() if isinstance(value, type)]
    for client in (grinfi.Grinfi("a.b.c"), grinfi.AsyncGrinfi("a.b.c")):
        names = [name for name, value in vars(type(client).__mro__[1]).items() if isinstance(value, cached_property)]
        classes += [type(getattr(client, name)) for name in names]
    return classes


@pytest.mark.parametrize("cls", public_classes(), ids=lambda cls: cls.__name__)
def test_annotations_of_public_methods_can_be_evaluated(cls: type) -> None:
    for name, method in inspect.getmembers(cls, inspect.isfunction):
        if not name.startswith("_"):
            pandas_or_polars = name in ("to_pandas", "to_polars")
            if pandas_or_polars:
                pytest.importorskip(name.removeprefix("to_"))
            assert "return" in typing.get_type_hints(method), name


def test_resources_have_public_modules() -> None:
    import grinfi.resources.contacts
    import grinfi.resources.tags

    client = grinfi.Grinfi("a.b.c")
    assert isinstance(client.contacts, grinfi.resources.contacts.Contacts)
    assert isinstance(client.tags, grinfi.resources.tags.Tags)
