"""The gallery: layouts that each show some options of one kind of layer, from which the manual's pictures are made.

An example is a layout as anybody writes one, in ``gallery/templates/layouts/<kind>/``; ``every`` has those of what
every layer has. Its first line names what it shows::

    # fit, align: All of a picture in its box.

A second line ``# row: mug/ar`` takes another row of the job of them all, ``jobs/gallery.yaml``. The gallery lies over
the campaign that `pressrun init` writes.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

GALLERY = Path(__file__).with_name("gallery")
LAYOUTS = GALLERY / "templates" / "layouts"
JOB = "jobs/gallery.yaml"
EVERY = "every"
FIRST_ROW = "mug/en-GB"
_HEADER = re.compile(r"# (?P<shows>[a-z_, ]+): (?P<caption>.+)\n(?:# row: (?P<row>\S+)\n)?")


class Example(Struct, frozen=True):
    """A layout that ``shows`` some options of a ``kind`` of layer. ``text`` is its file without the header, ``row`` the
    row that is set in it."""

    kind: str
    name: str
    shows: tuple[str, ...]
    caption: str
    row: str
    text: str

    @property
    def layout(self) -> str:
        """Its name in the job of the gallery."""
        return f"{self.kind}/{self.name}"

    @property
    def picture(self) -> str:
        """The name of its picture."""
        return f"{self.kind}-{self.name}"

    @property
    def path(self) -> str:
        """Its file in the campaign."""
        return f"templates/layouts/{self.layout}.yaml"

    @property
    def layers(self) -> str:
        """Its layers as they are written, without the page around them."""
        return textwrap.dedent(self.text.partition("\nlayers:\n")[2])

    def uses(self) -> frozenset[str]:
        """The options that its layers of this kind have."""
        written = yaml.load(self.text, yaml.CSafeLoader)
        kinds = [layer for layer in _layers(written) if self.kind in (EVERY, layer.get("type"))]
        return frozenset(key for layer in kinds for key in layer)


def examples() -> tuple[Example, ...]:
    """All of them, in the order of their files. Raises ValueError for one without its first line."""
    return tuple(_read(file) for file in sorted(LAYOUTS.glob("*/*.yaml")))


def shared_files() -> dict[str, str]:
    """What the gallery has beside its examples, by path."""
    files = (file for file in sorted(GALLERY.rglob("*")) if file.is_file() and LAYOUTS not in file.parents)
    return {file.relative_to(GALLERY).as_posix(): file.read_text("utf-8") for file in files}


def _read(file: Path) -> Example:
    text = file.read_text("utf-8")
    header = _HEADER.match(text)
    if header is None:
        raise ValueError(f"{file.parent.name}/{file.name}: begin with `# options, that it shows: What one sees.`")
    shows = tuple(name.strip() for name in header["shows"].split(","))
    body = text[header.end() :]
    return Example(file.parent.name, file.stem, shows, header["caption"], header["row"] or FIRST_ROW, body)


def _layers(written: Any) -> Iterator[dict[str, Any]]:
    """Every layer, also those in layers."""
    if isinstance(written, dict):
        if "type" in written:
            yield written
        for value in written.values():
            yield from _layers(value)
    elif isinstance(written, list):
        for value in written:
            yield from _layers(value)
