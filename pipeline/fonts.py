"""Fonts: FiraGO from its package, a brand's own files, what they cover, and how much room a script needs."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from pipeline.errors import MissingTool

# Names in pymupdf-fonts (SIL Open Font License) of the four styles that are always there.
FIRAGO = {"FiraGO-Regular.ttf": "figo", "FiraGO-Bold.ttf": "figbo", "FiraGO-Italic.ttf": "figit",
          "FiraGO-BoldItalic.ttf": "figbi"}  # fmt: skip
VERSION = version("pymupdf-fonts")

# Height above and depth below the baseline in em that lines of a script need: the Latin figures are cap height and
# descender with a little air; Thai stacks two marks, Devanagari hangs from a high headline, Arabic swings low.
EDGES = {"latin": (0.74, 0.22), "arabic": (0.86, 0.36), "devanagari": (0.92, 0.34), "thai": (1.06, 0.30)}


@dataclass(frozen=True, slots=True)
class FontFace:
    """One font file: its family as Typst sees it, its weight, and the code points it draws."""

    path: Path
    family: str
    weight: int
    italic: bool
    covers: frozenset[int]


def firago_files(folder: Path) -> tuple[Path, ...]:
    """FiraGO's four files, written into ``folder`` once (Typst reads fonts from files only)."""
    import pymupdf_fonts  # slow to import: it holds the font bytes

    files = []
    for name, key in FIRAGO.items():
        file = folder / f"{VERSION}-{name}"
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            beside = file.with_suffix(f".{id(file):x}.part")
            beside.write_bytes(pymupdf_fonts.myfont(key))
            beside.replace(file)
        files.append(file)
    return tuple(files)


@functools.lru_cache(maxsize=64)
def read_face(path: Path) -> FontFace:
    """Read one font file. Raises MissingTool if it is no font."""
    try:
        with TTFont(path, lazy=True) as font:
            names = font["name"]
            family = names.getDebugName(16) or names.getDebugName(1) or path.stem
            return FontFace(
                path, family, int(font["OS/2"].usWeightClass), bool(font["OS/2"].fsSelection & 1),
                frozenset(font.getBestCmap() or {}),
            )  # fmt: skip
    except (TTLibError, OSError, KeyError) as error:
        raise MissingTool(
            f"{path} cannot be read as a font: {error}", "use a static TrueType or OpenType file"
        ) from error


def missing_characters(text: str, faces: tuple[FontFace, ...]) -> str:
    """The characters of ``text`` that no face draws, each once; spaces and invisible characters need no glyph."""
    missing = {}
    for character in text:
        if any(ord(character) in face.covers for face in faces) or needs_no_glyph(character):
            continue
        missing[character] = True
    return "".join(missing)


def needs_no_glyph(character: str) -> bool:
    """Whether a character is blank: a space, a line break, or default-ignorable (joiners, marks of direction)."""
    return unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cc", "Cf"}


def script_of(text: str) -> str:
    """The script that needs the most room of those in ``text``: a key of EDGES."""
    found = "latin"
    for character in text:
        code = ord(character)
        if 0x0E00 <= code <= 0x0E7F:
            return "thai"
        if 0x0900 <= code <= 0x097F:
            found = "devanagari"
        elif found == "latin" and (0x0590 <= code <= 0x08FF or 0xFB50 <= code <= 0xFEFC):
            found = "arabic"
    return found


def unbreakable_pieces(text: str) -> tuple[str, ...]:
    """The pieces of a text that no line break may split. Thai has no spaces and is left to the line breaker."""
    pieces: list[str] = []
    for word in text.replace("\n", " ").split(" "):
        if word and script_of(word) != "thai":
            pieces.extend(part for part in word.replace("-", "-\0").replace("–", "–\0").split("\0") if part)
    return tuple(pieces)
