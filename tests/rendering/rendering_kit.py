"""A brand, pictures and a worker's bench small enough for tests: a layout in, files read back out.

A *case* is a folder of ``layout.yaml`` and ``content.yaml`` (and ``brand.yaml`` where it is not the shared one).
"""

from __future__ import annotations

import functools
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from msgspec.structs import replace
from PIL import Image, ImageOps
from placed_documents import DOCUMENTS

from pressrun import registry
from pressrun import typeset as typeset_stage
from pressrun.compose import Composer
from pressrun.graphics.color import inks
from pressrun.graphics.drawn.pdfium import rasterise
from pressrun.graphics.pages.page_content import shown_pages
from pressrun.graphics.svg.limits import frame
from pressrun.graphics.texts.typst_engine import sound_svg
from pressrun.graphics.typefaces import fonts
from pressrun.language.markup import files_in
from pressrun.load.arranged_layouts import Arranger
from pressrun.load.campaign_reader import Reader
from pressrun.model import named_files
from pressrun.model.brand import Brand
from pressrun.model.color import Swatch
from pressrun.model.composition import PlacedPicture
from pressrun.model.finding import Finding
from pressrun.model.geometry import Rect
from pressrun.model.layout import Layout, layer_name
from pressrun.model.named_files import files_named
from pressrun.model.placed_page import PDF, SVG
from pressrun.model.printing_conditions import PrintConditions
from pressrun.model.sheet import Sheet, TextMark
from pressrun.model.step import BrandColors
from pressrun.model.task import Failed, FileTask, Made, SheetContent, SheetTask
from pressrun.model.text_fact import TextFact
from pressrun.readers.yaml_source import parse_yaml
from pressrun.run.files.drawings import drawing_of
from pressrun.run.files.pdf_pages import pages_of
from pressrun.run.worker import bench as worker
from pressrun.run.worker.sheet_tasks import make_sheets
from pressrun.stores.folder import FolderStore
from pressrun.stores.sqlite import SqliteJournal

HERE = Path(__file__).parent
CASES = HERE / "cases"
DATE = 1_800_000_000  # 2027-01-15T08:00:00Z
PROFILE = inks.load_profile("fogra39-300", HERE)
PRESS = inks.press_profile(PrintConditions(), HERE)


@functools.cache
def brand(file: Path = HERE / "brand" / "brand.yaml") -> Brand:
    return Brand.model_validate(yaml.safe_load(file.read_text()))


COLORS = BrandColors(brand().palette, PROFILE.data)


def read_layout(text: str) -> Layout:
    """A layout whose layers are the registry's, as plain as workers take it (a model made on the fly cannot travel):
    those in groups stand behind them."""
    model = registry.layout_model()
    source, faults = parse_yaml(text, "layout.yaml")
    assert source, faults
    kinds = registry.contains_layers, registry.keys_of_layer
    arranged = Arranger(Reader(HERE), HERE, model.model_fields, *kinds).arranged("layout", source)
    assert arranged
    read = model.model_validate(arranged.source.data)
    return Layout.model_construct(**{name: getattr(read, name) for name in Layout.model_fields})


# ------------------------------------------------------------------------------------------------------- pictures


def encoded(picture: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def quadrants(size: tuple[int, int] = (400, 400)) -> Image.Image:
    """Red, green, blue and white quarters: which part of a picture shows can be told from its colours."""
    picture = Image.new("RGB", size, "white")
    half = size[0] // 2, size[1] // 2
    picture.paste("#ff0000", (0, 0, *half))
    picture.paste("#00ff00", (half[0], 0, size[0], half[1]))
    picture.paste("#0000ff", (0, half[1], half[0], size[1]))
    return picture


def flat(color: str, size: tuple[int, int] = (400, 400)) -> Image.Image:
    return Image.new("RGB", size, color)


def ramp(size: tuple[int, int] = (400, 400)) -> Image.Image:
    """Dark on the left, light on the right."""
    return Image.linear_gradient("L").rotate(90).resize(size).convert("RGB")


def cutout(size: tuple[int, int] = (120, 160)) -> Image.Image:
    """An opaque block in the middle of nothing, standing on the lower edge."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    picture.paste((228, 87, 46, 255), (size[0] // 4, 0, size[0] * 3 // 4, size[1]))
    return picture


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "quadrants": quadrants,
    "ramp": ramp,
    "ramp-600": lambda: ramp((600, 600)),
    "cutout": cutout,
    "gray": lambda: flat("#808080"),
    "light": lambda: flat("#f4f4f4"),
    "dark": lambda: flat("#101010"),
    "margin": lambda: ImageOps.expand(flat("#101010", (600, 600)), 30, "white"),  # 3 mm of 66 mm
    "narrow-margin": lambda: ImageOps.expand(flat("#101010", (640, 640)), 10, "white"),  # 1 mm of 66 mm
    "black": lambda: flat("#000000"),
    "white": lambda: flat("#ffffff"),
}


# ---------------------------------------------------------------------------------------------------------- bench


@dataclass(frozen=True, slots=True)
class Rendered:
    """One sheet's files by format, and what the manifest would say of them."""

    files: dict[str, bytes]
    facts: dict[str, Any]

    @property
    def text(self) -> dict[str, dict[str, Any]]:
        return {fact["id"]: fact for fact in self.facts["text"]}

    @property
    def codes(self) -> list[str]:
        return [finding["code"] for finding in self.facts["findings"]]

    @property
    def choices(self) -> dict[str, str]:
        return {choice["layer"]: choice["chosen"] for choice in self.facts["choices"]}

    def picture(self, format: str) -> Image.Image:
        with Image.open(io.BytesIO(self.files[format])) as picture:
            picture.load()
            return picture.convert("RGB")


class Press:
    """Composes and renders layouts in this process, with a store of its own."""

    def __init__(self, folder: Path, palette: Mapping[str, Swatch] | None = None, **said: Any) -> None:
        """``palette`` and what is ``said`` are of the brand, besides what the shared one has."""
        self.brand = brand().model_copy(update={"palette": {**brand().palette, **(palette or {})}, **said})
        self.store = FolderStore(folder / "store")
        self.font_files = fonts.firago_files(folder / "fonts")
        self.layouts: dict[str, Layout] = {}
        self.logos = {
            name: self.store.put((HERE / "brand" / file).read_bytes()) for name, file in brand().logos.items()
        }
        self.kit = worker.Kit(
            self.brand, self.layouts, self.logos, self.kept_fonts(self.font_files), {"": PRESS},
            functools.partial(FolderStore, folder / "store"),
            functools.partial(SqliteJournal, folder / "store" / "journal.db"), DATE,
        )  # fmt: skip
        self.bench = worker.Bench(self.kit)

    def close(self) -> None:
        self.bench.close()

    def kept_fonts(self, files: Iterable[Path]) -> tuple[tuple[str, str], ...]:
        """Font files as a kit has them, in the store."""
        return tuple((self.store.put(file.read_bytes()), file.name) for file in files)

    def placed(self, name: str, stage: tuple[float, float] = (0.5, 0.8)) -> PlacedPicture:
        """A picture of PICTURES or a PDF of DOCUMENTS by name, or an SVG or PDF of the brand's folder, in the store."""
        if name.endswith(".pdf"):
            data = DOCUMENTS[name]() if name in DOCUMENTS else (HERE / "brand" / name).read_bytes()
            return PlacedPicture(self.store.put(data), PDF, (0, 0), pages=pages_of(data, PROFILE))
        if name.endswith(".svg"):
            data = DOCUMENTS[name]() if name in DOCUMENTS else (HERE / "brand" / name).read_bytes()
            root = sound_svg(data, texts=True)
            width, height = frame(root)
            drawing = (drawing_of(root),)
            return PlacedPicture(self.store.put(data), SVG, (round(width), round(height)), stage, drawing)
        picture = PICTURES[name]()
        return PlacedPicture(self.store.put(encoded(picture)), "image/png", picture.size, stage)

    def content(
        self, layout: Layout, name: str, locale: str = "en-GB", title: str = "Title", description: str = "Description",
        layers: Mapping[str, Mapping[str, str]] | None = None, slots: Mapping[str, list[str]] | None = None,
        stages: Mapping[str, tuple[float, float]] | None = None, source_type: str = "algorithmicMedia",
        subject: tuple[float, float, float, float] | None = None,
    ) -> SheetContent:  # fmt: skip
        """Content for a layout whose templates are plain words; ``layers`` replaces some, ``slots`` names pictures."""
        words: dict[str, dict[str, str]] = {}
        for index, options in enumerate(layout.layers):
            words[layer_name(options, index)] = {one.name: one.text for one in options.templates if one.text}
        for layer, fields_given in (layers or {}).items():
            words[layer] = {**words.get(layer, {}), **fields_given}
        placed = {
            slot: tuple(replace(self.placed(one, (stages or {}).get(slot, (0.5, 0.8))), subject=subject) for one in names)
            for slot, names in (slots or {}).items()
        }
        for fields in words.values():
            if among_words := [file for said in fields.values() for file in files_in(str(said))]:
                fields[named_files.PICTURES] = "\n".join(among_words)
        files = {name: self.placed(name) for name in files_named(words.values())}
        sources = {picture.digest: source_type for pictures in placed.values() for picture in pictures}
        return SheetContent(name, locale, title, description, words, placed, files, sources)

    def compose(self, layout: str | Layout, name: str = "layout", **content: Any) -> tuple[Sheet, list[Finding]]:
        if isinstance(layout, str):
            layout = read_layout(layout)
        told = self.content(layout, name, **content)
        sheet, findings = Composer(self.brand, self.logos, self.bench.faces, self.bench.fitter, self.bench.logo_frame).compose(layout, told)
        return self.bench.fitter.fitted([sheet])[0], findings

    def task(self, layout: str | Layout, index: int = 0, formats: tuple[str, ...] = (), **content: Any) -> SheetTask:
        if isinstance(layout, str):
            layout = read_layout(layout)
        name = f"layout-{index}"
        self.layouts[name] = layout
        files = tuple(FileTask(one, f"key-{one}", f"{one}.bin") for one in formats or layout.formats)
        return SheetTask(index, "row", self.content(layout, name, **content), files)

    def make(self, task: SheetTask) -> Made | Failed:
        (made,) = make_sheets(self.bench, (task,))
        return made

    def render(self, layout: str | Layout, **content: Any) -> Rendered:
        """All of a layout's files, through the whole worker; a failure is raised here with its trace."""
        return self.rendered(self.make(self.task(layout, **content)))

    def rendered(self, made: Made | Failed) -> Rendered:
        assert isinstance(made, Made), made.finding.trace or made.finding
        files = {file.key.removeprefix("key-"): self.store.read(file.digest) for file in made.files}
        return Rendered(files, made.files[0].facts.to_json())


# ---------------------------------------------------------------------------------------------------------- cases


def cases() -> list[Path]:
    return sorted(folder for folder in CASES.iterdir() if folder.is_dir())


def case_content(folder: Path) -> dict[str, Any]:
    return yaml.safe_load((folder / "content.yaml").read_text()) or {}


def dump(sheet: Sheet, findings: list[Finding]) -> str:
    """A composed sheet as JSON that a diff shows well: hundredths of a point, short digests, short things on a line."""
    found = {"findings": [f"{finding.layer}: {finding.code}" for finding in findings], **sheet.to_json()}
    return _lines(_plain(found), "") + "\n"


def _lines(value: Any, indent: str) -> str:
    short = json.dumps(value, ensure_ascii=False)
    if len(short) + len(indent) <= 118 or not isinstance(value, (dict, list)):
        return short
    inner = indent + " "
    if isinstance(value, dict):
        parts = [f"{inner}{json.dumps(key)}: {_lines(one, inner)}" for key, one in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    return "[\n" + ",\n".join(f"{inner}{_lines(one, inner)}" for one in value) + f"\n{indent}]"


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 2) + 0.0
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, str) and len(value) == 64 and all(letter in "0123456789abcdef" for letter in value):
        return value[:8]
    return value


# ----------------------------------------------------------------------------------------------------------- text set


@dataclass(frozen=True, slots=True)
class SetText:
    """One text as the typesetter set it: what it says of it, and the extent of the ink it left, in points."""

    fact: TextFact
    ink: Rect | None


def set_text(press: Press, sheet: Sheet, scale: float = 3) -> dict[str, SetText]:
    """Set a sheet's texts and look at the pixels of each alone, ``scale`` of them a point."""
    return {mark.layer: _alone(press, sheet, mark, scale) for mark in sheet.marks if isinstance(mark, TextMark)}


def _alone(press: Press, sheet: Sheet, mark: TextMark, scale: float) -> SetText:
    sheet = replace(sheet, marks=(replace(mark, inks=mark.inks[:1], panel=None),))
    bench = press.bench
    (overlay,) = typeset_stage.typeset([sheet], bench)
    assert overlay
    size = (round(sheet.boxes.bleed.width * scale), round(sheet.boxes.bleed.height * scale))
    (page,) = rasterise(shown_pages([overlay], [lambda ink: ink.srgb]), size)
    found = page.getchannel("A").point(lambda value: 255 if value > 90 else 0).getbbox()
    (fact,) = sheet.texts
    if found is None:
        return SetText(fact, None)
    left, top, right, bottom = (edge / scale for edge in found)
    return SetText(fact, Rect(left, top, right - left, bottom - top))
