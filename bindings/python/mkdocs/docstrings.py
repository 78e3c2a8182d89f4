"""Converts the docstrings of the package to Markdown for the reference: Google sections with Sphinx roles and examples.

mkdocstrings loads it as an extension of griffe, which parses the sources without running them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import griffe

# :class:`~grinfi.Contact`, :meth:`count`
_ROLE = re.compile(r":(class|meth|func|data|attr|mod):`+(~?)([\w.]+)`+")
_EXAMPLE = re.compile(r"^(?P<indent> *)(?P<title>Example)?::$")

# Python types of the JSON readers.
_TYPES = {
    "Anything": "Any",
    "Boolean": "bool",
    "Integer": "int",
    "Json": "Any",
    "Mapping": "dict[str, Any]",
    "Number": "float",
    "Row": "dict[str, Any]",
    "Text": "str",
    "Time": "datetime",
}


class Docstrings(griffe.Extension):
    """Converts docstrings to Markdown, and fields of records to attributes."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Converts a docstring after the whole package is parsed."""
        if obj.docstring is not None:
            obj.docstring.value = _examples(_ROLE.sub(lambda role: _link(role, obj), obj.docstring.value))

    def on_class_members(self, *, cls: griffe.Class, **kwargs: Any) -> None:
        """Lists the fields of a record or dict in one table instead of a section for each."""
        fields = [member for member in cls.members.values() if _is_field(member, cls)]
        if not fields:
            return
        table = ["", "", "Attributes:"]
        for field in fields:
            text = " ".join(field.docstring.value.split()) if field.docstring else ""
            table.append(f"    {field.name} ({field.annotation}): {text}")
            del cls.members[field.name]
        if cls.docstring is None:
            cls.docstring = griffe.Docstring("", parent=cls, parser="google")
        cls.docstring.value += "\n".join(table)

    def on_package(self, *, pkg: griffe.Module, **kwargs: Any) -> None:
        """Makes every error class resolvable in docstrings of modules that do not import it."""
        errors = pkg["_errors"]
        for module in _modules(pkg):
            for name in errors.exports or ():
                if module is not errors and str(name) not in module.members:
                    module.set_member(str(name), griffe.Alias(str(name), errors[str(name)]))

    def on_attribute_instance(self, *, node: ast.AST | griffe.ObjectNode, attr: griffe.Attribute, **kwargs: Any) -> None:
        """Sets the type of a record field, and its docstring from the ``doc`` argument."""
        call = getattr(node, "value", None)
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return
        if call.func.id == "Alias" and isinstance(call.args[0], ast.Name) and attr.parent is not None:
            name = call.args[0].id
            attr.value = None
            attr.annotation = attr.parent.members[name].annotation
            attr.docstring = griffe.Docstring(f"Same as `{name}`.", parent=attr)
            attr.labels.add("field")
            return
        if call.func.id not in ("Field", "Key"):
            return
        attr.value = None
        if attr.parent is not None:
            kind = _type(call.args[0]) + ("" if call.func.id == "Key" else " | None")
            attr.annotation = griffe.get_annotation(ast.parse(kind, mode="eval").body, parent=attr.parent)
        for keyword in call.keywords:
            if keyword.arg == "doc":
                text = ast.literal_eval(keyword.value)
                attr.docstring = griffe.Docstring(text, lineno=keyword.value.lineno, parent=attr)
        attr.labels.add("field")


def _is_field(member: griffe.Object | griffe.Alias, cls: griffe.Class) -> bool:
    """Returns whether a member is a data attribute: a field of a record or an annotated attribute."""
    if member.is_alias or not member.is_attribute or member.name.startswith("_") or "property" in member.labels:
        return False
    return "field" in member.labels or (member.annotation is not None and "class-attribute" not in member.labels)


def _type(reader: ast.expr) -> str:
    """Returns the Python type that a JSON reader returns."""
    match reader:
        case ast.Name(id=name) if name in _TYPES:
            return _TYPES[name]
        case ast.Call(func=ast.Name(id="One" | "Choice"), args=[inner]):
            return ast.unparse(inner)
        case ast.Call(func=ast.Name(id="ListOf"), args=[inner]):
            return f"list[{_type(inner)}]"
        case ast.Call(func=ast.Name(id="MapOf"), args=[inner]):
            return f"dict[str, {_type(inner)}]"
    raise ValueError(f"mkdocs/docstrings.py has no type for the reader {ast.unparse(reader)}")


def _link(role: re.Match[str], obj: griffe.Object) -> str:
    """Returns a Markdown link for a Sphinx role, resolved relative to `obj`."""
    kind, short, target = role.groups()
    shown = target.rpartition(".")[2] if short else target
    if target == "grinfi":
        return f"`{target}`"
    if not target.startswith("grinfi."):
        around = obj.module if kind not in ("meth", "attr") else obj if obj.is_class else obj.parent
        first, _, member = target.partition(".")
        if member:
            around, first = _class(first, obj.package), member
        found = around.all_members.get(first) if around is not None else None
        # Inherited members link to their definition. An unknown name results in a warning of the build.
        target = found.canonical_path if found is not None else f"{obj.path}: {target}"
    return f"[`{shown}`][{target}]"


def _class(name: str, package: griffe.Module) -> griffe.Class | None:
    """Returns a class by its bare name from any module of the package except the native one."""
    for module in _modules(package):
        found = module.classes.get(name)
        if found is not None and not found.is_alias and module.name != "_native":
            return found
    return None


def _modules(package: griffe.Module) -> Iterator[griffe.Module]:
    """Yields a package and all its modules."""
    within = [module for module in package.modules.values() if not module.is_alias]
    yield package
    for module in within:
        yield from _modules(module)


def _examples(text: str) -> str:
    """Converts ``Example::`` and the block below it to a fenced code block."""
    lines = iter(text.splitlines())
    result: list[str] = []
    block: list[str] | None = None
    indent = ""

    def end() -> None:
        assert block is not None
        while block and not block[-1].strip():
            block.pop()
        result.extend([f"{indent}```python", *(line.removeprefix("    ") for line in block), f"{indent}```", ""])

    for line in lines:
        if block is not None:
            if not line.strip() or line.startswith(f"{indent}    "):
                if line.strip() or block:
                    block.append(line)
                continue
            end()
            block = None
        if (start := _EXAMPLE.match(line)) is not None:
            indent = start["indent"]
            if start["title"]:
                result.extend([f"{indent}**Example**", ""])
            block = []
        else:
            result.append(line)
    if block is not None:
        end()
    return "\n".join(result)
