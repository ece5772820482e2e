"""The house keeps its rules: those that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pressrun

ROOT = Path(pressrun.__file__).parent
FACES = sorted(ROOT.rglob("__init__.py"))
ENDING = re.compile(r"(?:ings?|ed|ers?|s|e)$")


def dotted(file: Path) -> str:
    parts = file.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def children_that_import(face: Path) -> Iterator[str]:
    """Modules below a face, however deep, that import names of the face's own, and not modules that lie beside it."""
    beside = {path.stem for path in face.parent.iterdir()}
    for child in sorted(face.parent.rglob("*.py")):
        if child == face:
            continue
        package = dotted(child) if child.name == "__init__.py" else dotted(child).rpartition(".")[0]
        for node in ast.walk(ast.parse(child.read_text("utf-8"))):
            if isinstance(node, ast.Import) and any(name.name == dotted(face) for name in node.names):
                yield dotted(child)
            if isinstance(node, ast.ImportFrom):
                up = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
                target = ".".join(part for part in (up, node.module) if part)
                if target == dotted(face) and {name.name for name in node.names} - beside:
                    yield dotted(child)


def defined(face: Path) -> list[str]:
    """What a face has beyond its docstring, imports and `__all__`."""
    found = []
    for node in ast.parse(face.read_text("utf-8")).body:
        plain = isinstance(node, ast.Import | ast.ImportFrom) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        )
        named = isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]
        if not plain and not named:
            found.append(ast.unparse(node).splitlines()[0])
    return found


def test_no_two_names_of_a_folder_differ_by_an_ending_alone() -> None:
    by_stem: dict[tuple[Path, str], set[str]] = {}
    for module in sorted(ROOT.rglob("*.py")):
        for named in (module, module.parent):
            if named.is_relative_to(ROOT) and named != ROOT and not named.stem.startswith("__"):
                by_stem.setdefault((named.parent, ENDING.sub("", named.stem)), set()).add(named.stem)
    assert not [(str(folder), names) for (folder, _), names in by_stem.items() if len(names) > 1]


@pytest.mark.parametrize("face", FACES, ids=dotted)
def test_a_face_that_its_own_children_import_defines_nothing(face: Path) -> None:
    """A face and its child are no siblings: a circle between them is seen by no contract on imports."""
    if importers := list(children_that_import(face)):
        assert not defined(face), f"{importers} import {dotted(face)}: what it defines belongs in a file beside it"


def test_a_child_that_imports_its_face_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "pressrun" / "room"
    package.mkdir(parents=True)
    face = package / "__init__.py"
    face.write_text('"""A room."""\n\n__all__ = ["chair"]\n\n\ndef chair() -> None: ...\n')
    for name, line in {
        "absolute": "from pressrun.room import chair", "near": "from . import chair", "whole": "import pressrun.room",
        "beside": "from pressrun.room import absolute", "outside": "from pressrun import room",
    }.items():  # fmt: skip
        (package / f"{name}.py").write_text(line + "\n")
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path / "pressrun")
    assert list(children_that_import(face)) == [f"pressrun.room.{name}" for name in ("absolute", "near", "whole")]
    assert defined(face) == ["def chair() -> None:"]
