"""What is left out of a picture's file, and what is not as it says, is told with file and row whichever way it came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from one_card import Card
from picture_ways import PICTURE, SIZE, SLOT, WAYS, saved
from PIL import Image
from unmarked_jpeg import unmarked

from pressrun.graphics.color.inks import load_profile
from pressrun.model.finding import Finding
from pressrun.model.settings import Settings
from pressrun.run.planned_job import prepare


def several() -> bytes:
    return saved("TIFF", save_all=True, append_images=[Image.new("RGB", SIZE, "white")])


def with_gain_map() -> bytes:
    xmp = b'<x xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"/>'
    return saved("JPEG", xmp=xmp)


FILES = {
    "inks.jpg": (saved("JPEG", "CMYK"), "no-profile"),
    "bare.jpg": (
        unmarked(Image.merge("CMYK", [Image.linear_gradient("L").resize(SIZE)] * 4), icc_profile=load_profile("fogra39-300", Path()).data), "unmarked-inks"
    ),
    "wrong.png": (saved("JPEG"), "wrong-ending"),
    "many.tif": (several(), "several-pictures"),
    "bright.jpg": (with_gain_map(), "gain-map"),
    "plain.jpg": (saved("JPEG"), ""),
}
ROWS = [{"id": f"row{number}", "photo": name} for number, name in enumerate(FILES, start=1)]
EVERY_WAY = {
    **WAYS,
    "what exists": ({"picture": "p"}, {"pictures": {"p": {**SLOT, "references": []}}, "existing": "library.csv"}),
}


def planned(card: Card) -> list[Finding]:
    prepared = prepare(card.root / "jobs/job.yaml", Settings(inline=True))
    prepared.doors.journal.close()
    return [one for one in prepared.plan.findings if one.code in {code for _, code in FILES.values()}]


def campaign(card: Callable[..., Card], way: str, rows: list[Mapping[str, str]]) -> Card:
    layer, job = EVERY_WAY[way]
    kinds = [FILES[row["photo"].split("-")[-1]][0] for row in rows]
    files = {f"jobs/{row['photo']}": data + bytes(at) for at, (row, data) in enumerate(zip(rows, kinds, strict=True))}
    existing = "\n".join(["path,row,slot", *(f"{row['photo']},{row['id']},p" for row in rows)])
    files |= {"templates/prompts/x.j2": b"a room", "jobs/library.csv": existing.encode()}
    return card({**PICTURE, **layer}, rows=rows, files=files, job=job)


@pytest.mark.parametrize("way", EVERY_WAY)
def test_what_is_left_out_of_a_file_is_told_with_file_and_row(card: Callable[..., Card], way: str) -> None:
    made = campaign(card, way, ROWS)
    told = planned(made)
    table = "jobs/library.csv" if way == "what exists" else "jobs/rows.csv"
    expected = [(code, f"{table}:{line}") for line, (_, code) in enumerate(FILES.values(), start=2) if code]
    assert sorted((one.code, str(one.place)) for one in told) == sorted(expected)
    for one in told:
        assert one.severity == "note"
        assert next(name for name, (_, code) in FILES.items() if code == one.code) in one.message
    if way != "what exists":
        assert {one.row for one in told} == {"row1", "row2", "row3", "row4", "row5"}
    assert made.run().code == 0
    manifest = (made.root / "runs/latest/manifest.json").read_text("utf-8")
    assert all(code in manifest for _, code in FILES.values())


def test_a_file_that_the_layout_names_is_told_once_whatever_rows_there_are(card: Callable[..., Card]) -> None:
    files = {"jobs/inks.jpg": FILES["inks.jpg"][0]}
    [told] = planned(card({**PICTURE, "file": "inks.jpg"}, rows=ROWS, files=files))
    assert (told.code, str(told.place).split(":")[0]) == ("no-profile", "templates/layouts/card.yaml")


@pytest.mark.parametrize("way", EVERY_WAY)
def test_of_many_files_a_few_are_told_and_the_rest_counted(card: Callable[..., Card], way: str) -> None:
    rows = [{"id": f"row{number}", "photo": f"{number}-inks.jpg"} for number in range(14)]
    told = planned(campaign(card, way, rows))
    assert len(told) == 11
    assert told[-1].message == "4 more like this"
