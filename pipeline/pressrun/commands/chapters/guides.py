"""The how-tos: Markdown whose fenced files, laid over the campaign that `pressrun init` writes, are one that works.

A file begins with its ``title``, what it is ``about``, the ``job`` that it makes, and which layouts it ``shows`` of
what ``row``. A fence with a path after its language is a file of the campaign; ``sh`` are commands. Files that are no
text to read come ``with`` it, from beside this program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import yaml
from msgspec import Struct

FOLDER = Path(__file__).with_name("how_to")
_FILE = re.compile(r"^```(?P<kind>\w+) (?P<path>\S+)\n(?P<text>.*?)^```$", re.M | re.S)
_COMMANDS = re.compile(r"^```sh\n(?P<text>.*?)^```$", re.M | re.S)


class Guide(Struct, frozen=True):
    """How one thing is done. ``files`` are what it has one write, by path; ``pictures`` the names of what it shows."""

    slug: str
    title: str
    about: str
    job: str
    row: str
    shows: tuple[str, ...]
    text: str
    files: Mapping[str, str]

    @property
    def pictures(self) -> tuple[str, ...]:
        return tuple(f"{self.slug}-{layout.replace('/', '-')}" for layout in self.shows)

    @property
    def commands(self) -> tuple[str, ...]:
        """Every line of a shell that it tells."""
        blocks = (match["text"] for match in _COMMANDS.finditer(self.text))
        return tuple(line for block in blocks for line in block.splitlines())


def guides() -> tuple[Guide, ...]:
    """All of them, in the order of their files' names."""
    return tuple(_read(file) for file in sorted(FOLDER.glob("*.md")))


def _read(file: Path) -> Guide:
    _, head, text = file.read_text("utf-8").split("---\n", 2)
    said = yaml.load(head, yaml.CSafeLoader)
    files = {match["path"]: match["text"] for match in _FILE.finditer(text)}
    files |= {path: (FOLDER.parent / one).read_text("utf-8") for path, one in said.get("with", {}).items()}
    slug = re.sub(r"^\d+-", "", file.stem)
    shows = tuple(said.get("shows", ()))
    return Guide(slug, said["title"], said["about"], said["job"], str(said.get("row", "")), shows, text, files)
