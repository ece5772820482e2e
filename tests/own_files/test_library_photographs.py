"""Photographs of the library are looked at by `check`, as far as their heads tell: too large, no pictures, their size."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from one_card import Card
from PIL import Image

from pressrun.commands.plan_advice import suggest_masters
from pressrun.model.errors import InputError
from pressrun.model.settings import Settings
from pressrun.run.dry.dry_sheets import dry_findings
from pressrun.run.planned_job import prepare

LAYER = {"type": "image", "id": "p", "picture": "p", "box": {"in": "bleed"}}
SLOT = {"prompt": "x.j2", "references": ["{{ row.photo }}"], "masters": {"one": {"size": "600x400"}}}
PAPER = {"page": {"trim": "100mm x 50mm", "bleed": "3mm"}, "target": "print", "formats": ["press-pdf"]}


def encoded(size: tuple[int, int], kind: str, **saving: Any) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **saving)
    return out.getvalue()


def claimed(kind: str, width: int, height: int) -> bytes:
    """A small picture whose head says that it has this many pixels."""
    data = bytearray(encoded((60, 40), kind))
    if kind == "PNG":
        data[16:24] = struct.pack(">II", width, height)
        data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    elif kind == "JPEG":
        frame = data.index(b"\xff\xc0")
        data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    else:
        for tag, value in ((256, width), (257, height)):  # a directory's entries: tag, kind (4: 32 bits), count, value
            at = data.index(struct.pack("<H", tag), 8)
            data[at : at + 12] = struct.pack("<HHII", tag, 4, 1, value)
    return bytes(data)


@pytest.fixture
def library(card: Callable[..., Card]) -> Callable[..., Card]:
    """A card of paper whose photographs are the library's: by row, what is in its file."""

    def make(photos: Mapping[str, bytes], **slot: Any) -> Card:
        files = {f"jobs/{name}": data for name, data in photos.items()}
        rows = [{"id": f"row{number}", "photo": name} for number, name in enumerate(photos)]
        provider = {"type": "library", **slot}
        job = {"provider": provider, "pictures": {"p": SLOT}}
        return card(LAYER, rows=rows, files={"templates/prompts/x.j2": b"a room", **files}, layout=PAPER, job=job)

    return make


@pytest.mark.parametrize("choose", ["shape", "first"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
@pytest.mark.parametrize("size", [(15_000, 15_000), (12_000, 10_001), (1, 2**31 - 1)])
def test_more_pixels_than_are_taken_are_told_by_check(
    library: Callable[..., Card], kind: str, size: tuple[int, int], choose: str
) -> None:
    if kind == "JPEG" and max(size) > 65_535:
        size = (65_000, 65_000)
    if kind == "PNG" and size[0] == 1:
        size = (2**31 - 1, 1)
    made = library({"huge.file": claimed(kind, *size), "fine.png": encoded((900, 600), "PNG")}, choose=choose)
    for said in (made.check(), made.run()):
        [message] = [message for code, message in said.findings if code == "picture-too-large"]
        assert f"{size[0]} x {size[1]}" in message
        assert said.code == 1
    assert (made.root / "runs/latest/assets/row1.pdf").exists()


BROKEN = {
    "an empty file": b"",
    "words": b"no picture",
    "a signature alone": encoded((60, 40), "PNG")[:8],
    "half a head": encoded((60, 40), "PNG")[:20],
    "half a frame": encoded((60, 40), "JPEG")[:100],
    "a head of no size": claimed("PNG", 0, 0),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_head_that_cannot_be_read_is_told_by_check(library: Callable[..., Card], name: str) -> None:
    made = library({"photo.png": BROKEN[name]})
    said = made.check()
    assert said.code == 1
    assert said.codes[0] in ("reference-kind", "broken-picture")
    assert "photo.png" in said.findings[0][1]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_check_measures_the_photograph_and_not_what_was_asked_for(library: Callable[..., Card], kind: str) -> None:
    made = library({"small.x": encoded((120, 80), kind), "large.x": encoded((1500, 1000), kind)})
    prepared = prepare(made.root / "jobs/job.yaml", Settings(inline=True))
    with prepared.doors:
        checked = [(one.code, one.message) for one in dry_findings(prepared)]
    assert [code for code, _ in checked] == ["resolution-below-floor"]
    assert [*made.run().findings] == checked
    assert checked[0][1].startswith("29 ppi")


@pytest.mark.parametrize("share", [0.5, 0.97])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "AVIF", "GIF", "BMP"])
def test_a_photograph_that_breaks_off_fails_its_row_by_name_before_anything_is_made(
    library: Callable[..., Card], kind: str, share: float
) -> None:
    whole = encoded((900, 600), kind)
    turned = Image.Exif()
    turned[0x0112] = 6
    lying = encoded((600, 900), kind, **({} if kind in ("GIF", "BMP") else {"exif": turned}))
    made = library({"half.x": lying[: int(len(lying) * share)], "fine.x": whole})
    for said in (made.check(), made.run()):
        assert said.code == 1
        [(code, message)] = [told for told in said.findings if "half.x" in told[1]]
        assert code in ("broken-picture", "reference-kind")
        assert "cannot be decoded" in message
    assert (made.root / "runs/latest/assets/row1.pdf").exists()


def test_a_whole_photograph_with_something_behind_it_is_taken(library: Callable[..., Card]) -> None:
    kinds = ("PNG", "JPEG", "TIFF", "WEBP", "GIF", "BMP")
    made = library({f"{kind}.{kind}": encoded((900, 600), kind) + bytes(64) for kind in kinds})
    assert made.check().code == 0


def test_a_photograph_whose_pixels_are_not_as_they_were_written_fails_its_row(library: Callable[..., Card]) -> None:
    """Which Pillow decodes without a word."""
    data = bytearray(encoded((900, 600), "PNG"))
    data[100:200] = bytes(100)
    made = library({"holes.png": bytes(data), "fine.png": encoded((900, 600), "PNG")})
    for said in (made.check(), made.run()):
        assert [code for code, message in said.findings if "holes.png cannot be decoded" in message] == [
            "broken-picture"
        ]
    assert (made.root / "runs/latest/assets/row1.pdf").exists()


def test_suggestions_tell_it_as_check_does(library: Callable[..., Card]) -> None:
    made = library({"huge.png": claimed("PNG", 15_000, 15_000)})
    with pytest.raises(InputError) as refused:
        suggest_masters(made.root / "jobs/job.yaml", Settings())
    assert [one.code for one in refused.value.findings] == ["picture-too-large"]
