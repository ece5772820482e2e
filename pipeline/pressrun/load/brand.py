"""The brand's folder: brand.yaml, and the fonts and logos it names."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

from msgspec import Struct

from pressrun.graphics.svg.artwork import UnusableArtwork, look_over, read_artwork
from pressrun.graphics.typefaces import fonts
from pressrun.language.locale_formats import locale_code
from pressrun.load.campaign_reader import Closed, Reader, missing
from pressrun.load.print_conditions import check_condition, check_inks
from pressrun.load.spot_names import check_spots
from pressrun.model.brand import Brand, LocaleOverrides, Role
from pressrun.model.color import tint_in
from pressrun.model.errors import MissingTool
from pressrun.model.finding import Place
from pressrun.model.project import spelled
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.yaml_source import KeyPath, YamlSource

_ID = re.compile(r"[\w][\w.-]*\Z")
_LOGO_SUFFIXES = (".svg", ".png")
_FONT_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
_PICTURE_SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".webp", ".svg", ".tif", ".tiff", ".avif", ".heic", ".heif", ".hif", ".gif", ".bmp",
)  # fmt: skip


class LoadedBrand(Struct, frozen=True):
    brand: Brand
    folder: Path
    font_files: tuple[Path, ...]
    logos: dict[str, Path]
    digest: str
    source: YamlSource


def load_brand(
    reader: Reader, brand_id: str, asked_at: Place, closed: Closed[Brand] = lambda named: Brand
) -> LoadedBrand | None:
    """Read ``brands/<id>/brand.yaml`` and check all that it names; None if there is nothing to go on with."""
    brands = reader.root / "brands"
    folder = spelled(brands, brand_id)
    if not _ID.match(brand_id) or not os.path.isfile(folder / "brand.yaml"):
        known = sorted(path.parent.name for path in brands.glob("*/brand.yaml"))
        reader.add([missing("missing-brand", "brand", brand_id, known, asked_at)])
        return None
    source = reader.yaml(folder / "brand.yaml", asked_at)
    before = len(reader.findings)
    written = reader.open_model(closed, source) if source else None
    brand = plain(written) if written else None
    if source is None or brand is None:
        return None
    whole = len(reader.findings) == before
    check_condition(reader, folder, brand.print, source, ("print",))
    check_inks(reader, brand.palette, brand.print, source)
    _check_colors(reader, brand, source)
    _check_typography(reader, brand, source)
    font_files = _font_files(reader, folder, brand, source)
    logos = {
        name: path
        for name, file in brand.logos.items()
        if (path := _file(reader, folder, file, _LOGO_SUFFIXES, source.place(("logos", name))))
    }
    _check_logos(reader, logos, brand if whole else None, source)
    _check_families(reader, brand, source, font_files)
    _check_axes(reader, brand, source, font_files)
    _check_weights(reader, brand, source, font_files)
    brand = _with_locale_codes(reader, brand, source)
    for id, character in brand.characters.items():
        for index, name in enumerate(character.references):
            _file(reader, folder, name, _PICTURE_SUFFIXES, source.place(("characters", id, "references", index)))
    for index, board in enumerate(brand.style.boards):
        _file(reader, folder, board.file, _PICTURE_SUFFIXES, source.place(("style", "boards", index, "file")))
    return LoadedBrand(brand, folder, font_files, logos, _digest(reader, brand, font_files, logos), source)


def plain(brand: Brand) -> Brand:
    """A brand as its base class: the model closed to the known steps exists only in the process that made it."""
    return Brand.model_construct(**{name: getattr(brand, name) for name in Brand.model_fields})


def _font_files(reader: Reader, folder: Path, brand: Brand, source: YamlSource) -> tuple[Path, ...]:
    """The brand's own fonts, those that can be read."""
    sound = []
    for index, name in enumerate(brand.fonts):
        place = source.place(("fonts", index))
        path = _file(reader, folder, name, _FONT_SUFFIXES, place)
        if path is None:
            continue
        try:
            fonts.read_faces(path)
        except MissingTool as fault:
            message = fault.message.replace(str(path), f"'{name}'")
            reader.error("broken-font", message, place, fault.hint)
        else:
            sound.append(path)
    return tuple(sound)


def _file(reader: Reader, folder: Path, name: str, suffixes: tuple[str, ...], place: Place) -> Path | None:
    path = spelled(folder, name).resolve()
    if Path(name).is_absolute() or not path.is_relative_to(folder.resolve()):
        reader.error("outside-campaign", f"'{name}' leads out of the brand's folder", place)
        return None
    if os.path.isdir(path):
        reader.error("missing-file", f"'{name}' is a folder, not a file", place)
        return None
    if not os.path.isfile(path):
        near = sorted(entry.name for entry in path.parent.iterdir()) if os.path.isdir(path.parent) else []
        reader.error("missing-file", f"there is no file '{name}'", place, did_you_mean(path.name, near, "files there"))
        return None
    if path.suffix.lower() not in suffixes:
        reader.error("wrong-file-type", f"'{name}' should be {' or '.join(suffixes)}", place)
        return None
    if reader.remember(path) is None:
        reader.error("unreadable-file", f"'{name}' cannot be read", place, "check its permissions")
        return None
    return path


def _check_logos(reader: Reader, logos: dict[str, Path], brand: Brand | None, source: YamlSource) -> None:
    colors = tuple(dict.fromkeys(swatch.srgb for swatch in brand.palette.values())) if brand else None
    for name, path in logos.items():
        try:
            look_over(data := path.read_bytes(), colors)
            read_artwork(data)  # as it is drawn later: what cannot be flattened is told now
        except UnusableArtwork as fault:
            message = f"the logo '{path.name}' cannot be drawn: {fault}"
            reader.error("unusable-logo", message, source.place(("logos", name)))


def _check_colors(reader: Reader, brand: Brand, source: YamlSource) -> None:
    check_spots(reader, brand.palette, source)
    if brand.rich_black is not None and brand.rich_black not in brand.palette:
        hint = did_you_mean(brand.rich_black, brand.palette, "palette")
        reader.error("unknown-color", f"the palette has no '{brand.rich_black}'", source.place(("rich_black",)), hint)
    for name, path in brand.legible.colors() if brand.legible else ():
        place = source.place(("legible", *path))
        try:
            known_by = name if name in brand.palette else (tint_in(name) or (name, 1.0))[0]
        except ValueError as error:
            reader.error("bad-tint", str(error), place, "write the colour alone for all of it")
            continue
        if known_by not in brand.palette:
            hint = did_you_mean(known_by, brand.palette, "palette")
            reader.error("unknown-color", f"the palette has no '{known_by}'", place, hint)
    for theme_id, theme in brand.themes.items():
        for index, name in enumerate(theme.palette):
            if name not in brand.palette:
                place = source.place(("themes", theme_id, "palette", index))
                hint = did_you_mean(name, brand.palette, "palette")
                reader.error("unknown-color", f"the palette has no '{name}'", place, hint)


def _check_typography(reader: Reader, brand: Brand, source: YamlSource) -> None:
    for locale, overrides in brand.locales.items():
        for role in overrides.typography:
            if role not in brand.typography:
                place = source.key_place(("locales", locale, "typography", role))
                hint = did_you_mean(role, brand.typography, "roles")
                reader.error("unknown-role", f"there is no role '{role}' to override", place, hint)


def _with_locale_codes(reader: Reader, brand: Brand, source: YamlSource) -> Brand:
    """The brand with its ``locales`` under their codes in one spelling."""
    locales: dict[str, LocaleOverrides] = {}
    for written, overrides in brand.locales.items():
        place = source.key_place(("locales", written))
        try:
            code = locale_code(written)
        except ValueError as fault:
            reader.error("unknown-locale", str(fault), place, "write it like de-DE")
            continue
        if code in locales:
            reader.error("repeated-name", f"'{written}' is {code}, which is there already", place, "delete one of them")
        locales[code] = overrides
    return brand if locales == brand.locales else brand.model_copy(update={"locales": locales})


def _check_families(reader: Reader, brand: Brand, source: YamlSource, files: tuple[Path, ...]) -> None:
    """Every family that a role names is a name that a font of the brand's files goes by, or is FiraGO."""
    known = sorted({fonts.ALWAYS_THERE, *(name for face in _faces(files) for name in face.names)})

    def check(name: str | None, path: KeyPath) -> None:
        if name is not None and name not in known:
            hint = did_you_mean(name, known, "families")
            reader.error("unknown-font", f"no font file has the family '{name}'", source.place(path), hint)

    for role, options in brand.typography.items():
        check(options.family if "family" in options.model_fields_set else None, ("typography", role, "family"))
        for index, name in enumerate(options.fallbacks):
            check(name, ("typography", role, "fallbacks", index))
    for locale, overrides in brand.locales.items():
        for role, override in overrides.typography.items():
            check(override.family, ("locales", locale, "typography", role, "family"))
            for index, name in enumerate(override.fallbacks or ()):
                check(name, ("locales", locale, "typography", role, "fallbacks", index))


def _faces(files: tuple[Path, ...]) -> list[fonts.FontFace]:
    return [face for file in files for face in fonts.read_faces(file)]


def _check_weights(reader: Reader, brand: Brand, source: YamlSource, files: tuple[Path, ...]) -> None:
    """A weight that a family has not is set in the nearest one, of which the typesetter says nothing."""
    weights: dict[str, set[tuple[int, int]]] = {fonts.ALWAYS_THERE: {(one, one) for one in fonts.FIRAGO_WEIGHTS}}
    for face in _faces(files):
        axis = face.axis("wght")
        for name in face.names:
            weights.setdefault(name, set()).add(
                (round(axis.least), round(axis.most)) if axis else (face.weight, face.weight)
            )

    def check(role: Role, path: KeyPath) -> None:
        there = sorted(weights.get(role.family, {(role.weight, role.weight)}))
        if not any(least <= role.weight <= most for least, most in there):
            told = ", ".join(f"{least}" if least == most else f"{least} to {most}" for least, most in there)
            message = f"{role.family} has no weight {role.weight}, but {told}: it is set in the nearest"
            reader.warn("missing-weight", message, source.place(path), "add its font file, or write a weight it has")

    for name, role in brand.typography.items():
        check(role, ("typography", name))
    for locale, overrides in brand.locales.items():
        for name, override in overrides.typography.items():
            if name in brand.typography and (override.family is not None or override.weight is not None):
                check(brand.role(name, locale), ("locales", locale, "typography", name))


def _check_axes(reader: Reader, brand: Brand, source: YamlSource, files: tuple[Path, ...]) -> None:
    """Every axis that a role names is one of a font of its family, which goes as far."""
    faces = _faces(files)

    def check(role: Role, path: KeyPath) -> None:
        there = {axis.tag: axis for face in faces if role.family in face.names for axis in face.axes}
        known = ", ".join(f"{axis.tag} ({axis.least:g} to {axis.most:g})" for axis in there.values())
        hint = f"it has {known}" if there else "its font does not vary; name a variable one, or leave the axes out"
        for tag, at in role.axes.items():
            if tag not in there:
                reader.error("unknown-axis", f"{role.family} has no axis {tag}", source.place((*path, tag)), hint)
            elif there[tag].nearest(at) != at:
                message = f"{role.family} does not go to {at:g} on its axis {tag}"
                reader.error("unknown-axis", message, source.place((*path, tag)), hint)

    for name, role in brand.typography.items():
        check(role, ("typography", name, "axes"))
    for locale, overrides in brand.locales.items():
        for name, override in overrides.typography.items():
            if name in brand.typography and override.axes:
                check(brand.role(name, locale), ("locales", locale, "typography", name, "axes"))


def _digest(reader: Reader, brand: Brand, font_files: tuple[Path, ...], logos: dict[str, Path]) -> str:
    """Over what composing reads. The words for prompts are left out: a changed style must redraw pictures, which have
    keys of their own, and not every sheet."""
    data = brand.model_dump(mode="json", include={"name", "palette", "typography", "print", "locales"})
    data |= brand.model_dump(mode="json", include={"rich_black", "legible"}, exclude_none=True)
    files = {
        "fonts": [reader.remember(path) for path in font_files],
        "logos": {name: reader.remember(path) for name, path in logos.items()},
    }
    return hashlib.sha256(json.dumps([data, files], sort_keys=True, ensure_ascii=False).encode()).hexdigest()
