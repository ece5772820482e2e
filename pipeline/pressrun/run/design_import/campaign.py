"""A design taken into a campaign: its layout, what fills it, and a job that runs at once."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pressrun import doors, registry
from pressrun.graphics.color.inks import PressProfile, load_profile
from pressrun.graphics.inked.inked_pages import in_inks
from pressrun.graphics.svg.colors import recolored
from pressrun.graphics.typefaces.fonts import FontFace, read_faces
from pressrun.language.design_names import plain_name
from pressrun.language.locale_formats import is_locale
from pressrun.load.brand import load_brand
from pressrun.load.campaign_reader import Reader, missing
from pressrun.model.brand import Brand
from pressrun.model.design import ArtworkPart, Design, DesignFile
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.layout import Target
from pressrun.model.placed_page import PdfPage
from pressrun.model.settings import Settings
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.yaml_source import parse_yaml
from pressrun.readers.yaml_writer import AS_WRITTEN, added, changed, in_line
from pressrun.run.design_import.brand_names import BrandNames
from pressrun.run.design_import.kept_edits import in_lines, of_pages, page_in_lines, update, update_layers, update_pages
from pressrun.run.design_import.layers import layout_of
from pressrun.run.design_import.small_brand import small_brand
from pressrun.run.design_import.tables import Tables
from pressrun.run.design_import.whole_files import all_or_nothing
from pressrun.run.files.pdf_pages import MENDED, Locked, NoPages, pages_of
from pressrun.run.planned_job import load_job

LOCALE = "en-GB"  # where neither the design nor anybody says one
Files = dict[str, bytes]


class DesignWanted(Struct, frozen=True):
    """What is imported, and how: into the campaign ``root``, under a ``name`` (empty: the file's own), for a ``brand``
    (empty: the campaign's only one, else a new one). ``page`` is one of it, from 1; None: all of them. ``more`` are
    files whose pages come behind its own."""

    file: Path
    root: Path
    name: str = ""
    brand: str = ""
    page: int | None = None
    locale: str = ""
    target: Target | None = None
    more: tuple[Path, ...] = ()


class Imported(Struct, frozen=True):
    """What became of it: the ``job`` that runs it, all ``written`` (paths from the root), how many layers it has, and
    what was not taken over. ``again`` where it had been imported before."""

    job: str
    written: tuple[str, ...]
    layers: int
    findings: tuple[Finding, ...]
    again: bool


class _House(Struct, frozen=True):
    """The brand that it is imported for: ``text`` is its file as it is, or as it is to be written."""

    id: str
    brand: Brand
    folder: Path
    text: str
    faces: tuple[FontFace, ...] = ()

    @property
    def file(self) -> str:
        return f"brands/{self.id}/brand.yaml"


def import_design(wanted: DesignWanted) -> Imported:
    """Write the layout of a design, its files, a table with what it shows itself, and a job. Where it has been imported
    before, geometry is brought up to date and edits stay. Raises InputError; then nothing is written."""
    file = _opened(wanted)
    root, stem = wanted.root, file.stem
    layout_file, record_file = f"templates/layouts/{stem}.yaml", f"templates/layouts/{stem}.import.json"
    job_file = f"jobs/{stem}.yaml"
    record = _record(root / record_file)
    if record is None:
        for taken in (layout_file, job_file):
            if (root / taken).exists():
                raise file.unusable("name-taken", f"{taken} is there, and no import made it", "write --name OTHER")
    one_page = wanted.page or (record or {}).get("page")
    if one_page:  # that was asked for, which it stays
        file = replace(file, page=one_page)
    design = registry.DESIGNS[wanted.file.suffix.lower()](file)
    house = _house(root, wanted.brand or (record or {}).get("brand", ""), wanted.name or wanted.file.stem, stem)
    profile = load_profile(house.brand.print.profile, house.folder)
    names = BrandNames(house.brand, house.faces, profile, file.note)
    layout: MutableMapping[str, Any] = layout_of(design, house.brand, names)
    own_files = _own_files(design, names, profile)
    if spots := _spots(design, own_files, names, profile):
        layout = {"page": layout.pop("page"), "target": layout.pop("target"), "inks": ["cmyk", *spots], **layout}
    findings = [*design.notes, *_of_inks(design, own_files, profile, file)]
    tables = Tables(stem, design.columns)
    job = tables.job(house.id, stem, _locale(wanted, design))
    before = record or {}
    if record is not None and "pages" in {*layout, *record["layout"]}:  # it has several, or had
        before, layout = {**record, "layout": of_pages(record["layout"])}, of_pages(layout)
    files: Files = {f"brands/{house.id}/{path}": data for path, data in own_files.items()}
    text = _layout_text(root / layout_file, before.get("layout"), layout, file, findings)
    findings += names.named_in(text)
    if not (root / house.file).exists() or names.palette or names.typography:
        files[house.file] = _with_additions(house.text, names).encode()
    files[layout_file] = text.encode()
    files[job_file] = _job_text(root / job_file, before.get("job"), job, file, findings)
    digests = {}
    for path, rows in tables.written(root, before.get("tables", {}), text):
        files[path] = rows
        digests[path] = hashlib.sha256(rows).hexdigest()
    told: dict[str, Any] = {"page": one_page} if one_page else {}
    told |= {"brand": house.id, "layout": layout, "job": job, "tables": {**before.get("tables", {}), **digests}}
    files[record_file] = (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
    with all_or_nothing(root, files):
        load_job(root / job_file, Settings())
    in_layout = tuple(_of_layout(finding, stem) for finding in findings)
    return Imported(job_file, tuple(files), len(_layers(layout)), in_layout, record is not None)


def _of_layout(finding: Finding, stem: str) -> Finding:
    return replace(finding, layout=stem) if finding.layer else finding


def _opened(wanted: DesignWanted) -> DesignFile:
    stem = plain_name(wanted.name or wanted.file.stem, "design").replace("_", "-")
    first = _read(wanted, wanted.file, stem)
    more = tuple(_read(wanted, path, stem) for path in wanted.more)
    if other := next((one for one in wanted.more if one.suffix.lower() != wanted.file.suffix.lower()), None):
        message = f"{other.name} is of another kind than {wanted.file.name}"
        raise first.unusable("several-designs", message, "import each under a --name of its own")
    return replace(first, more=more)


def _read(wanted: DesignWanted, path: Path, stem: str) -> DesignFile:
    name, suffix = path.name, path.suffix.lower()
    if suffix not in registry.DESIGNS:
        known = ", ".join(registry.DESIGNS)
        message = f"designs that can be imported end in {known}"
        raise InputError([Finding(Severity.ERROR, "unknown-design", message, Place(name), "export it as one of these")])
    try:
        data = path.read_bytes()
    except OSError as error:
        message, folder = f"it cannot be read: {error.strerror}", path.parent
        near = [one.name for one in folder.iterdir()] if folder.is_dir() else []
        hint = did_you_mean(name, near, "files")
        raise InputError([Finding(Severity.ERROR, "missing-design", message, Place(str(path)), hint)]) from error
    return DesignFile(name, stem, data, wanted.page, wanted.target)


def _layers(layout: Mapping[str, Any]) -> list[Any]:
    """Those of all its pages. Raises KeyError and TypeError for what is no layout that was written here."""
    return [one for page in layout.get("pages", [layout]) for one in page["layers"]]


def _record(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        record = json.loads(path.read_text("utf-8"))
        if not _layers(record["layout"]) or not isinstance(record["job"], dict):
            raise ValueError("it is of another kind")
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"what the last import wrote is not readable: {error}"
        hint = "take it back from your version control, or import under another --name"
        raise InputError([Finding(Severity.ERROR, "broken-record", message, Place(path.name), hint)]) from error
    return dict(record)


def _house(root: Path, wanted: str, title: str, stem: str) -> _House:
    known = sorted(path.parent.name for path in root.glob("brands/*/brand.yaml"))
    if not wanted and len(known) > 1:
        message, hint = "the campaign has several brands", f"write --brand with one of {', '.join(known)}"
        raise InputError([Finding(Severity.ERROR, "which-brand", message, hint=hint)])
    if wanted and wanted not in known:
        raise InputError([missing("missing-brand", "brand", wanted, known, None)])
    if not known:
        text = small_brand(title)
        source, _ = parse_yaml(text, "brand.yaml")
        assert source, "it is ours"
        return _House(stem, Brand.model_validate(source.data), root / "brands" / stem, text)
    reader, id = Reader(root.resolve()), wanted or known[0]
    loaded = load_brand(reader, id, Place(f"brands/{id}"))
    if loaded is None or any(finding.is_error for finding in reader.findings):
        raise InputError(reader.findings)
    faces = tuple(face for path in loaded.font_files for face in read_faces(path))
    return _House(id, loaded.brand, loaded.folder, (loaded.folder / "brand.yaml").read_text("utf-8"), faces)


def _locale(wanted: DesignWanted, design: Design) -> str:
    return next((one for one in (wanted.locale, design.locale) if one and is_locale(one)), LOCALE)


def _own_files(design: Design, names: BrandNames, profile: PressProfile) -> Files:
    """Those of the design; in vectors, what looks like a colour of the brand becomes it, and so its ink, and pages for
    the press are in inks."""

    def own(path: str, data: bytes) -> bytes:
        if path.endswith(".svg"):
            return recolored(data, names.on_screen)
        return in_inks(data, names.inks, profile) if path.endswith(".pdf") else data

    return {path: own(path, data) for path, data in design.files.items()}


def _with_additions(text: str, names: BrandNames) -> str:
    return added(added(text, "palette", names.palette), "typography", names.typography)


def _layout_text(
    path: Path, before: Mapping[str, Any] | None, layout: Mapping[str, Any], file: DesignFile, findings: list[Finding]
) -> str:
    def change(now: Any) -> Any:
        if before is None or not now:
            return {key: _SPREAD.get(key, in_line)(value) for key, value in layout.items()}
        if "pages" in layout and "layers" in now:
            now = of_pages(now)
        outside, was = ({key: value for key, value in one.items() if key not in _SPREAD} for one in (layout, before))
        kept = [("", key) for key in update(now, was, outside)]
        for key, update_list in (("layers", update_layers), ("pages", update_pages)):
            if isinstance(now.get(key), list):
                kept += update_list(now[key], before.get(key, []), layout.get(key, []))
        for layer, key in kept:
            findings.append(_kept(file, layer, key))
        return now

    head = f"# Made of {file.name} by `pressrun import`, which leaves as it is what you change here.\n"
    return changed(path.read_text("utf-8") if path.is_file() else head, change, AS_WRITTEN)


def _of_inks(design: Design, files: Files, profile: PressProfile, file: DesignFile) -> Iterator[Finding]:
    """That its RGB has become inks; and what a printer would still send back of its pages, as `check` tells it of every
    sheet."""
    if any(path.endswith(".pdf") and files[path] != data for path, data in design.files.items()):
        message = f"its page is drawn in RGB, and is now in the inks of {profile.description}"
        hint = "look at a proof; a colour that looks like one of the palette takes its inks, when it is imported again"
        yield file.note("rgb-in-inks", message, hint)
    told: set[tuple[str, str]] = set()
    for page in _press_pages(design, files, profile):
        for fault in page.faults:
            if (fault.code, fault.message) not in told:
                told.add((fault.code, fault.message))
                yield file.note(fault.code, fault.message, fault.hint or MENDED)


def _press_pages(design: Design, files: Files, profile: PressProfile) -> Iterator[PdfPage]:
    """Those of other programs that are printed as they are."""
    parts = (*design.parts, *(part for page in design.further for part in page.parts))
    artwork = {part.file for part in parts if isinstance(part, ArtworkPart) and part.bleeds and part.page}
    for path in sorted(artwork & files.keys()):
        with contextlib.suppress(Locked, NoPages):  # which loading tells
            yield from pages_of(files[path], profile)


def _spots(design: Design, files: Files, names: BrandNames, profile: PressProfile) -> list[str]:
    """The spots that its pages are printed in, as the brand calls them; what is a step of its finisher's is none."""
    if design.target != "print":
        return []
    found = (names.spot(spot) for page in _press_pages(design, files, profile) for spot in page.spots)
    return sorted({name for name in found if name})


_SPREAD: Mapping[str, Callable[[Any], Any]] = MappingProxyType({
    "layers": lambda layers: [in_lines(layer) for layer in layers],
    "pages": lambda pages: [page_in_lines(page) for page in pages],
})
"""What lists are written in, each entry on lines of its own."""


def _kept(file: DesignFile, layer: str, key: str) -> Finding:
    if not key:
        message = "the design has it no more, but it was edited here, and stays"
        return file.note("edited-by-hand", message, "delete the layer, if it shall go", layer)
    message = f"'{key}' was edited here, and stays; the design has changed it as well"
    return file.note("edited-by-hand", message, "delete the key, and import again to have the design's", layer or None)


def _job_text(
    path: Path, before: Mapping[str, Any] | None, job: dict[str, Any], file: DesignFile, findings: list[Finding]
) -> bytes:
    def change(now: Any) -> Any:
        if before is None or not now:
            made = {"brand": job["brand"], "date": doors.now().date(), **job}
            rows = {name: in_line(value) for name, value in job["rows"].items()}
            return {key: rows if key == "rows" else in_line(value) for key, value in made.items()}
        findings.extend(_kept(file, "", f"jobs: {key}") for key in update(now, before, job))
        return now

    head = f"# Fills {file.name}: one sheet for each row of the table.\n"
    return changed(path.read_text("utf-8") if path.is_file() else head, change, AS_WRITTEN).encode()
