"""Pictures have no more ink than the brand's printing condition takes; what that changes is told."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import force_setattr, replace
from PIL import Image
from rendering_kit import PROFILE, Press, encoded
from test_gradients import page, plates

from pressrun import plate
from pressrun.graphics.color import ink_limit
from pressrun.graphics.color.ink_limit import limited
from pressrun.graphics.color.inks import PressProfile, to_cmyk
from pressrun.graphics.plates.canvas import Canvas
from pressrun.model.geometry import Rect
from pressrun.model.sheet import PictureMark

PICTURE = "  - {type: image, picture: hero, box: {in: bleed}}\n"
LIFTED = "  - {type: text, text: W, color: ink, size: 90pt, box: {height: 90pt}}\n" + PICTURE


def every_light() -> Image.Image:
    steps = numpy.linspace(0, 255, 18).astype(numpy.uint8)
    lights = numpy.stack(numpy.meshgrid(steps, steps, steps), axis=-1)
    return Image.fromarray(lights.reshape(54, 108, 3), "RGB")


def up_to(most: float) -> PressProfile:
    """The press of the tests with another limit."""
    return replace(PROFILE, total_ink=most)


def total(picture: Image.Image) -> numpy.ndarray:
    return numpy.asarray(picture).sum(axis=2, dtype=int) / 2.55


@pytest.mark.parametrize("most", [180, 220, 240, 260, 280])
def test_no_color_has_more_and_what_had_less_is_as_it_was(most: int) -> None:
    before = to_cmyk(every_light(), PROFILE)
    now, told = limited(before, None, up_to(most), "d")
    assert told
    assert told.had == pytest.approx(total(before).max(), abs=0.1)
    assert total(now).max() <= most + 1
    within = total(before) <= most
    assert numpy.array_equal(numpy.asarray(now)[within], numpy.asarray(before)[within])
    colors, lowered = (numpy.asarray(one, float)[~within][:, :3] for one in (before, now))
    shares = [one / numpy.maximum(one.sum(axis=1, keepdims=True), 1) for one in (colors, lowered)]
    assert abs(shares[0] - shares[1])[lowered.sum(axis=1) > 100].max() < 0.02, "one factor for all colours keeps a hue"


def test_a_profile_for_so_much_ink_changes_nothing() -> None:
    before = to_cmyk(every_light(), PROFILE)
    now, told = limited(before, None, up_to(300), "d")
    assert now is before
    assert told is None


def test_what_cannot_be_seen_needs_no_limit() -> None:
    black = to_cmyk(Image.new("RGB", (8, 8)), PROFILE)
    assert limited(black, Image.new("L", (8, 8)), up_to(200), "d")[1] is None
    assert limited(black, Image.new("L", (8, 8), 1), up_to(200), "d")[1]


def test_it_is_nearer_to_the_picture_than_colors_lowered_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = to_cmyk(every_light(), PROFILE)
    _, told = limited(before, None, up_to(240), "d")
    monkeypatch.setattr(ink_limit, "_black_share", lambda profile: 0.0)
    _, alone = limited(before, None, up_to(240), "d")
    assert told
    assert alone
    assert told.mean < 2.2
    assert told.mean <= alone.mean
    assert told.worst < 8


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 4), min_size=1, max_size=40), st.integers(101, 399))
@settings(max_examples=60, deadline=None)
def test_any_inks_are_brought_down(levels: list[tuple[int, int, int, int]], most: int) -> None:
    picture = Image.fromarray(numpy.array([levels], numpy.uint8), "CMYK")
    now, _ = limited(picture, None, up_to(most), "d")
    assert total(now).max() <= most + 1


@pytest.fixture(scope="module")
def sparing(tmp_path_factory: pytest.TempPathFactory) -> Any:
    press = Press(tmp_path_factory.mktemp("press"))
    force_setattr(press.kit, "presses", {name: up_to(240) for name in press.kit.presses})
    yield press
    press.close()


@pytest.mark.parametrize("layers", [PICTURE, LIFTED], ids=["on the plate", "lifted"])
def test_the_press_file_has_no_more_and_the_finding_tells_of_it(
    press: Press, sparing: Press, tool: Any, tmp_path: Path, layers: str
) -> None:
    for one, most in ((press, 283), (sparing, 240)):
        made = one.render(page(layers), slots={"hero": ["dark"]})
        found = plates(made.files["press-pdf"], tool, tmp_path)
        sums = sum(found[name].getpixel((150, 150)) for name in ("Cyan", "Magenta", "Yellow", "Black"))
        assert most - 15 < sums <= most + 2
        told = [one["message"] for one in made.facts["findings"] if one["code"] == "ink-limited"]
        assert len(told) == (most < 283)
        for message in told:
            had, brought, mean, worst = map(float, re.findall(r"\d+(?:\.\d+)?(?= %| from| at the most)", message))
            assert had > brought == most
            assert 0 < mean <= worst < 10, "CIEDE2000"


def test_it_is_in_the_key_of_a_plate_with_pictures(press: Press) -> None:
    sheet, _ = press.compose(page(PICTURE), slots={"hero": ["dark"]})
    keys = {plate.plate_key(sheet, Canvas(72, up_to(most))) for most in (230, 240, 300, 400)}
    assert len(keys) == 3, "where the profile makes no more, nothing is another"


def test_of_a_picture_that_shows_twice_the_heavier_part_is_told(press: Press) -> None:
    half = Image.new("RGB", (40, 20), "#303030")
    half.paste("#000000", (20, 0, 40, 20))
    digest = press.store.put(encoded(half))
    marks = [
        PictureMark("a", Rect(20 * at, 0, 20, 20), digest, "image/png", half.size, (at / 2, 0, 0.5, 1)) for at in (0, 1)
    ]
    sheet, _ = press.compose(page(PICTURE), slots={"hero": ["dark"]})
    force_setattr(sheet, "marks", tuple(marks))
    painted = plate.paint(sheet, Canvas(72, up_to(220)), press.bench.photograph, press.bench.drawn)
    (limit,) = painted.limits.values()
    assert limit.had > 280
    with Image.open(io.BytesIO(press.store.read(digest))) as read:
        assert read.size == (40, 20)
