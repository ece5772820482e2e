"""Whatever a row's picture is: it is placed, with or without a note, or its row fails alone with file and row named."""

from __future__ import annotations

import json
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pi_heif
import pytest
from click.testing import CliRunner
from one_card import Card
from picture_ways import PICTURE, SIZE, WAYS, saved
from PIL import Image, ImageChops

from pressrun.commands.cli import cli


def claimed(width: int, height: int) -> bytes:
    data = bytearray(saved("PNG"))
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return bytes(data)


def by_numbers(png: bytes, primaries: int, curve: int) -> bytes:
    """A PNG that tells of its colours by numbers."""
    chunk = b"cICP" + bytes((primaries, curve, 0, 1))
    return png[:33] + struct.pack(">I", 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[33:]


def deep() -> bytes:
    """Colours of 16 bits, written by hand."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + bytes(range(256)) * 12) * 400)
    head = struct.pack(">IIBBBBB", 512, 400, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def holed(data: bytes) -> bytes:
    return data[:1000] + bytes(100) + data[1100:]


FINE: dict[str, tuple[str, bytes, str]] = {
    "one bit": ("bit.png", saved("PNG", "1"), ""),
    "a palette": ("few.png", saved("PNG", "P"), ""),
    "animated": ("moves.webp", saved("WEBP", save_all=True, append_images=[Image.new("RGB", SIZE)]), "several-pictures"),
    "CMYK without profile": ("inks.jpg", saved("JPEG", "CMYK"), "no-profile"),
    "wrong ending": ("jpeg.png", saved("JPEG", quality=50), "wrong-ending"),
    "a scan": ("scan.tif", saved("TIFF"), ""),
    "AVIF": ("small.avif", saved("AVIF"), ""),
    "BMP": ("old.bmp", saved("BMP"), ""),
    "a GIF that moves": ("moves.gif", saved("GIF", save_all=True, append_images=[Image.new("RGB", SIZE)]), "several-pictures"),
}
HEIC = struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic"  # how a file of a telephone begins
BAD: dict[str, tuple[str, bytes]] = {
    "truncated PNG": ("cut.png", saved("PNG")[:2000]),
    "truncated JPEG": ("cut.jpg", saved("JPEG")[:2000]),
    "a PNG that was damaged": ("holes.png", holed(saved("PNG"))),
    "a TIFF that was damaged": ("holes.tif", holed(saved("TIFF", compression="tiff_adobe_deflate"))),
    "zero-sized": ("nought.png", claimed(0, 0)),
    "gigantic": ("huge.png", claimed(20_000, 20_000)),
    "no picture": ("words.jpg", b"<!DOCTYPE html><title>404</title>"),
    "nothing": ("empty.png", b""),
    "an extra that is not installed": ("deep.png", deep()),
    "colours of floating point": ("light.tif", saved("TIFF", tiffinfo={339: (3, 3, 3)})),
    "colours for bright screens": ("bright.png", by_numbers(saved("PNG"), 9, 16)),
    "camera raw": ("raw.dng", b"II*\0" + bytes(60)),
    "HEIC, whose extra is not installed": ("shot.heic", HEIC),
}
# A stand-in is drawn without a look at references, of which the head alone is read.
NOT_READ = {("a reference", kind) for kind in ("gigantic", "an extra that is not installed")}


def campaign(card: Callable[..., Card], way: str, name: str, data: bytes) -> Card:
    layer, job = WAYS[way]
    rows = [{"id": "good", "photo": "good.jpg"}, {"id": "odd", "photo": name}, {"id": "last", "photo": "good.jpg"}]
    files = {f"jobs/{name}": data, "jobs/good.jpg": saved("JPEG"), "templates/prompts/x.j2": b"a room"}
    return card({**PICTURE, **layer}, rows=rows, files=files, job=job, layout={"resolution": {"floor": 1, "target": 2}})


def lines(made: Card) -> dict[str, dict[str, Any]]:
    text = (made.root / "runs/latest/assets.jsonl").read_text("utf-8")
    return {line["row"]: line for line in map(json.loads, text.splitlines())}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", FINE)
def test_what_is_odd_is_placed_and_told(card: Callable[..., Card], way: str, kind: str) -> None:
    name, data, code = FINE[kind]
    made = campaign(card, way, name, data)
    assert made.run().code == 0
    notes = json.loads((made.root / "runs/latest/manifest.json").read_text("utf-8")).get("notes", [])
    told = [note for note in notes if code and note["code"] == code]
    assert len(told) == bool(code)
    for note in told:
        assert (name in note["message"], note["row"], note["place"]["line"]) == (True, "odd", 3)
    if "CMYK" not in kind and kind != "one bit" and way != "a reference":
        assert as_the_others(made)


def as_the_others(made: Card) -> bool:
    """Whether the sheet of the odd row shows the same picture as those of the others do."""
    seen = {}
    for row, line in lines(made).items():
        with Image.open(made.root / "runs/latest" / line["path"]) as sheet:
            seen[row] = sheet.convert("L").resize((60, 40))
    extremes = ImageChops.difference(seen["good"], seen["odd"]).getextrema()
    return seen["good"].getextrema() != seen["good"].getpixel((0, 0)) and max(extremes) <= 8


class Telephone:
    """What the library for HEIC has of a picture."""

    mode, size, stride, info = "RGB", SIZE, 3 * SIZE[0], {"icc_profile": None}
    data = Image.radial_gradient("L").resize(SIZE).convert("RGB").tobytes()


@pytest.mark.parametrize("way", WAYS)
def test_heic_is_taken_whichever_way_it_comes(
    card: Callable[..., Card], monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(pi_heif, "open_heif", lambda file, **how: Telephone())
    made = campaign(card, way, "shot.heic", HEIC)
    assert made.run().code == 0
    assert way == "a reference" or as_the_others(made)


@pytest.mark.parametrize(("way", "kind"), [(way, kind) for way in WAYS for kind in BAD if (way, kind) not in NOT_READ])
def test_what_cannot_be_placed_fails_its_row_alone(
    card: Callable[..., Card], monkeypatch: pytest.MonkeyPatch, way: str, kind: str
) -> None:
    name, data = BAD[kind]
    monkeypatch.setitem(sys.modules, "imagecodecs", None)
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    made = campaign(card, way, name, data)
    assert made.run().code == 1
    [odd, *others] = sorted(lines(made).values(), key=lambda line: line["row"] != "odd")
    assert (odd["row"], odd["status"]) == ("odd", "failed")
    assert [line["status"] for line in others] == ["made", "made"]
    [told] = [one for one in odd["findings"] if one["severity"] == "error"]
    assert name in told["message"]
    if "extra" in kind:
        assert "pip install 'pressrun[" in told["hint"]
    assert (told["row"], bool(told["hint"])) == ("odd", True)
    assert "Traceback" not in told["message"]
    assert (told["place"]["file"], told["place"]["line"]) == ("jobs/rows.csv", 3)


@pytest.mark.parametrize(("way", "kind"), [(way, kind) for way in WAYS for kind in BAD if (way, kind) not in NOT_READ])
def test_check_tells_of_it_before_anything_is_made(
    card: Callable[..., Card], monkeypatch: pytest.MonkeyPatch, way: str, kind: str
) -> None:
    name, data = BAD[kind]
    monkeypatch.setitem(sys.modules, "imagecodecs", None)
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    said = campaign(card, way, name, data).check()
    assert (said.code, any(name in words for _, words in said.findings)) == (1, True)


def test_retouching_files_tells_of_each_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "imagecodecs", None)
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    (tmp_path / "good.jpg").write_bytes(saved("JPEG"))
    for name, data in BAD.values():
        (tmp_path / name).write_bytes(data)
    names = [*(name for name, _ in BAD.values()), "good.jpg"]
    asked = ["retouch", *names, "--steps", "[{type: flip}]", "--to", "out", "--jobs", "1", "--json"]
    said = CliRunner().invoke(cli, asked, standalone_mode=False)
    *bad, good = json.loads(said.stdout)
    assert (said.return_value, good["findings"], good["written"]) == (1, [], "out/good.png")
    for name, answer in zip(names[:-1], bad, strict=True):
        [told] = answer["findings"]
        assert (told["severity"], told["place"]["file"], bool(told["hint"])) == ("error", name, True)
