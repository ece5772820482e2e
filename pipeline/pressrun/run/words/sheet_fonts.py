"""The fonts of a run: FiraGO, the brand's own, and those of the scripts that the words of its sheets need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from pressrun.graphics.texts.typst_engine import families_in
from pressrun.graphics.typefaces import fonts, script_fonts
from pressrun.graphics.typefaces.font_cuts import VERSION, Needed, brand_cuts, engine_files, script_faces, script_files
from pressrun.language.locale_formats import han_shapes
from pressrun.language.markup import marked_roles
from pressrun.language.pages import with_any_figures
from pressrun.model.brand import Brand
from pressrun.model.errors import InputError
from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project

Layers = Mapping[str, Mapping[str, str]]
MOST_WAITING = 2_000  # texts


def scripts_of(layers: Layers, locale: str) -> frozenset[str]:
    """The script families that a sheet's words may need."""
    return _needed_by((with_any_figures(text, locale) for text in _texts(layers)), locale)


class ScriptsNoted:
    """Which script families the words of many sheets need, noted sheet by sheet: of the words themselves only a few are
    kept, those that FiraGO cannot set."""

    def __init__(self) -> None:
        self._texts: dict[str, set[str]] = {}
        self._needed: set[tuple[str, str]] = set()

    def take_in(self, layers: Layers, locale: str) -> None:
        """The words of one more sheet."""
        self.take_in_texts(_texts(layers), locale)

    def take_in_texts(self, texts: Iterable[str], locale: str) -> None:
        covers = fonts.firago_face().covers
        for text in texts:
            if text.isascii():
                continue
            said = with_any_figures(text, locale)
            if said.isascii() or covers.issuperset(map(ord, said + said.upper())):
                continue
            waiting = self._texts.setdefault(locale, set())
            waiting.add(said)
            if len(waiting) >= MOST_WAITING:
                self._settle()

    @property
    def families(self) -> frozenset[tuple[str, str]]:
        """What is needed so far, each family with the locale of its sheets."""
        self._settle()
        return frozenset(self._needed)

    def _settle(self) -> None:
        for locale, said in self._texts.items():
            self._needed.update((family, locale) for family in _needed_by(said, locale))
        self._texts.clear()


def scripts_needed(
    words: Callable[[PlannedSheet], Layers], sheets: Iterable[PlannedSheet]
) -> frozenset[tuple[str, str]]:  # fmt: skip
    """The script families that any of these sheets may need, each with the sheet's locale."""
    noted = ScriptsNoted()
    for sheet in sheets:
        with suppress(InputError):  # which is told with its row
            noted.take_in(words(sheet), sheet.row.locale)
    return noted.families


def _texts(layers: Layers) -> Iterator[str]:
    return (fields["text"] for fields in layers.values() if fields.get("text"))


def _needed_by(texts: Iterable[str], locale: str) -> frozenset[str]:
    return script_fonts.fonts_used(texts, han_shapes(locale), fonts.firago_face().covers)


def version_of(families: Iterable[str]) -> str:
    """What files that need these families depend on: the fonts that are installed, and how they are cut."""
    extras = sorted({script_fonts.FAMILIES[family].extra for family in families})
    told = (f"{script_fonts.PACKAGES[extra]} {script_fonts.installed(extra)} {VERSION}" for extra in extras)
    return ", ".join(told)


def faces(project: Project, needed: Needed, kept: Path) -> fonts.FaceSet:
    """All faces of a run, as they will be: read where an earlier one has ``kept`` them. No file is written."""
    brand, firago = _brand(project), fonts.firago_face()
    own = (replace(cut.face, family=cut.family) for cut in brand_cuts(brand, project.font_files))
    return fonts.FaceSet((firago, *own, *script_faces(brand, needed, firago.covers, kept)))


def files_at_hand(project: Project, folder: Path, needed: Needed, kept: Path, cut: Needed = ()) -> tuple[Path, ...]:
    """The files that Typst will be given, written into ``folder``, but for those of scripts that no earlier run has
    ``kept``: to cut them takes seconds. Those of the scripts ``cut`` must be there, whatever it takes."""
    brand, covers, own = _brand(project), fonts.firago_face().covers, _font_files(project, folder, kept)

    def lacks(wanted: Needed) -> bool:
        return any(face.path.parent != kept for face in script_faces(brand, wanted, covers, kept))

    there = (face.path for face in script_faces(brand, needed, covers, kept) if face.path.parent == kept)
    return (*own, *there, *script_files(brand, [one for one in cut if lacks([one])], covers, folder))


def font_files(project: Project, folder: Path, needed: Needed = ()) -> tuple[Path, ...]:
    """The files that Typst is given, written into ``folder`` where they are not there yet."""
    covers = fonts.firago_face().covers
    return (*_font_files(project, folder), *script_files(_brand(project), needed, covers, folder))


def _brand(project: Project) -> Brand:
    """The brand with all weights and styles that its layouts ask for."""
    brand = project.brand
    every = (*project.layouts.values(), *(variant.loaded for variant in project.variants.values()))
    layers = (layer for loaded in every for layer in loaded.layout.layers)
    asked = {marked for layer in layers for marked in marked_roles(layer, brand.typography)}
    return brand.with_marked(asked) if asked else brand


def _font_files(project: Project, folder: Path, kept: Path | None = None) -> tuple[Path, ...]:
    """Those of FiraGO and of the brand, whatever the words are."""
    own = engine_files(brand_cuts(_brand(project), project.font_files), folder, families_in)
    return (*fonts.firago_files(folder, kept), *own)
