"""Which part of a picture stays in sight: by the layout, by the row, else by its own stage."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rendering_kit import Press

from pressrun.layers.image import ImageLayer, focus_in
from pressrun.model.sheet import PictureMark

PAGE = """
page: {{trim: 100pt x 50pt}}
target: screen
formats: [png]
layers:
  - {{type: image, id: hero, picture: hero, {focus}}}
"""


def crop(press: Press, focus: str, said: str | None = None) -> Any:
    content = {"layers": {"hero": {"focus": said}}} if said is not None else {}
    sheet, findings = press.compose(PAGE.format(focus=focus), slots={"hero": ["quadrants"]}, **content)
    if findings:
        return [finding.code for finding in findings]
    (mark,) = sheet.marks
    assert isinstance(mark, PictureMark)
    return mark.crop


@pytest.mark.parametrize(
    ("said", "top"),
    [("50% 0%", 0.0), ("50% 100%", 0.5), ("0.5, 0.5", 0.25), ("0% 50% 100% 50%", 0.5), ("", 0.5), ("auto", 0.5)],
)
def test_a_row_says_it(press: Press, said: str, top: float) -> None:
    assert crop(press, 'focus: "{{ focus }}"', said) == pytest.approx((0, top, 1, 0.5))


@pytest.mark.parametrize(
    ("focus", "top"), [("focus: [50%, 0%]", 0.0), ("focus: 50% 100%", 0.5), ("focus: auto", 0.5), ("fit: cover", 0.5)]
)
def test_a_layout_says_it(press: Press, focus: str, top: float) -> None:
    assert crop(press, focus) == pytest.approx((0, top, 1, 0.5))


@pytest.mark.parametrize("said", ["left", "50%", "50% 50% 50%", "150% 0%", "-1% 0%", "50px 20px", "nan nan"])
def test_what_is_no_focus(press: Press, said: str) -> None:
    assert crop(press, 'focus: "{{ focus }}"', said) == ["bad-focus"]
    with pytest.raises(ValueError, match="focus"):
        ImageLayer.model_validate({"type": "image", "picture": "hero", "focus": said})


@given(*[st.integers(0, 100)] * 2)
def test_a_point_is_what_it_says(x: int, y: int) -> None:
    assert focus_in(f"{x}% {y}%") == pytest.approx((x / 100, y / 100))
