"""The open sets: their entries are found as entry points are, ours by the table, those of other packages by their entry
points (``pressrun.layers``, ``pressrun.steps`` …)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any, get_args

from pressrun.model.authored import Authored
from pressrun.model.finding import Finding, Severity

OpenSet = tuple[MutableMapping[str, Any], Callable[[str, Any], bool]]
"""A table, and whether an entry belongs into it under a name."""


def is_model(base: type[Authored]) -> Callable[[str, Any], bool]:
    """Whether an entry is a model of this kind whose ``type`` is its name."""

    def fits(name: str, entry: Any) -> bool:
        if not (isinstance(entry, type) and issubclass(entry, base)):
            return False
        kind = entry.model_fields.get("type")
        return kind is not None and get_args(kind.annotation) == (name,)

    return fits


def joined(open_sets: Mapping[str, OpenSet]) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Take in what other packages add: what came, with its version, and what is wrong with the rest."""
    came, broken = [], []
    points = entry_points()
    for kind, (table, fits) in open_sets.items():
        for point in sorted(points.select(group=f"pressrun.{kind}"), key=lambda point: (point.name, point.value)):
            package = f"{point.dist.name} {point.dist.version}" if point.dist else point.module
            entry, problem = _entry_of(point)
            if not problem and point.name in table:
                problem = "the name is taken"
            elif not problem and not fits(point.name, entry):
                problem = f"it is no entry of {kind} of that name"
            if problem:
                message = f"'{point.name}' for {kind}, of the package {package}, is left out: {problem}"
                broken.append(Finding(Severity.WARNING, "broken-plug-in", message, hint="mend it, or uninstall it"))
                continue
            table[point.name] = entry
            came.append(f"{kind}/{point.name} of {package}")
    return tuple(came), tuple(broken)


def _entry_of(point: EntryPoint) -> tuple[Any, str]:
    """What an entry point names, and what went wrong where it cannot be had."""
    try:
        return point.load(), ""
    except Exception as error:  # it is somebody else's code: whatever it does when imported
        return None, f"{type(error).__name__}: {error}"
