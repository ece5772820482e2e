"""Fonts: FiraGO from its package, a brand's own files, and what they cover."""

from __future__ import annotations

import functools
import io
import os
import struct
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from fontTools.ttLib import TTFont, TTLibError
from fontTools.ttLib.sfnt import SFNTReader, SFNTWriter, readTTCHeader
from msgspec import Struct

from pressrun.graphics.typefaces.characters import needs_no_glyph, signs_of_numbers, stands_between_words
from pressrun.graphics.typefaces.font_letters import glyphs_of, letters_drawn
from pressrun.graphics.typefaces.script_fonts import COMMON, is_script_family, script_families, script_name
from pressrun.model.errors import MissingTool

# Names in pymupdf-fonts (SIL Open Font License) of the four styles that are always there.
FIRAGO = {"FiraGO-Regular.ttf": "figo", "FiraGO-Bold.ttf": "figbo", "FiraGO-Italic.ttf": "figit",
          "FiraGO-BoldItalic.ttf": "figbi"}  # fmt: skip
ALWAYS_THERE = "FiraGO"
FIRAGO_WEIGHTS = (400, 700)
VERSION = f"{version('pymupdf-fonts')}-1"  # the package's version, and the number of what we mend in it

COLORED = ("COLR", "CBDT", "sbix", "SVG ")  # tables of letters that bring their colours
TEXTS_KEPT = 4096
MOST_MEMBERS = 64  # of a collection; the largest that are sold have some thirty
NAMES = (1, 16, 21)  # of the name table: the family as old programs list it, as it is meant, and of one optical size


class Axis(Struct, frozen=True):
    """A way in which a variable font varies, such as ``wght``, and how far."""

    tag: str
    least: float
    default: float
    most: float

    def nearest(self, value: float) -> float:
        return min(max(value, self.least), self.most)


class FontFace(Struct, frozen=True):
    """One font of a file, the ``number``-th of a collection (-1: there is but one): its family, all ``names`` that it
    goes by, its weight and width (5 is normal), and the code points it draws; ``colored`` where letters bring colours
    of their own. A variable font has ``axes``. ``features`` are those of OpenType by which glyphs are replaced."""

    path: Path
    family: str
    weight: int
    italic: bool
    covers: frozenset[int]
    colored: bool = False
    axes: tuple[Axis, ...] = ()
    number: int = -1
    names: frozenset[str] = frozenset()
    width: int = 5
    features: frozenset[str] = frozenset()

    @property
    def is_member(self) -> bool:
        return self.number >= 0

    def axis(self, tag: str) -> Axis | None:
        return next((axis for axis in self.axes if axis.tag == tag), None)


GUARD = "·"  # ends the family's name of a file that was made for Typst


def engine_families(family: str) -> tuple[str, ...]:
    """The names under which Typst may have a family: of files made for it, and of fonts as they come."""
    return (family,) if family == ALWAYS_THERE or is_script_family(family) else (family + GUARD, family)


class FaceSet:
    """The faces of a run, and what they make of a text: the families of its layer are tried in their order."""

    def __init__(self, faces: Iterable[FontFace]) -> None:
        self._covers: dict[str, frozenset[int]] = {}
        self._colored: set[str] = set()
        self._features: dict[str, frozenset[str]] = {}
        for face in faces:
            family = face.family.removesuffix(GUARD)
            self._features[family] = self._features.get(family, face.features) & face.features
            self._covers[family] = self._covers.get(family, frozenset()) | face.covers
            if face.colored:
                self._colored.add(family)
        # The same words stand on many sheets.
        self._drawn = functools.lru_cache(TEXTS_KEPT)(self._all_drawn)
        self.missing = functools.lru_cache(TEXTS_KEPT)(self._missing)
        self.mixed_words = functools.lru_cache(TEXTS_KEPT)(self._mixed_words)

    def _missing(self, text: str, families: tuple[str, ...]) -> str:
        """The characters of a text that no family draws, each once."""
        drawn = self._drawn(families)
        if drawn.issuperset(map(ord, text)):  # as of most
            return ""
        return "".join(c for c in dict.fromkeys(text) if ord(c) not in drawn and not needs_no_glyph(c))

    def _all_drawn(self, families: tuple[str, ...]) -> frozenset[int]:
        return frozenset().union(*(self._covers.get(family, ()) for family in families))

    def fallbacks(self, text: str, families: tuple[str, ...], shapes: str) -> tuple[str, ...]:
        """The families for the scripts of a text that these lack, as far as they are at hand: they go before these, as
        they draw nothing but their own script, and so each word of it as a whole. Behind them is the family of its
        numbers, where these would be parted. ``shapes`` as in `pressrun.language.locale_formats.han_shapes`."""
        needed = script_families(text, self.missing(text, families), shapes)
        found = tuple([family for family in needed if family in self._covers])
        return found if text.isascii() else (*found, *self._family_of_numbers(text, families))

    def _family_of_numbers(self, text: str, families: tuple[str, ...]) -> tuple[str, ...]:
        """That which has the numbers of a text with their signs, of which the first family has the figures alone, and
        no letter."""
        signs, first = signs_of_numbers(text), families[:1]
        if not signs or not self.missing("".join(sorted(signs)), first):
            return ()
        letters = "".join([letter for letter in text if letter.isalpha()])
        if not letters or len(self.missing(letters, first)) < len(set(letters)):
            return ()
        numbers = "".join([letter for letter in text if letter.isdecimal() or letter in signs])
        return next(((family,) for family in families[1:] if not self.missing(numbers, (family,))), ())

    def is_colored(self, text: str, families: tuple[str, ...]) -> bool:
        """Whether a family that draws some of the text has letters with colours of their own."""
        return bool(self._colored) and any(self._drawn_by(c, families) in self._colored for c in set(text))

    def have_feature(self, tag: str, text: str, families: tuple[str, ...]) -> bool:
        """Whether all fonts that draw letters with capitals of a text have an OpenType feature."""
        drawing = {self._drawn_by(letter, families) for letter in set(text) if letter != letter.upper()} - {None}
        return all(tag in self._features.get(family or "", ()) for family in drawing)

    def _mixed_words(self, text: str, families: tuple[str, ...]) -> list[tuple[str, str]]:
        """The words whose letters of one script come out of several families, each with the letters that its first
        one lacks. A word in a script that another family has whole is none, nor are pictograms in a word, and dashes,
        leaders and middle dots between words. A sign beside figures is as one of theirs, whatever its script."""
        if not self.missing(text, families[:1]):
            return []
        found = {}
        for word in text.split():
            signs = signs_of_numbers(word)
            first: dict[str, int] = {}
            lacking: dict[str, None] = {}
            drawn = [
                (character, COMMON if character in signs else script_name(character), families.index(family))
                for character in word
                if not (needs_no_glyph(character) or stands_between_words(character))
                and unicodedata.category(character) not in ("So", "Sk", "Mn", "Me")
                if (family := self._drawn_by(character, families)) is not None and not is_script_family(family)
            ]
            for _, script, at in drawn:
                first[script] = min(at, first.get(script, at))
            letters = [at for script, at in first.items() if script != COMMON]
            for character, script, at in drawn:
                # Figures and signs may come from before the family of the letters, not from behind it.
                least = max(letters, default=first[script]) if script == COMMON else first[script]
                if at > least:
                    lacking[character] = None
            if lacking:
                found[word] = "".join(lacking)
        return list(found.items())

    def _drawn_by(self, character: str, families: tuple[str, ...]) -> str | None:
        code = ord(character)
        return next((family for family in families if code in self._covers.get(family, ())), None)


def firago_files(folder: Path, kept: Path | None = None) -> tuple[Path, ...]:
    """FiraGO's four files, written into ``folder`` once (Typst reads fonts from files only), if not ``kept``."""
    files = []
    for name, key in FIRAGO.items():
        file = f"{VERSION}-{name}"
        if kept and is_font(kept / file):
            files.append(kept / file)
        else:
            files.append(written_once(folder / file, functools.partial(_mended, key)))
    return tuple(files)


def written_once(file: Path, make: Callable[[], bytes]) -> Path:
    """A font's file, made if it is not there: written by nobody yet, or cut short by a power cut."""
    if not is_font(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")  # others may be writing it too
        try:
            beside.write_bytes(make())
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
    return file


@functools.cache
def _mended(key: str) -> bytes:
    """A font of the package, as we write it: for every campaign of a process."""
    import pymupdf_fonts  # slow to import: it holds the font bytes

    return _with_thai_anchors(pymupdf_fonts.myfont(key))


def is_font(file: Path) -> bool:
    if not file.exists():
        return False
    try:
        read_face(file)
    except MissingTool:
        return False
    return True


@functools.cache
def firago_bold() -> bytes:
    """The font file of FiraGO Bold, for who draws letters into pixels."""
    return _firago("FiraGO-Bold.ttf")


def firago_regular() -> bytes:
    """The same of FiraGO Regular."""
    return _firago("FiraGO-Regular.ttf")


def _firago(name: str) -> bytes:
    import pymupdf_fonts

    return bytes(pymupdf_fonts.myfont(FIRAGO[name]))


def _with_thai_anchors(font: bytes) -> bytes:
    """FiraGO leaves the upper anchors of ญ and ฬ at (0, 0), so that vowels and tones fall beside the letter, as in ใหญ่.
    Point them to another letter's anchor, as far from the letter's lower one as with ณ, which is drawn alike.

    Bytes are changed in place (OpenType 1.9, GPOS lookup type 4): to compile the table again takes seconds.
    """
    reader = SFNTReader(io.BytesIO(font))
    table = bytearray(reader["GPOS"])

    def number(at: int) -> int:
        return int.from_bytes(table[at : at + 2])

    def point(at: int) -> tuple[int, int]:
        return struct.unpack_from(">hh", table, at + 2)

    like, *broken = glyphs_of("ณญฬ", font)
    for start in _marks_on_bases(number):
        bases, array = _covered(bytes(table), start + number(start + 4)), start + number(start + 10)
        classes = number(start + 6)
        if not {like, *broken} <= bases.keys() or classes != 2:
            continue
        foot, head = (array + number(array + 2 + (bases[like] * 2 + side) * 2) for side in (0, 1))
        heads = [array + number(array + 2 + (index * 2 + 1) * 2) for index in bases.values()]
        for glyph in broken:
            slot = array + 2 + (bases[glyph] * 2 + 1) * 2
            if point(array + number(slot)) == (0, 0):
                wanted = point(array + number(slot - 2))[0] + point(head)[0] - point(foot)[0]
                level = [at for at in heads if point(at)[1] == point(head)[1]]
                nearest = min(level, key=lambda at: abs(point(at)[0] - wanted))
                table[slot : slot + 2] = (nearest - array).to_bytes(2)
    out = io.BytesIO()
    writer = SFNTWriter(out, len(reader.tables), reader.sfntVersion)
    for tag in reader.tables:
        writer[tag] = bytes(table) if tag == "GPOS" else reader[tag]
    writer.close()
    return out.getvalue()


def _marks_on_bases(number: Callable[[int], int]) -> Iterator[int]:
    """Where the subtables of a GPOS table begin that set marks on bases; ``number`` reads 16 bits."""
    lookups = number(8)
    for index in range(number(lookups)):
        lookup = lookups + number(lookups + 2 + index * 2)
        for sub in range(number(lookup + 4)):
            at = lookup + number(lookup + 6 + sub * 2)
            kind = number(lookup)
            if kind == 9:  # an extension: its kind, and an offset of 32 bits
                kind, at = number(at + 2), at + (number(at + 4) << 16) + number(at + 6)
            if kind == 4:
                yield at


def _covered(table: bytes, at: int) -> dict[int, int]:
    """A coverage table's glyphs with their indices."""
    kind, count = struct.unpack_from(">2H", table, at)
    if kind == 1:
        return {glyph: index for index, glyph in enumerate(struct.unpack_from(f">{count}H", table, at + 4))}
    ranges = struct.iter_unpack(">3H", table[at + 4 : at + 4 + 6 * count])
    return {glyph: index + glyph - first for first, last, index in ranges for glyph in range(first, last + 1)}


def read_faces(path: Path) -> tuple[FontFace, ...]:
    """Read a font file, or a collection. Raises MissingTool if it is none."""
    try:
        with path.open("rb") as file:
            members = readTTCHeader(file).numFonts if file.read(4) == b"ttcf" and not file.seek(0) else 0
        if members > MOST_MEMBERS:
            raise TTLibError(f"there are {members} fonts in it")
        return tuple(read_member(path, number) for number in (range(members) if members else (-1,)))
    except Exception as error:  # fontTools raises many kinds on broken tables
        raise MissingTool(f"{path} cannot be read as a font: {error}", "use a TrueType or OpenType file") from error


@functools.cache
def firago_face() -> FontFace:
    """FiraGO Regular as it lies in its package, which covers what the others do: nothing is written."""
    import pymupdf_fonts

    name, key = next(iter(FIRAGO.items()))
    data = pymupdf_fonts.myfont(key)
    return _face(Path(name), io.BytesIO(data), -1, letters_drawn(data))


def read_face(path: Path) -> FontFace:
    """The font of a file, the first of a collection. Raises MissingTool."""
    return read_faces(path)[0]


@functools.lru_cache(maxsize=64)
def read_member(path: Path, number: int) -> FontFace:
    """One font of a collection, or the font of a file (-1)."""
    with path.open("rb") as file:
        return _face(path, file, number, letters_drawn(path, max(number, 0)))


def _face(path: Path, file: BinaryIO, number: int, letters: frozenset[int]) -> FontFace:
    with TTFont(file, fontNumber=number, lazy=True) as font:
        ends = [entry.offset + entry.length for entry in font.reader.tables.values()]
        if max(ends, default=0) > file.seek(0, io.SEEK_END):
            raise TTLibError("the file is cut short")
        names = font["name"]
        own = frozenset(str(entry) for entry in names.names if entry.nameID in NAMES and str(entry).strip())
        axes = font["fvar"].axes if "fvar" in font else ()
        return FontFace(
            path, names.getDebugName(16) or names.getDebugName(1) or path.stem, int(font["OS/2"].usWeightClass),
            bool(font["OS/2"].fsSelection & 1), letters,
            any(tag in font for tag in COLORED),
            tuple(Axis(axis.axisTag, axis.minValue, axis.defaultValue, axis.maxValue) for axis in axes), number,
            own or frozenset({path.stem}), int(font["OS/2"].usWidthClass), _features(font.reader),
        )  # fmt: skip


def _features(reader: SFNTReader) -> frozenset[str]:
    """The features of a font by which glyphs are replaced (OpenType 1.9, the feature list of GSUB)."""
    if "GSUB" not in reader:
        return frozenset()
    table = reader["GSUB"]
    (at,) = struct.unpack_from(">H", table, 6)
    (count,) = struct.unpack_from(">H", table, at)
    places = range(at + 2, at + 2 + 6 * count, 6)
    return frozenset(table[place : place + 4].decode("latin-1") for place in places)
