"""Rows that are sent to a loaded project: the templates of its files stay compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pressrun.expand import expand_rows, layout_content, prompts_for, save_path
from pressrun.language.sandbox import Sandbox
from pressrun.load.fed_rows import with_rows
from pressrun.model.finding import Place
from pressrun.model.project import Project


def everything(project: Project) -> list[Any]:
    return [
        (prompts_for(project, row), layout_content(project, row, layout), save_path(project, row, layout))
        for row in expand_rows(project)
        for layout in project.layouts
    ]


def test_nothing_is_compiled_or_looked_through_for_a_second_row(
    project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = project()
    first, second = loaded.row_sets["product"].keys[:2]
    everything(with_rows(loaded, {"product": first}, Place("rows", 1)))
    read: list[str] = []
    compiling = Sandbox._compile

    def counted(self: Sandbox, source: str, filename: str) -> Any:
        read.append(source)
        return compiling(self, source, filename)

    monkeypatch.setattr(Sandbox, "_compile", counted)
    later = everything(with_rows(loaded, {"product": second}, Place("rows", 2)))
    assert later
    assert read == []
    assert later == everything(with_rows(project(), {"product": second}, Place("rows", 2)))
    assert read != []
