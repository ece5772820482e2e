"""Whatever a case composes, its press file as poppler separates it looks as our proof does; so does each page of what
takes several files or rows: leaflets, booklets, flowing pages and grids, parts, layouts that extend others, sizes that texts share,
fonts on their axes, sheets changed by hand, designs that are imported. These have a campaign beside the cases.

Every word that a text shows is in its press file as poppler copies it.
"""

from __future__ import annotations

import io
import os
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import pikepdf
import pytest
import regex
import yaml
from PIL import Image, ImageChops, ImageCms, ImageFilter
from rendering_kit import HERE, Press, case_content, cases, dump, read_layout
from test_composed_cases import compare
from test_groups import printed

from pressrun.graphics.color.ciede2000 import paired
from pressrun.graphics.guides import with_guides
from pressrun.model.color import Ink
from pressrun.model.finding import Finding
from pressrun.model.geometry import IDENTITY, Matrix, Rect, after, bounds
from pressrun.model.reach import reach_of
from pressrun.model.settings import Settings
from pressrun.model.sheet import GroupMark, Mark, ShapeMark, Sheet, TextMark
from pressrun.run.design_import.campaign import DesignWanted, import_design
from pressrun.run.dry.dry_sheets import dry_look
from pressrun.run.job import run_job
from pressrun.run.looks.preview import Preview, Wanted
from pressrun.run.planned_job import prepare

CAMPAIGN = HERE / "campaign"
LAYOUTS = yaml.safe_load((CAMPAIGN / "jobs" / "documents.yaml").read_text())["layouts"]
DESIGNS = sorted((CAMPAIGN / "designs").iterdir())
DOCUMENTS = [*(f"{row}-{one}" for row in ("north", "south") for one in LAYOUTS), *(f"sample-{one.stem}" for one in DESIGNS)]
ROLES = {"upright": {"wght": 300}, "leaning": {"wght": 600, "slnt": -5}}

MOST = 3.0  # of the colour difference, by CIE 1976 and by CIEDE2000, in 99.5 % of the pixels that are no edge
WITHIN = 0.5 + 0.2  # percent of an ink, and half a level of its eight bits
LEAST = 12  # pixels across, of what is looked at
SRGB, LAB = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
AS_LAB = ImageCms.buildTransform(SRGB, LAB, "RGB", "LAB")


def lab(picture: Image.Image) -> numpy.ndarray[Any, Any]:
    seen = ImageCms.applyTransform(picture, AS_LAB)
    assert seen
    light, a, b = (numpy.asarray(band).astype(numpy.float32) for band in seen.split())
    return numpy.stack([light / 2.55, a - 128, b - 128])


def apart(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """The share of pixels that are further apart than MOST, of those that lie more than two from an edge; and of how
    many of all that is."""
    highest, lowest = one.filter(ImageFilter.MaxFilter(5)), one.filter(ImageFilter.MinFilter(5))
    flat = numpy.asarray(ImageChops.difference(highest, lowest)).max(axis=2) <= 12
    flat[:2] = flat[-2:] = flat[:, :2] = flat[:, -2:] = False  # the page's own
    first, second = lab(one)[:, flat].T, lab(other)[:, flat].T
    plain = numpy.sqrt(((first - second) ** 2).sum(axis=1))
    near = (plain > 1) & (plain <= MOST)  # by CIEDE2000 greys are up to half as far apart again, and nothing further
    by_eye = paired(first[near].astype(float), second[near].astype(float))
    return float(((plain > MOST).sum() + (by_eye > MOST).sum()) / max(1, flat.sum())), float(flat.mean())


def flat_inks(marks: Iterable[Mark], matrix: Matrix = IDENTITY) -> Iterator[tuple[Ink, Rect, bool]]:
    """The inks that shapes are filled with and nothing is mixed into, each with its place, and whether something that
    comes later may lie on it."""
    found: list[tuple[Ink, Rect]] = []
    above: list[tuple[int, Rect]] = []
    for mark in marks:
        if isinstance(mark, GroupMark):
            above.append((len(found), bounds(reach_of(mark), matrix)))
            if not (mark.is_mixed or mark.clip):
                yield from flat_inks(mark.marks, after(mark.matrix, matrix))
            continue
        place = bounds(mark.rect, matrix)
        above.append((len(found), place))
        if isinstance(mark, ShapeMark) and mark.ink and mark.opacity == 1 and mark.shape in ("rect", "ellipse"):
            found.append((mark.ink, place))
    for at, (ink, place) in enumerate(found):
        yield ink, place, any(number > at and place.meets(other) for number, other in above)


def found_in(page: Image.Image, place: Rect, ink: Ink, scale: float) -> float:
    """The share of a place's pixels that are an ink of the palette within half a percent, in each of the four."""
    box = tuple(round(edge * scale) for edge in (place.x, place.y, place.right, place.bottom))
    pixels = numpy.asarray(page.crop(box)).astype(numpy.float32) / 2.55  # type: ignore[arg-type]
    wanted = numpy.asarray(ink.cmyk, numpy.float32)
    return float((numpy.abs(pixels - wanted).max(axis=2) <= WITHIN).mean())


def assert_words_are_held(sheet: Sheet, copied: str) -> None:
    """All words that texts show are in what was copied. Of scripts whose marks stand above and below, or that are read
    from the right, programs tell their letters in an order of their own."""
    shown = [span.text for one in sheet.placed if isinstance(one.mark, TextMark) and one.mark.fit for span in one.mark.fit.spans]
    whole, letters = _plain("".join(copied.split())), Counter(_plain(copied))
    words = [_plain(word) for text in shown for word in text.split()]
    assert [one for one in words if not SCATTERED.search(one) and one not in whole] == []
    assert Counter(letter for word in words if SCATTERED.search(word) for letter in word) - letters == Counter()


SCATTERED = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{M}]")
UNSEEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\N{SOFT HYPHEN}\N{OBJECT REPLACEMENT CHARACTER}\-]")


def _plain(text: str) -> str:
    """Without what may not be seen, and hyphens, which poppler leaves out at the ends of lines."""
    return UNSEEN.sub("", unicodedata.normalize("NFKC", text))


def assert_printed_as_proofed(seen: Image.Image, data: bytes, sheet: Sheet, tool: Any, folder: Path) -> None:
    page = printed(data, tool, folder).convert("RGB").crop((0, 0, *seen.size))  # it rounds up
    share, judged = apart(seen, page)
    assert share < 0.005
    assert judged > 0.4
    with Image.open(next(folder.glob("page*.jpg"))) as plates:
        scale = plates.width / sheet.boxes.bleed.width
        for ink, place, is_covered in flat_inks(sheet.marks):
            if min(place.width, place.height) * scale >= LEAST:
                assert found_in(plates, place, ink, scale) > (0.0 if is_covered else 0.6), (ink, place)
    assert_words_are_held(sheet, tool("pdftotext", "-raw", folder / "page.pdf", "-"))


@pytest.mark.parametrize("folder", cases(), ids=lambda folder: folder.name)
def test_a_case_is_printed_as_it_is_proofed(press: Press, tool: Any, tmp_path: Path, folder: Path) -> None:
    layout = read_layout((folder / "layout.yaml").read_text())
    layout = layout.model_copy(update={"target": "print", "formats": ("press-pdf", "proof-png")})
    made = press.render(layout, **case_content(folder))
    sheet, _ = press.compose(layout, **case_content(folder))
    assert_printed_as_proofed(made.picture("proof-png").convert("RGB"), made.files["press-pdf"], sheet, tool, tmp_path)


# ------------------------------------------------------------------------------------------- of several pages or files


Composed = list[tuple[Sheet, list[Finding]]]


@dataclass(frozen=True, slots=True)
class Ran:
    """The campaign's folder, the files that were delivered, by name, and the composed pages by the name of their
    document."""

    root: Path
    files: dict[str, Path]
    pages: dict[str, Composed]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    root = tmp_path_factory.mktemp("documents") / "campaign"
    shutil.copytree(CAMPAIGN, root)
    shutil.copytree(HERE / "brand", root / "brands" / "testa")
    shutil.copytree(CAMPAIGN / "fonts", root / "brands" / "testa" / "fonts")
    brand = root / "brands" / "testa" / "brand.yaml"
    said = yaml.safe_load(brand.read_text())
    said["fonts"] = [f"fonts/{one.name}" for one in (root / "fonts").iterdir()]
    said["typography"] |= {name: {"family": "Testa VF", "axes": axes} for name, axes in ROLES.items()}
    brand.write_text(yaml.safe_dump(said, sort_keys=False))
    for design in DESIGNS:
        import_design(DesignWanted(root / "designs" / design.name, root, target="print", brand="testa"))
    made = Ran(root, {}, {})
    for job in ("documents", *(one.stem for one in DESIGNS)):
        assert run_into(made, root / "jobs" / f"{job}.yaml") == 0
    return made


def run_into(made: Ran, job: Path) -> int:
    prepared = prepare(job, Settings(inline=True), reading=True)
    with prepared.doors, dry_look(prepared) as look:
        for planned, sheet, findings in look.composed(prepared.plan.sheets):
            made.pages.setdefault(f"{planned.row.id}-{planned.layout}", []).append((sheet, findings))
    report = run_job(job, Settings(inline=True))
    made.files.update({one.name: one for one in (Path(report.folder) / "assets").rglob("*") if one.is_file()})
    return report.exit


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_page_is_composed_as_it_was(ran: Ran, name: str) -> None:
    found = [dump(sheet, findings).rstrip() for sheet, findings in ran.pages[name]]
    compare("[\n" + ",\n".join(found) + "\n]\n", CAMPAIGN / "expected" / f"{name}.json")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_page_is_printed_as_it_is_proofed(ran: Ran, tool: Any, tmp_path: Path, name: str) -> None:
    assert_each_page_is_printed_as_it_is_proofed(ran, name, ran.pages[name], tool, tmp_path)


def assert_each_page_is_printed_as_it_is_proofed(
    ran: Ran, name: str, composed: Composed, tool: Any, folder: Path
) -> None:
    with pikepdf.open(ran.files[f"{name}.pdf"]) as document:
        assert len(document.pages) == len(composed)
        for number, (page, (sheet, _)) in enumerate(zip(document.pages, composed, strict=True), start=1):
            alone = pikepdf.new()
            alone.pages.append(page)
            data = io.BytesIO()
            alone.save(data)
            proof = f"{name}-{number}-proof.png" if len(document.pages) > 1 else f"{name}-proof.png"
            with Image.open(ran.files[proof]) as seen:
                assert_printed_as_proofed(seen.convert("RGB"), data.getvalue(), sheet, tool, folder)


def test_guides_are_drawn_as_they_were(ran: Ran) -> None:
    with closing(Preview(ran.root / "jobs" / "documents.yaml", Settings(inline=True))) as preview:
        [look] = preview.looks(Wanted(("changed",), ("north",), guides=True))
    assert look.shown
    drawn, expected = with_guides(look.shown, look.findings, "changed"), CAMPAIGN / "expected" / "north-changed-guides.png"
    if os.environ.get("PRESSRUN_WRITE_GOLDEN") == "1":
        drawn.convert("RGB").quantize(64).save(expected, optimize=True)
    with Image.open(expected) as golden:
        difference = ImageChops.difference(drawn.convert("RGB"), golden.convert("RGB"))
    assert (numpy.asarray(difference).max(axis=2) > 24).mean() < 0.005


def test_greys_are_as_far_apart_as_they_look() -> None:
    """By CIE 1976 these two are no further apart than MOST."""
    grey, pink = (Image.new("RGB", (9, 9), color) for color in ((128, 128, 128), (133, 127, 129)))
    assert numpy.sqrt(((lab(grey) - lab(pink)) ** 2).sum(axis=0)).max() <= MOST
    assert apart(grey, pink)[0] == 1
    assert apart(grey, grey) [0] == 0
