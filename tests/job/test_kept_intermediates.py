"""`run --keep` leaves what each sheet was on its way to its files."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pikepdf
from job_campaign import Campaign, Ended, digests
from PIL import Image

Here = Callable[..., Ended]


def picture(path: Path) -> Image.Image:
    return Image.open(io.BytesIO(path.read_bytes()))


def test_each_sheet_leaves_what_it_was_and_its_files_are_the_same(warm: Campaign, here: Here, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    before = warm.assets()
    ended = here(warm, "run", "--keep", str(kept), "--only", "product.sku == 'MUG'", "--json")
    assert ended.code == 0
    assert {asset["status"] for asset in warm.lines()} == {"reused"}
    assert warm.assets().items() <= before.items()
    folders = {path.parent.relative_to(kept).as_posix() for path in kept.rglob("sheet.json")}
    assert folders == {f"MUG/{locale}/{layout}" for locale in ("en-GB", "de-DE") for layout in ("post", "card")}
    card = kept / "MUG/en-GB/card"
    told = json.loads((card / "sheet.json").read_text("utf-8"))
    assert told["row"] == "MUG/en-GB"
    assert [mark["layer"] for mark in told["sheet"]["marks"]] == ["scene", "headline", "price"]
    assert told["contrasts"].keys() == {"headline", "price"}
    assert picture(card / "plate-cmyk.jpg").mode == "CMYK"
    with pikepdf.open(io.BytesIO((card / "overlay.pdf").read_bytes())) as overlay:
        assert len(overlay.pages) == 1
    post = kept / "MUG/en-GB/post"
    assert picture(post / "plate.png").size == (120, 120)
    assert not (post / "plate-cmyk.jpg").exists()


def test_what_is_made_is_the_same_with_and_without(finished: Campaign, fresh: Campaign, here: Here, tmp_path: Path) -> None:
    only = ("--only", "product.sku == 'MUG'")
    assert here(fresh, "run", "--keep", str(tmp_path / "kept"), *only).code == 0
    assert fresh.assets().items() <= finished.assets().items()
    assert digests(tmp_path / "kept")
