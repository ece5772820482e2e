"""Packages of Office Open XML: which of their parts is what (ECMA-376, part 2). Their own relations say it, not the
names that Excel gives its parts, which other programs do not."""

from __future__ import annotations

import posixpath
import zipfile
from functools import cached_property

from msgspec import Struct

from pressrun.readers.sheet_formats import Attributes, walk


class Relation(Struct, frozen=True):
    """What a part has to do with another: the last word of its ``kind`` (worksheet, styles), and that ``part``."""

    kind: str
    part: str


class Package(zipfile.ZipFile):
    """An archive whose parts go by their names in any case and with either slash: Excel takes all of them."""

    def part(self, name: str) -> str | None:
        """A part as the archive calls it; None where it has none."""
        return self._names_as_read.get(_folded(name))

    @cached_property
    def _names_as_read(self) -> dict[str, str]:
        return {_folded(name): name for name in reversed(self.namelist())}

    def workbook(self) -> str | None:
        """The part that names the sheets."""
        return self._of_kind("", "officeDocument")

    def styles_of(self, workbook: str) -> str | None:
        return self._of_kind(workbook, "styles")

    def _of_kind(self, part: str, kind: str) -> str | None:
        return next((one.part for one in self.relations(part).values() if one.kind == kind), None)

    def relations(self, part: str) -> dict[str, Relation]:
        """Those of a part, or of the package itself, that lead to parts that are there; by their ids. Raises what the
        parser and the archive raise."""
        folder, own = posixpath.split(part.replace("\\", "/"))
        found: dict[str, Relation] = {}

        def began(name: str, attributes: Attributes) -> None:
            if name == "Relationship":
                target = posixpath.join("/", folder, attributes.get("Target", "").replace("\\", "/"))
                if (there := self.part(posixpath.normpath(target))) is not None:
                    kind = attributes.get("Type", "").rpartition("/")[2]
                    found[attributes.get("Id", "")] = Relation(kind, there)

        if (written := self.part(posixpath.join(folder, "_rels", f"{own}.rels"))) is not None:
            walk(self, written, began)
        return found


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
