"""`preflight` on what press files say of the pictures in their plates: low ones, sharp ones, and whatever else may stand
in that place."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image
from press_samples import MM, Break, flat, picture, sound

from pressrun.commands.starter import write_campaign
from pressrun.model.finding import Finding, Severity
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.plate_pictures import LONGEST_NAME, MOST_PICTURES
from pressrun.readers.press_pdf.preflight import judge

PLATE = picture(flat(600, 600, 20, 20, 20, 0), Name.DeviceCMYK)


def entry(layer: str = "hero", ppi: float = 57, size: tuple[int, int] = (600, 600), **keys: Any) -> Dictionary:
    """A picture as press files of ours tell it, 20 x 30 mm in size."""
    told = Dictionary(
        Layer=String(layer), Rect=Array([round(edge * MM, 4) for edge in (13, 101, 33, 131)]), Size=Array(size), PPI=Decimal(str(ppi))
    )  # fmt: skip
    for name, value in keys.items():
        told[f"/{name}"] = value
    return told


def private(content: Any) -> Break:
    return pieces(Dictionary(Pressrun=Dictionary(LastModified=String("D:20270101000000Z"), Private=content)))


def pieces(content: Any) -> Break:
    return lambda pdf, page: page.obj.__setitem__("/PieceInfo", content)


def painted(*entries: Dictionary) -> Break:
    return private(Dictionary(Pictures=Array(entries)))


def found(path: Path, least: Severity = Severity.WARNING) -> list[Finding]:
    return [one for one in judge(read_press_pdf(path), path.name) if one.severity >= least]


LIMITS = {149.4: "error", 149.6: "warning", 224.4: "warning", 224.6: None, 57: "error", 300: None}


@pytest.mark.parametrize("ppi", LIMITS)
def test_the_limits_are_those_of_pictures_drawn_directly(ppi: float, tmp_path: Path) -> None:
    told = found(sound(tmp_path / "page.pdf", PLATE, painted(entry(ppi=ppi))))
    assert [one.severity.value for one in told] == ([LIMITS[ppi]] if LIMITS[ppi] else [])
    size = 600 / ppi * 25.4
    drawn = found(sound(tmp_path / "drawn.pdf", picture(flat(600, 600, 9, 9, 9, 9), Name.DeviceCMYK, size)))
    assert [(one.code, one.severity) for one in drawn] == [(one.code, one.severity) for one in told]


def test_it_is_told_by_layer_and_place(tmp_path: Path) -> None:
    path = sound(tmp_path / "page.pdf", PLATE, painted(entry("sharp", 310), entry("hero", 57), entry("back", 180)))
    low, soft = found(path)
    assert (low.code, low.severity, low.layer) == ("resolution", "error", "hero")
    assert (soft.code, soft.severity, soft.layer) == ("resolution", "warning", "back")
    assert "57 ppi" in low.message
    assert "20 x 30 mm in the plate, 10 mm from the left and 20 mm from the top" in low.message


def test_what_is_on_several_pages_is_told_once(tmp_path: Path) -> None:
    def everywhere(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        for other in pdf.pages:
            painted(entry())(pdf, other)

    [one] = found(sound(tmp_path / "page.pdf", everywhere, pages=3))
    assert one.message.startswith("pages 1–3: ")


def test_a_flat_tint_has_no_resolution_to_speak_of(tmp_path: Path) -> None:
    assert found(sound(tmp_path / "page.pdf", PLATE, painted(entry(ppi=3, size=(16, 16))))) == []


# ------------------------------------------------------------------------------------------------- whatever stands there


def ring(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    endless = pdf.make_indirect(Array([]))
    endless.append(endless)
    private(Dictionary(Pictures=endless))(pdf, page)


def own_parent(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    itself = pdf.make_indirect(Dictionary())
    itself.Private = itself
    itself.Pressrun = itself
    itself.Pictures = Array([itself])
    itself.Rect = Array([itself] * 4)
    pieces(itself)(pdf, page)


def stream(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    private(Stream(pdf, b"what", Pictures=Array([entry()])))(pdf, page)


def nested(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    deep = Array([])
    for _ in range(90):
        deep = Array([deep])
    private(Dictionary(Pictures=deep))(pdf, page)


HOSTILE: dict[str, Break] = {
    "no dictionary": pieces(Dictionary(Pressrun=String("what"))),
    "no private data": pieces(Dictionary(Pressrun=Dictionary())),
    "private data that are a number": private(7),
    "a stream": stream,
    "no list": private(Dictionary(Pictures=Dictionary())),
    "no pictures": private(Dictionary()),
    "a list of names": private(Dictionary(Pictures=Array([Name.A, Name.B]))),
    "a list without end": private(Dictionary(Pictures=Array([entry()] * (MOST_PICTURES + 1)))),
    "a huge list": private(Dictionary(Pictures=Array([0] * 300_000))),
    "a ring": ring,
    "its own parent": own_parent,
    "lists in lists": nested,
    "no layer": painted(entry(Layer=7)),
    "a layer that is a name": painted(entry(Layer=Name.hero)),
    "no place": painted(entry(Rect=Name.Nowhere)),
    "a place of words": painted(entry(Rect=Array([String("1")] * 4))),
    "a place of two numbers": painted(entry(Rect=Array([1, 2]))),
    "a place out of all bounds": painted(entry(Rect=Array([0, 0, 10**12, 5]))),
    "no pixels": painted(entry(Size=Array([0, 0]))),
    "pixels that are no list": painted(entry(Size=600)),
    "pixels below nothing": painted(entry(Size=Array([-600, -600]))),
    "a density in words": painted(entry(PPI=String("57"))),
    "a density of nothing": painted(entry(PPI=0)),
    "a density below nothing": painted(entry(PPI=-57)),
    "an endless density": painted(entry(PPI=10**15)),
    "a density that is a list": painted(entry(PPI=Array([57]))),
    "a density that is yes": painted(entry(PPI=True)),
    "one sound, one broken": painted(entry(ppi=10), entry(PPI=Name.A)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_list_of_pictures_is_a_note(name: str, pressrun: Any, tmp_path: Path) -> None:
    path = sound(tmp_path / "page.pdf", PLATE, HOSTILE[name])
    assert [(one.code, one.severity) for one in found(path, Severity.NOTE)] == [("plate-not-known", "note")]
    assert pressrun("preflight", path).exit_code == 0
    [file] = json.loads(pressrun("preflight", path, "--json").stdout)
    assert file["pages"][0]["plate_pictures"] == []


OTHERS: dict[str, Break] = {
    "another program's": pieces(Dictionary(Illustrator=Dictionary(Private=Dictionary(Pictures=Array([7]))))),
    "no pieces": pieces(Array([])),
    "an empty list": painted(),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_somebody_elses_is_left_alone(name: str, tmp_path: Path) -> None:
    assert found(sound(tmp_path / "page.pdf", PLATE, OTHERS[name]), Severity.NOTE) == []


NAMES = {
    "long": ("a" * 100_000, "a" * LONGEST_NAME),
    "escapes": ("\x1b]0;owned\x07\x1b[31m", None),
    "lines": ("hero\n✗ everything is lost", None),
    "half a pair": (b"\xfe\xff\xd8\x00\x00a", None),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_are_anybodys(name: str, process: Callable[..., Any], tmp_path: Path) -> None:
    written, expected = NAMES[name]
    path = sound(tmp_path / "page.pdf", PLATE, painted(entry(Layer=String(written))))
    done = process("preflight", path, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "\x1b" not in done.stdout
    assert sum("✗" in line[:4] for line in done.stdout.splitlines()) == 1
    told = json.loads(process("preflight", path, "--json", cwd=tmp_path).stdout)[0]["findings"]
    if expected:
        assert [one["layer"] for one in told if one["code"] == "resolution"] == [expected]


# ------------------------------------------------------------------------------------------------------------ a whole run

LAYOUT = """
page: {trim: A4, bleed: 3mm, safe: 10mm}
target: print
formats: [press-pdf]
layers:
  - {type: image, id: scene, file: "{{ product.photo }}", box: {in: bleed}}
"""
JOB = """
brand: BRAND
date: 2027-03-01
rows: {product: {file: data/photos.csv, key: sku}}
expand: [product]
locale: en-GB
layouts: [poster]
provider: {type: fpo}
save_as: "{{ product.sku }}"
"""


def photograph(path: Path, size: tuple[int, int]) -> None:
    Image.linear_gradient("L").resize(size).convert("RGB").save(path)


def test_a_run_and_preflight_of_its_files_tell_the_same_number(process: Callable[..., Any], tmp_path: Path) -> None:
    """A photograph of 57 ppi and one of 300 on a page of A4."""
    root = tmp_path / "posters"
    write_campaign(root, "Posters")
    [brand] = [path.name for path in (root / "brands").iterdir()]
    (root / "templates/layouts/poster.yaml").write_text(LAYOUT)
    (root / "jobs/data/photos.csv").write_text("sku,photo\nsmall,packshots/small.png\nlarge,packshots/large.png\n")
    (root / "jobs/posters.yaml").write_text(JOB.replace("BRAND", brand))
    folder = root / "brands" / brand / "packshots"
    folder.mkdir(exist_ok=True)
    photograph(folder / "small.png", (485, 680))
    photograph(folder / "large.png", (2560, 3600))
    done = process("run", "jobs/posters.yaml", "--json", cwd=root, PRESSRUN_EXECUTOR="inline")
    assert done.returncode == 1, done.stdout + done.stderr
    told = {}
    for line in (root / "runs/latest/assets.jsonl").read_text("utf-8").splitlines():
        asset = json.loads(line)
        told[asset["path"]] = [(one["layer"], one["message"].split()[0]) for one in asset["findings"]]
    read = {}
    for path in told:
        [file] = json.loads(process("preflight", f"runs/latest/{path}", "--json", cwd=root).stdout)
        read[path] = [
            (one["layer"], one["message"].split(" ppi")[0].split()[-1])
            for one in file["findings"]
            if one["code"] == "resolution"
        ]
    assert sorted(read.values(), key=len) == [[], [("scene", "57")]]
    assert read == told
