"""Which finding codes the source uses, read from its syntax.

A parameter or a field that is called ``code`` has a finding's code. Whatever a call gives it must be readable here: a
literal, a choice of literals, a name that is set to literals in the same function or module, or a code handed on.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pressrun

PACKAGE = Path(pressrun.__file__).parent
# The codes of another's protocol, and the table itself.
OTHERS_CODES = ("providers/openai/rehearsal/", "providers/openai/refusals.py", "providers/openai/batch_desk.py",
                "commands/explanations/")  # fmt: skip
CARRY_FINDINGS = ("InputError", "RowUnusable", "WordsFailed")  # told by the findings in them, never by a code of their own
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass
class Source:
    """A file, and where the code stands in the calls of what it defines, counted without ``self``: by the name of a
    function or class, and by the name of a method. None: it has no code."""

    path: Path
    tree: ast.Module
    functions: dict[str, int | None] = field(default_factory=dict)
    methods: dict[str, int | None] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)
    imported: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.relative_to(PACKAGE).as_posix()


def used_codes() -> tuple[dict[str, list[str]], list[str]]:
    """Each code with the places that use it; and the places whose code cannot be read."""
    sources = [Source(path, ast.parse(path.read_text("utf-8"))) for path in sorted(PACKAGE.rglob("*.py"))]
    sources = [source for source in sources if not source.name.startswith(OTHERS_CODES)]
    for source in sources:
        _look_around(source)
    used: dict[str, list[str]] = {}
    unread: list[str] = []
    for source in sources:
        for call, inside in _calls(source.tree, ()):
            given = _given(call, _stands_at(call.func, source, sources))
            if given is None:
                continue
            place = f"{source.name}:{call.lineno}"
            literals = _literals(given, (source.tree, *inside))
            if literals is None:
                unread.append(f"{place}: {ast.unparse(call)}")
            for code in literals or ():
                own = getattr(call.func, "id", "") == "PydanticCustomError"
                used.setdefault(code.replace("_", "-") if own else code, []).append(place)
    return used, unread


def _look_around(source: Source) -> None:
    methods: set[ast.AST] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            own = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
            methods |= set(own.values())
            for name, method in own.items():
                if source.methods.get(name) is None:
                    source.methods[name] = _position(method.args.args[1:])
            fields = [ast.arg(one.target.id, one.annotation) for one in node.body if _is_field(one)]
            source.functions[node.name] = _position(own["__init__"].args.args[1:] if "__init__" in own else fields)
        elif isinstance(node, ast.FunctionDef) and node not in methods:
            source.functions[node.name] = _position(node.args.args)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("pressrun"):
            folder = PACKAGE.parent / node.module.replace(".", "/")
            for one in node.names:
                source.imported[one.asname or one.name] = one.name
                if (folder / f"{one.name}.py").exists() or (folder / one.name / "__init__.py").exists():
                    source.modules.add(one.asname or one.name)


def _is_field(node: ast.stmt) -> bool:
    return isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)


def _position(parameters: list[ast.arg]) -> int | None:
    for at, one in enumerate(parameters):
        if one.arg == "code" and one.annotation is not None and ast.unparse(one.annotation) == "str":
            return at
    return None


def _stands_at(called: ast.expr, source: Source, sources: list[Source]) -> int | None:
    """Where the code stands in a call, by what is called; what the file defines itself comes first."""
    if isinstance(called, ast.Name):
        if called.id == "PydanticCustomError":
            return 0
        name = source.imported.get(called.id, called.id)
        kinds = [one.functions for one in (source, *(sources if called.id in source.imported else ()))]
    elif isinstance(called, ast.Attribute) and called.attr != "__init__":
        name = called.attr
        of_module = isinstance(called.value, ast.Name) and called.value.id in source.modules
        kinds = [one.functions if of_module else one.methods for one in (source, *sources)]
    else:
        return None
    if name in kinds[0]:
        return kinds[0][name]
    return next((at for kind in kinds if (at := kind.get(name)) is not None), None)


def _calls(node: ast.AST, inside: tuple[ast.AST, ...]) -> Iterator[tuple[ast.Call, tuple[ast.AST, ...]]]:
    """Every call, with the functions that it stands in."""
    if isinstance(node, ast.Call):
        yield node, inside
    deeper = (*inside, node) if isinstance(node, Function) else inside
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, deeper)


def _given(call: ast.Call, at: int | None) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == "code" and at is not None:
            return keyword.value
    if at is None or len(call.args) <= at or any(isinstance(one, ast.Starred) for one in call.args[: at + 1]):
        return None
    return call.args[at]


def _literals(value: ast.expr, scopes: tuple[ast.AST, ...]) -> set[str] | None:
    """What the value can be; empty where it is handed on, None where nobody can tell."""
    if isinstance(value, ast.Constant):
        return {value.value} if isinstance(value.value, str) and value.value else set()
    if isinstance(value, ast.IfExp):
        return _all(_literals(one, scopes) for one in (value.body, value.orelse))
    if isinstance(value, ast.Attribute) and value.attr == "code":
        return set()
    if isinstance(value, ast.Call) and ast.unparse(value) == "kind.replace('_', '-')":  # of a PydanticCustomError
        return set()
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant) and value.slice.value == "code":
        return set()
    if isinstance(value, ast.Name):
        for depth in range(len(scopes), 0, -1):
            scope = scopes[depth - 1]
            if isinstance(scope, Function) and value.id in [one.arg for one in scope.args.args]:
                return set() if value.id == "code" else None
            if found := list(_bound(scope, value.id, scopes)):
                return _all(_literals(one, scopes[:depth]) for one in found)
    return None


def _all(several: Iterable[set[str] | None]) -> set[str] | None:
    found: set[str] = set()
    for one in several:
        if one is None:
            return None
        found |= one
    return found


def _bound(scope: ast.AST, name: str, scopes: tuple[ast.AST, ...]) -> Iterator[ast.expr]:
    """All that a name is set to in a scope: by itself, as a part of several, or by a loop."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if _has(target, name):
                    for one in _choices(node.value, scopes):
                        yield from _matched(target, one, name)
        elif isinstance(node, ast.For | ast.comprehension) and _has(node.target, name):
            for one in _members(node.iter, scopes):
                yield from _matched(node.target, one, name)


def _has(target: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(target))


def _choices(value: ast.expr, scopes: tuple[ast.AST, ...]) -> list[ast.expr]:
    """What an expression may turn out to be: both sides of a condition, each value of a table that is looked up."""
    if isinstance(value, ast.IfExp):
        return [*_choices(value.body, scopes), *_choices(value.orelse, scopes)]
    table = value.func.value if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) else None
    table = value.value if isinstance(value, ast.Subscript) else table
    if isinstance(table, ast.Name) and (entries := _entries(table.id, scopes)):
        return [*entries, *(value.args[1:] if isinstance(value, ast.Call) else ())]
    return [value]


def _entries(name: str, scopes: tuple[ast.AST, ...]) -> list[ast.expr]:
    """The values of a dictionary written out in a scope, and of what is added to it by key."""
    found: list[ast.expr] = []
    for scope in scopes:
        for node in ast.walk(scope):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            given = getattr(node, "value", None)
            if isinstance(given, ast.Dict) and any(isinstance(one, ast.Name) and one.id == name for one in targets):
                found += given.values
            added = [one.value for one in targets if isinstance(one, ast.Subscript)]
            if isinstance(given, ast.expr) and any(isinstance(one, ast.Name) and one.id == name for one in added):
                found.append(given)
    return found


def _members(value: ast.expr, scopes: tuple[ast.AST, ...]) -> Iterator[ast.expr]:
    """What a loop goes over: what is written out, or what a generator of this file yields."""
    if isinstance(value, ast.Tuple | ast.List):
        yield from value.elts
    elif isinstance(value, ast.IfExp):
        yield from _members(value.body, scopes)
        yield from _members(value.orelse, scopes)
    elif isinstance(value, ast.Name):
        for scope in reversed(scopes[1:]):
            for one in _bound(scope, value.id, scopes):
                yield from _members(one, scopes)
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        for node in ast.walk(scopes[0]):
            if isinstance(node, ast.FunctionDef) and node.name == value.func.id:
                yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Yield) and one.value)


def _matched(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
        for part, given in zip(target.elts, value.elts, strict=True):
            yield from _matched(part, given, name)
    elif _has(target, name):
        yield value  # of several where it cannot be taken apart: then it cannot be read


def error_codes() -> dict[str, list[str]]:
    """The codes of errors that stop a command, which are the names of their classes, with the place of each."""
    defined: dict[str, tuple[set[str], str, bool]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base).rsplit(".", 1)[-1] for base in node.bases}
                own = any(isinstance(one, ast.FunctionDef) and one.name in ("code", "findings") for one in node.body)
                place = f"{path.relative_to(PACKAGE).as_posix()}:{node.lineno}"
                defined[node.name] = (bases, place, own or node.name in CARRY_FINDINGS)
    stopping = {"PressrunError"}
    while more := {name for name, (bases, *_) in defined.items() if bases & stopping} - stopping:
        stopping |= more
    return {
        re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower(): [defined[name][1]]
        for name in sorted(stopping - {"PressrunError"})
        if not defined[name][2]
    }
