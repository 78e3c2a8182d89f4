"""Lists the public names of Python source. Reads [[module, text], ...] as JSON, writes a JSON list of lines.

Names with a leading underscore are private, except for special methods. Several modules can have the same name,
because the names of private modules belong to the package that contains them.
"""

import ast
import json
import sys


def public(name):
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def signature(node):
    """Returns the required part, and a line for each optional keyword argument, because a new one is additive."""
    kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    given = list(zip(node.args.kwonlyargs, node.args.kw_defaults))
    optional = [f"{node.name}(…, {ast.unparse(name)} = {ast.unparse(default)})" for name, default in given if default is not None]
    node.args.kwonlyargs = [name for name, default in given if default is None]
    node.args.kw_defaults = [None for _ in node.args.kwonlyargs]
    return kind, f"{node.name}({ast.unparse(node.args)}){returns}", optional


def listing(where, body, inside):
    lines = []
    for node in body:
        if isinstance(node, ast.ClassDef):
            if public(node.name):
                bases = ", ".join(ast.unparse(base) for base in node.bases)
                lines.append(f"class {where}.{node.name}({bases})")
                lines += listing(f"{where}.{node.name}", node.body, True)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if public(node.name):
                kind, text, optional = signature(node)
                marks = [ast.unparse(mark) for mark in node.decorator_list]
                marks = "".join(f", {mark}" for mark in marks if mark in ("property", "staticmethod", "classmethod"))
                lines.append(f"{kind} {where}.{text}{marks}")
                lines += [f"{kind} {where}.{argument}" for argument in optional]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if public(node.target.id):
                lines.append(f"{where}.{node.target.id}: {ast.unparse(node.annotation)}")
        elif isinstance(node, ast.Assign) and not inside:
            for target in node.targets:
                if isinstance(target, ast.Name) and not target.id.startswith("_"):
                    lines.append(f"{where}.{target.id} = …")
        elif isinstance(node, (ast.If, ast.Try)) and not inside:
            lines += listing(where, node.body, inside)
    return lines


lines = []
for module, text in json.load(sys.stdin):
    body = ast.parse(text, module).body
    lines += listing(module, body, False)
    for node in body:
        # The exports of a package.
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "__all__" for t in node.targets):
            lines += [f"from {module} import {name}" for name in ast.literal_eval(node.value)]
json.dump(sorted(set(lines)), sys.stdout)
