"""Cuts: the fonts as Typst is given them, one family, weight and style each, made of a brand's files or an extra's.

Typst goes by a font's name 1 without endings like Black, knows nothing of name 16, and a PDF calls a variable font by
its default. So each cut is a file of its own: renamed, out of its collection, at its place on the axes.
"""

from __future__ import annotations

import functools
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from unicodedata import unidata_version

import uharfbuzz
from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import SFNTReader, SFNTWriter
from msgspec import Struct
from msgspec.structs import replace

from pressrun.graphics.typefaces.fonts import (
    ALWAYS_THERE,
    GUARD,
    FontFace,
    is_font,
    read_face,
    read_faces,
    read_member,
    written_once,
)
from pressrun.graphics.typefaces.fonts import VERSION as FIRAGO_VERSION
from pressrun.graphics.typefaces.script_fonts import FAMILIES, PACKAGES, font_file, installed, is_script_family
from pressrun.model.brand import Brand, Role

RECIPE = 2
VERSION = f"{RECIPE} harfbuzz {version('uharfbuzz')}"
Needed = Iterable[tuple[str, str]]
"""Script families, each with a locale whose texts are set in it."""
_WEIGHTS = ("Thin", "ExtraLight", "Light", "Regular", "Medium", "SemiBold", "Bold", "ExtraBold", "Black")


class Cut(Struct, frozen=True):
    """A font of a file under the name that authors call its ``family``; ``place`` is where it stands on its axes,
    ``subset`` whether it keeps no letters but those that ``face`` covers; ``apart``: its PostScript name differs from
    the font's own, which Typst takes for another family's."""

    face: FontFace
    family: str
    place: tuple[tuple[str, float], ...] = ()
    subset: bool = False
    apart: bool = False

    @property
    def engine_family(self) -> str:
        """The name that Typst is given: it takes endings like Black or Light off, so that it may end with none."""
        plain = self.family == ALWAYS_THERE or is_script_family(self.family)
        return self.family if plain else self.family + GUARD

    @property
    def as_it_is(self) -> bool:
        """Whether the font's own file may do."""
        return not self.place and not self.face.is_member and self.face.family == self.family

    def written(self, folder: Path) -> Path:
        """The cut's file in ``folder``, made if it is not there."""
        parts = (_digest(self.face.path), self.face.number, self.family, self.place, self.apart)
        return written_once(_path(folder, parts, self.face.path.suffix), self.made)

    def made(self) -> bytes:
        with TTFont(self.face.path, fontNumber=self.face.number, lazy=True) as source:
            names = source["name"]
            if self.place:
                _name_style(source, dict(self.place), self.face)
                reader = SFNTReader(io.BytesIO(self._instance()))
            else:
                reader = source.reader
            tables = {tag: reader[tag] for tag in reader.tables if tag not in _LEFT_OUT}
            tables["OS/2"] = _styled(tables["OS/2"], self.face)
            names.names = [entry for entry in names.names if entry.nameID not in (1, 16, 17, 21, 22, 25)]
            names.setName(self.engine_family, 1, 3, 1, 0x409)
            if self.apart:
                own = names.getDebugName(6) or self.family
                names.removeNames(nameID=6)
                names.setName(f"{own}-1", 6, 3, 1, 0x409)
            tables["name"] = names.compile(source)
        out = io.BytesIO()
        writer = SFNTWriter(out, len(tables), reader.sfntVersion)
        for tag in sorted(tables):
            writer[tag] = tables[tag]
        writer.close()
        return out.getvalue()

    def _instance(self) -> bytes:
        face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(self.face.path)), max(self.face.number, 0))
        wanted = uharfbuzz.SubsetInput()
        if self.subset:
            wanted.unicode_set.update(self.face.covers)
            wanted.flags = uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
        else:
            wanted.keep_everything()
        wanted.flags |= uharfbuzz.SubsetFlags.DOWNGRADE_CFF2
        for tag, value in self.place:
            wanted.pin_axis_location(face, tag, value)
        return bytes(uharfbuzz.subset(face, wanted).blob.data)


_LEFT_OUT = ("DSIG", "STAT", "name")  # a signature that no longer holds, and what names the styles of a family


def _styled(table: bytes, face: FontFace) -> bytes:
    """OS/2 with the weight and the slope of a face (usWeightClass, and fsSelection's first bit)."""
    selection = int.from_bytes(table[62:64]) & ~1 | face.italic
    return table[:4] + face.weight.to_bytes(2) + table[6:62] + selection.to_bytes(2) + table[64:]


def _path(folder: Path, parts: tuple[object, ...], suffix: str) -> Path:
    name = hashlib.sha256(repr((*parts, VERSION)).encode()).hexdigest()[:32]
    return folder / f"cut-{name}{'.otf' if suffix.lower() in ('.otf', '.otc') else '.ttf'}"


@functools.lru_cache(maxsize=64)
def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _name_style(font: TTFont, place: dict[str, float], face: FontFace) -> None:
    """Names of the cut's own style, as its designers call it, or as weights are called."""
    from fontTools.varLib.instancer.names import updateNameTable  # slow to import: it brings all of fontTools

    with suppress(Exception):  # what the style attributes do not name, or name twice
        updateNameTable(font, place)
        return
    style = _WEIGHTS[min(max(round(face.weight / 100), 1), 9) - 1] + (" Italic" if face.italic else "")
    names = font["name"]
    family = names.getDebugName(16) or names.getDebugName(1) or face.family
    for number, said in ((4, f"{family} {style}"), (6, f"{family}-{style}".replace(" ", ""))):
        names.removeNames(nameID=number)
        names.setName(said, number, 3, 1, 0x409)


def brand_cuts(brand: Brand, files: Iterable[Path]) -> tuple[Cut, ...]:
    """What the brand's roles need of its own fonts, in all its languages. A name that several fonts have means all of
    them; of those alike in weight and style the one of normal width, or the first."""
    faces = [face for file in files for face in read_faces(file)]
    cuts: dict[tuple[str, int, bool], Cut] = {}
    for one in _asked(brand):
        meant = sorted((face for face in faces if one.family in face.names), key=lambda face: abs(face.width - 5))
        for face in meant:
            for cut in _cuts_of(face, one.called, one.weight, one.italic, dict(one.axes)):
                cuts.setdefault((one.called, cut.face.weight, cut.face.italic), cut)
    return tuple(cuts.values())


class _Asked(NamedTuple):
    """A family in a weight and a style, and what its cut is called, which stands there on the other ``axes``."""

    family: str
    called: str
    weight: int
    italic: bool
    axes: tuple[tuple[str, float], ...] = ()


def _asked(brand: Brand) -> Iterator[_Asked]:
    """Each once, in the order of the brand's file."""
    found: dict[_Asked, None] = {}
    for role in all_roles(brand):
        weight, italic = role.weight, role.style == "italic"
        found[_Asked(role.family, role.own_family, weight, italic, tuple(sorted(role.axes.items())))] = None
        found |= dict.fromkeys(_Asked(family, family, weight, italic) for family in role.fallbacks)
    yield from found


def all_roles(brand: Brand) -> Iterator[Role]:
    """Every role, and every role as a language sets it."""
    yield from brand.typography.values()
    for locale, overrides in brand.locales.items():
        yield from (brand.role(name, locale) for name in overrides.typography if name in brand.typography)


def _cuts_of(
    face: FontFace, family: str, weight: int, italic: bool, axes: Mapping[str, float] = MappingProxyType({})
) -> Iterator[Cut]:
    """A font that does not vary is taken as it is."""
    if not face.axes:
        yield Cut(face, family)
        return
    place = {axis.tag: axis.default for axis in face.axes}
    place |= {tag: axis.nearest(at) for tag, at in axes.items() if (axis := face.axis(tag))}
    slanted = face.italic
    if axis := face.axis("wght"):
        place["wght"] = axis.nearest(weight)
    if italic and not face.italic:
        for tag, end in (("ital", 1.0), ("slnt", -90.0)):
            if axis := face.axis(tag):
                place[tag], slanted = axis.nearest(end), True
    heavy = round(place.get("wght", face.weight))
    yield Cut(replace(face, weight=heavy, italic=slanted, axes=()), family, tuple(sorted(place.items())))


def script_files(brand: Brand, needed: Needed, elsewhere: frozenset[int], folder: Path) -> tuple[Path, ...]:
    """The files of script families in ``folder``, each made if it is not there: in the weights of the brand's roles in
    those locales, as far as the extras are installed. ``elsewhere`` are the letters of the font that is always there.
    """
    return tuple(
        written_once(
            _path(folder, _parts(family, weight), source.suffix),
            functools.partial(_made_of, family, source, weight, elsewhere),
        )
        for family, source, weight in _wanted(brand, needed)
    )  # fmt: skip


def script_faces(
    brand: Brand, needed: Needed, elsewhere: frozenset[int], folder: Path
) -> Iterator[FontFace]:
    """The faces that `script_files` has, where nothing may be written: read where they are, worked out else."""
    for family, source, weight in _wanted(brand, needed):
        file = _path(folder, _parts(family, weight), source.suffix)
        yield read_face(file) if is_font(file) else _script_cut(family, source, weight, elsewhere).face


def _wanted(brand: Brand, needed: Needed) -> list[tuple[str, Path, int]]:
    wanted = {
        (family, file, brand.role(role, locale).weight)
        for family, locale in needed
        if (file := font_file(family)) and file.is_file()
        for role in brand.typography
    }
    return sorted(wanted)


def _parts(family: str, weight: int) -> tuple[object, ...]:
    extra = FAMILIES[family].extra
    return PACKAGES[extra], installed(extra), family, weight, FIRAGO_VERSION, unidata_version


def _made_of(family: str, source: Path, weight: int, elsewhere: frozenset[int]) -> bytes:
    return _script_cut(family, source, weight, elsewhere).made()


def _script_cut(family: str, source: Path, weight: int, elsewhere: frozenset[int]) -> Cut:
    face = read_member(source, FAMILIES[family].number)
    face = replace(face, family=family, covers=_own_letters(family, face.covers, elsewhere))
    (cut,) = _cuts_of(face, family, weight, False)
    return replace(cut, subset=True)


@functools.lru_cache(maxsize=64)
def _own_letters(family: str, covers: frozenset[int], elsewhere: frozenset[int]) -> frozenset[int]:
    said = FAMILIES[family]
    return frozenset(code for code in covers if said.draws(chr(code), elsewhere))


def engine_files(
    cuts: Iterable[Cut], folder: Path, families_in: Callable[[tuple[Path, ...]], frozenset[str]]
) -> tuple[Path, ...]:
    """The files of these cuts: the brand's own where Typst finds a whole family by its name in them. ``families_in``
    answers what it finds: it takes a few fonts, by their PostScript name, for another family's, and these are cut under
    one that it does not know."""
    cuts = tuple(cuts)
    others = {cut.family for cut in cuts if not cut.as_it_is}
    own = {cut: cut.face.path for cut in cuts if cut.family not in others}
    found = families_in(tuple(own.values())) if own else frozenset()
    files = {cut: own[cut] if cut in own and cut.family in found else cut.written(folder) for cut in cuts}
    made = tuple(file for cut, file in files.items() if cut not in own or file != own[cut])
    found |= families_in(made) if made else frozenset()
    for cut, file in files.items():
        if file in made and cut.engine_family not in found:
            files[cut] = replace(cut, apart=True).written(folder)
    return tuple(dict.fromkeys(files.values()))
