"""Reads a campaign's files, keeps what was found wrong with them, and remembers what was read."""

from __future__ import annotations

import copy
import functools
import hashlib
import marshal
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace
from pydantic import BaseModel, ValidationError

from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.layer_faults import SALVAGED
from pressrun.model.project import spelled
from pressrun.readers.composed_text import composed
from pressrun.readers.pydantic_loc import locate
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.text_file import read_text
from pressrun.readers.validation import validate
from pressrun.readers.yaml_source import KeyPath, YamlSource, parse_yaml

ModelT = TypeVar("ModelT", bound=BaseModel)
Closed = Callable[[Collection[str] | None], type[ModelT]]
"""A model that is closed to the entries of open sets, by those that are named; by all where nobody says."""

_TRIES = 8
_KEPT, _KEPT_LENGTH = 64, 100_000  # files parsed last, and characters that one may have


def _parsed(text: str, file: str) -> tuple[YamlSource | None, list[Finding]]:
    """As `parse_yaml`: files that nobody changed are parsed once, however often a campaign is read."""
    source, data, findings = _once_parsed(text, file)
    return (source and replace(source, data=marshal.loads(data)), list(findings))  # whoever has it may write in it


@functools.lru_cache(maxsize=_KEPT)
def _once_parsed(text: str, file: str) -> tuple[YamlSource | None, bytes, tuple[Finding, ...]]:
    source, findings = parse_yaml(text, file)
    return source, marshal.dumps(source.data if source else None), tuple(findings)


class Reader:
    """`inputs` holds the SHA-256 of all files read, by path from the root; `findings` come in the order of reading."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.findings: list[Finding] = []
        self.inputs: dict[str, str] = {}

    def shown(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()

    def add(self, findings: Iterable[Finding]) -> None:
        self.findings.extend(findings)

    def has_errors_in(self, file: str) -> bool:
        return any(found.is_error and found.place is not None and found.place.file == file for found in self.findings)

    def error(self, code: str, message: str, place: Place | None, hint: str | None = None, **where: Any) -> None:
        self.findings.append(Finding(Severity.ERROR, code, message, place, hint, **where))

    def warn(self, code: str, message: str, place: Place | None, hint: str | None = None) -> None:
        self.findings.append(Finding(Severity.WARNING, code, message, place, hint))

    def note(self, code: str, message: str, place: Place | None, hint: str | None = None) -> None:
        self.findings.append(Finding(Severity.NOTE, code, message, place, hint))

    def remember(self, path: Path) -> str | None:
        """Put a file among the inputs; its digest, or None if it cannot be read."""
        name = self.shown(path)
        if name not in self.inputs:
            try:
                with path.open("rb") as opened:
                    self.inputs[name] = hashlib.file_digest(opened, "sha256").hexdigest()
            except OSError:
                return None
        return self.inputs[name]

    def yaml(self, path: Path, asked_at: Place | None = None) -> YamlSource | None:
        shown = self.shown(path)
        text, findings = read_text(path, shown, asked_at=asked_at)
        source: YamlSource | None = None
        if text is not None:
            source, findings = parse_yaml(text, shown) if len(text) > _KEPT_LENGTH else _parsed(text, shown)
        self.add(findings)
        self.remember(path)
        return source

    def text(self, path: Path, asked_at: Place | None = None) -> str | None:
        text, findings = read_text(path, self.shown(path), asked_at=asked_at)
        self.add(findings)
        self.remember(path)
        return None if text is None else composed(text)

    def model(
        self, kind: type[ModelT], source: YamlSource, told: Collection[Place | None] = ()
    ) -> ModelT | None:  # fmt: skip
        """The file as `kind`. Where it has faults, they are kept, and what is left without them is given, so that
        the rest can be checked in the same go; None if that is too little. What is wrong at a place that has been
        `told` follows from that."""
        built, findings = validate(kind, source)
        self.add(found for found in findings if found.place not in told)
        return built if built is not None else salvaged(kind, source.data)

    def open_model(
        self, closed: Closed[ModelT], source: YamlSource, told: Collection[Place | None] = ()
    ) -> ModelT | None:  # fmt: skip
        """The same of a closed model: no entries are imported but those that the file names, as long as nothing is
        wrong with it."""
        built, _ = validate(closed(frozenset(_types_in(source.data))), source)
        return built if built is not None else self.model(closed(None), source, told)


def _types_in(data: Any) -> Iterator[str]:
    """Whatever stands under a key `type`."""
    if isinstance(data, dict):
        if isinstance(kind := data.get("type"), str):
            yield kind
        data = list(data.values())
    for below in data if isinstance(data, list) else ():
        yield from _types_in(below)


def salvaged(kind: type[ModelT], data: Any) -> ModelT | None:
    """The model of `data` without the keys that are at fault, if the others make one."""
    data = copy.deepcopy(data)
    for _ in range(_TRIES):
        try:
            return kind.model_validate(data, context={SALVAGED: True})
        except ValidationError as error:
            paths = {locate(kind, data, fault["loc"]).path for fault in error.errors() if fault["type"] != "missing"}
            # An entry of a list is not dropped: the places of those behind it would be wrong.
            if not paths or not all(path and _dropped(data, path) for path in sorted(paths, key=len, reverse=True)):
                return None
    return None


def _dropped(data: Any, path: KeyPath) -> bool:
    while path and isinstance(path[-1], int):
        path = path[:-1]
    for step in path[:-1]:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return True  # gone with a fault above it
    if not path or not isinstance(data, dict):
        return False
    data.pop(path[-1], None)
    return True


def named_file(folder: Path, name: str, suffix: str) -> Path | None:
    """The file called `name` in a folder; None if the name leads out of it."""
    parts = name.split("/")
    if not name or "\\" in name or "\0" in name or any(part in ("", ".", "..") for part in parts):
        return None
    path = spelled(folder, f"{name}{suffix}")
    return path if path.resolve().is_relative_to(folder.resolve()) else None


def names_in(folder: Path, suffix: str) -> list[str]:
    """What files of a folder and those below it are called, without the suffix."""
    return sorted(path.relative_to(folder).as_posix().removesuffix(suffix) for path in folder.rglob(f"*{suffix}"))


def missing(code: str, kind: str, name: str, known: Iterable[str], place: Place | None) -> Finding:
    """The finding for a name under which there is no file."""
    hint = did_you_mean(name, known, f"{kind}s")
    return Finding(Severity.ERROR, code, f"there is no {kind} '{name}'", place, hint)


def places_of(source: YamlSource) -> dict[KeyPath, Place]:
    """Where each value's text begins, for what is found out later than loading."""
    return {path: source.text_place(path) for path in source.positions}


def lines_at(base: Place, line: int | None, column: int | None) -> Place:
    """A spot inside a text that begins at `base`: line and column are counted in the text. The first place of a file
    is the beginning of its whole text; behind the first line of a text in YAML, columns cannot be told."""
    if line is None or base.line is None:
        return base
    if (base.line, base.column) == (1, 1):
        return Place(base.file, line, column)
    if line > 1:
        return Place(base.file, base.line + line - 1)
    shifted = base.column + column - 1 if base.column is not None and column is not None else base.column
    return Place(base.file, base.line, shifted)


def capped(findings: Iterator[Finding] | list[Finding], most: int = 10) -> list[Finding]:
    """The first few, and one that counts the rest."""
    told = list(findings)
    if len(told) <= most + 1:
        return told
    last = told[most]
    message = f"{len(told) - most} more like this"
    return [*told[:most], Finding(last.severity, last.code, message, last.place)]
