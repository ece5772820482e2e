"""Whatever a row's picture is: it is placed, with or without a note, or its row fails alone with file and row named."""

from __future__ import annotations

import io
import json
import struct
import sys
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from one_card import Card
from PIL import Image

SIZE = (600, 400)
PICTURE = {"type": "image", "id": "p", "box": {"in": "bleed"}}
SLOT = {"prompt": "x.j2", "references": ["{{ row.photo }}"], "masters": {"one": {"size": "600x400"}}}
WAYS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a row's own file": ({"file": "{{ row.photo }}"}, {}),
    "the library": ({"picture": "p"}, {"pictures": {"p": SLOT}, "provider": {"type": "library"}}),
    "a reference": ({"picture": "p"}, {"pictures": {"p": SLOT}}),
}


def saved(kind: str, mode: str = "RGB", **how: Any) -> bytes:
    out = io.BytesIO()
    picture = Image.radial_gradient("L").resize(SIZE)
    (Image.merge("CMYK", [picture] * 4) if mode == "CMYK" else picture.convert(mode)).save(out, kind, **how)
    return out.getvalue()


def claimed(width: int, height: int) -> bytes:
    data = bytearray(saved("PNG"))
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return bytes(data)


def deep() -> bytes:
    """Colours of 16 bits, written by hand."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + bytes(range(256)) * 12) * 400)
    head = struct.pack(">IIBBBBB", 512, 400, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


FINE: dict[str, tuple[str, bytes, str]] = {
    "one bit": ("bit.png", saved("PNG", "1"), ""),
    "a palette": ("few.png", saved("PNG", "P"), ""),
    "animated": ("moves.webp", saved("WEBP", save_all=True, append_images=[Image.new("RGB", SIZE)]), "several-pictures"),
    "CMYK without profile": ("inks.jpg", saved("JPEG", "CMYK"), "no-profile"),
    "wrong ending": ("jpeg.png", saved("JPEG", quality=50), "wrong-ending"),
}
BAD: dict[str, tuple[str, bytes]] = {
    "truncated PNG": ("cut.png", saved("PNG")[:2000]),
    "truncated JPEG": ("cut.jpg", saved("JPEG")[:2000]),
    "zero-sized": ("nought.png", claimed(0, 0)),
    "gigantic": ("huge.png", claimed(20_000, 20_000)),
    "no picture": ("words.jpg", b"<!DOCTYPE html><title>404</title>"),
    "nothing": ("empty.png", b""),
    "an extra that is not installed": ("deep.png", deep()),
    "camera raw": ("raw.dng", b"II*\0" + bytes(60)),
}
# A stand-in is drawn without a look at references, of which the head alone is read.
NOT_READ = {("a reference", kind) for kind in ("truncated PNG", "truncated JPEG", "gigantic", "an extra that is not installed")}


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


@pytest.mark.parametrize(("way", "kind"), [(way, kind) for way in WAYS for kind in BAD if (way, kind) not in NOT_READ])
def test_what_cannot_be_placed_fails_its_row_alone(
    card: Callable[..., Card], monkeypatch: pytest.MonkeyPatch, way: str, kind: str
) -> None:
    name, data = BAD[kind]
    monkeypatch.setitem(sys.modules, "imagecodecs", None)
    made = campaign(card, way, name, data)
    assert made.run().code == 1
    [odd, *others] = sorted(lines(made).values(), key=lambda line: line["row"] != "odd")
    assert (odd["row"], odd["status"]) == ("odd", "failed")
    assert [line["status"] for line in others] == ["made", "made"]
    [told] = [one for one in odd["findings"] if one["severity"] == "error"]
    assert name in told["message"]
    assert told["row"] == "odd"
    assert "Traceback" not in told["message"]
    if kind not in ("truncated PNG", "truncated JPEG"):  # of these the library learns when it takes them
        assert (told["place"]["file"], told["place"]["line"]) == ("jobs/rows.csv", 3)
