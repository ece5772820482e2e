"""The studio's pages as people meet them: their screens, kept beside this program, each with what is done there.

`PRESSRUN_WRITE_SCREENS=1 pytest tests/studio/test_studio_screens.py` makes them again.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from pressrun.commands.chapters.descriptions import descriptions

FOLDER = Path(__file__).with_name("screens")


class Screen(Struct, frozen=True):
    """A page of the studio by its template's ``name``."""

    name: str
    title: str
    says: str

    @property
    def picture(self) -> str:
        """What its picture is called in the manual."""
        return f"studio-{self.name}.webp"

    @property
    def file(self) -> Path:
        """Where its picture is kept, as WebP."""
        return FOLDER / f"{self.name}.webp"


def screens() -> tuple[Screen, ...]:
    """One of every page, in the order in which people meet them."""
    return tuple(Screen(name, said["title"], said["says"]) for name, said in descriptions()["studio"].items())
