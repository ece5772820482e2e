"""What each place shows of its picture, told by the plan before anything is made or paid again."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from job_campaign import Campaign, Ended

Here = Callable[..., Ended]


def test_the_plan_tells_the_crops_that_a_run_makes(warm: Campaign, here: Here) -> None:
    made = {
        (line["row"], line["layout"], crop["layer"], crop["picture"]): tuple(crop["box"])
        for line in warm.lines()
        for crop in line["crops"]
    }
    told = here(warm, "plan", "--crops", "--json")
    assert told.code == 0
    planned = {
        (one["row"], one["layout"], one["layer"], one["sha256"]): tuple(one["box"])
        for one in told.json
        if one["box"] != [0, 0, 1, 1]
    }
    assert planned == made
    assert len(planned) > 1


def test_a_new_place_of_a_picture_that_exists_is_told_before_it_is_made(warm: Campaign, here: Here) -> None:
    layout = warm.root / "templates/layouts/post.yaml"
    layout.write_text(
        "page: {trim: 400px x 100px}\ntarget: screen\nformats: [png]\nresolution: {floor: 1, target: 2}\nlayers:\n"
        "  - {type: image, id: wide, picture: hero, box: {in: bleed}, focus: [50%, 0%]}\n",
        encoding="utf-8",
    )
    [*_, runs] = sorted((warm.root / "runs").iterdir())
    told = here(warm, "plan", "--crops", "--json")
    wide = [one for one in told.json if one["layer"] == "wide"]
    assert wide
    for one in wide:
        x, y, width, height = one["box"]
        assert one["sha256"]
        assert (x, y, width) == (0, 0, 1)
        assert height * one["size"][1] == pytest.approx(one["size"][0] / 4, abs=1)
    text = here(warm, "plan", "--crops").out
    assert "post, wide: " in text
    assert "from 0 % to " in text
    assert [*sorted((warm.root / "runs").iterdir())][-1] == runs, "nothing is made"


def test_pictures_to_come_are_told_as_such(fresh: Campaign, here: Here) -> None:
    assert {one["sha256"] for one in here(fresh, "plan", "--crops", "--json").json if one["take"]} == {None}
    assert "to come" in here(fresh, "plan", "--crops").out


def test_crops_are_drawn_on_the_pictures_that_exist(warm: Campaign, here: Here) -> None:
    assert here(warm, "plan", "--crops-page", "crops.html").code == 0
    page = (warm.root / "crops.html").read_text("utf-8")
    assert page.count('class="shown"') == page.count("data:image/jpeg;base64,/9j/") > 1
    ended = here(warm, "plan", "--crops-page", "nowhere/crops.html")
    assert ended.code != 0
    assert "Traceback" not in ended.err
    assert "nowhere" in ended.err


def test_a_page_of_crops_is_written_whole_or_not_at_all(
    warm: Campaign, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = warm.root / "crops.html"
    page.write_text("the page of yesterday", "utf-8")
    works = {name: getattr(Path, name) for name in ("write_text", "write_bytes")}

    def half(name: str, path: Path, data: Any, *said: Any, **how: Any) -> int:
        if "crops.html" not in path.name:
            return int(works[name](path, data, *said, **how))
        works[name](path, data[:100], *said, **how)
        raise OSError(errno.ENOSPC, "No space left on device")

    for name in works:
        monkeypatch.setattr(Path, name, lambda path, data, *said, name=name, **how: half(name, path, data, *said, **how))
    ended = here(warm, "plan", "--crops-page", "crops.html")
    assert ended.code == 2
    assert "the disk is full" in ended.err
    assert page.read_bytes() == b"the page of yesterday"
