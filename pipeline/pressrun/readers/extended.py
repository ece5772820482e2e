"""YAML files that extend each other: by the names of those that come along, or a user's own by its path."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Generic, TypeVar

from msgspec import Struct

from pressrun.model.authored import Authored
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.validation import validate
from pressrun.readers.yaml_source import YamlSource, read_yaml

DEEPEST = 8  # files that extend each other


class Extending(Authored):
    """What every such file may say."""

    extends: str | None


Model = TypeVar("Model", bound=Extending)


class Extended(Struct, Generic[Model], frozen=True):
    """Files of one kind, which people call a ``word``; those that come along are in a ``folder``, by ``names``."""

    word: str
    model: type[Model]
    folder: Path
    names: Collection[str]

    def chain(self, name: str) -> list[tuple[YamlSource, Model]]:
        """A file as it is written, the one that it extends, and so on; each sound by itself. Raises InputError."""
        folder, place = Path(), None
        chain: list[tuple[YamlSource, Model]] = []
        while True:
            path = self._path(name, folder, place)
            source, findings = read_yaml(path)
            if source is None or findings:
                raise InputError(findings)
            written, faults = validate(self.model, source)
            if written is None:
                raise InputError(faults)
            chain.append((source, written))
            if written.extends is None:
                return chain
            place = source.place(("extends",))
            if len(chain) > DEEPEST:
                message = f"{self.word}s extend each other without end"
                raise InputError([Finding(Severity.ERROR, "invalid-value", message, place)])
            name, folder = written.extends, path.parent

    def _path(self, name: str, folder: Path, place: Place | None) -> Path:
        if name in self.names:
            return self.folder / f"{name}.yaml"
        if name.endswith((".yaml", ".yml")):
            return folder / name
        hint = did_you_mean(name, self.names) or "or a file of your own, ending in .yaml"
        raise InputError([Finding(Severity.ERROR, "unknown-value", f"there is no {self.word} '{name}'", place, hint)])
