"""Every code is read again from what its page looks like, however it stands; the same one in the same place once."""

from __future__ import annotations

from typing import Any

import pytest
from rendering_kit import Press

from pressrun.model.finding import Severity
from pressrun.run.worker import codes_read

PRINT = "page: {trim: [80mm, 60mm], bleed: 3mm, safe: 0}\ntarget: print\nformats: [press-pdf]\nlayers:\n"
SCREEN = "page: {trim: 480px x 360px, safe: 0}\ntarget: screen\nformats: [png]\nlayers:\n"
HERO = "  - {type: image, id: hero, picture: hero, box: {in: bleed}}\n"
BOX = "box: {x: 25%, y: 20%, width: 50%, height: 50%}"
QR = f"  - {{type: code, id: c, value: https://a.example/p/1, {BOX}}}\n"
EAN = f"  - {{type: code, id: c, code: ean-13, value: '400638133393', {BOX}}}\n"
BARS = f"  - {{type: code, id: c, code: code-128, value: AB12, {BOX}}}\n"


def found(press: Press, layout: str, **content: Any) -> list[str]:
    return [code for code in press.render(layout, **content).codes if code == "code-unreadable"]


def with_said(layer: str, said: str) -> str:
    return layer.replace("id: c,", f"id: c, {said},")


@pytest.mark.parametrize("page", [PRINT, SCREEN], ids=["print", "screen"])
@pytest.mark.parametrize("said", [
    "rotate: 90", "rotate: 180", "rotate: -90", "rotate: 17", "flip: horizontal", "flip: both", "opacity: 90%",
    "shadow: soft", "scale: 1.3", "blend: multiply",
])  # fmt: skip
@pytest.mark.parametrize("layer", [QR, EAN, BARS], ids=["qr", "ean", "bars"])
def test_it_is_read_however_it_stands(press: Press, page: str, said: str, layer: str) -> None:
    assert not found(press, page + with_said(layer, said))


@pytest.mark.parametrize("page", [PRINT, SCREEN], ids=["print", "screen"])
@pytest.mark.parametrize(("over", "content"), [
    ("  - {type: shape, fill: paper, box: {x: 30%, y: 15%, width: 20%, height: 60%}}\n", {}),
    ("  - {type: shape, fill: ink, opacity: 80%, box: {x: 30%, y: 15%, width: 20%, height: 60%}}\n", {}),
    ("  - {type: image, id: sticker, picture: hero, box: {x: 30%, y: 15%, width: 24%, height: 60%}}\n",
     {"slots": {"hero": ["dark"]}}),
    ("  - {type: code, id: other, value: elsewhere, box: {x: 28%, y: 15%, width: 40%, height: 60%}}\n", {}),
], ids=["shape", "translucent", "picture", "code"])  # fmt: skip
@pytest.mark.parametrize("layer", [QR, BARS], ids=["qr", "bars"])
def test_what_lies_on_it_is_noticed(
    press: Press, page: str, over: str, content: dict[str, Any], layer: str
) -> None:
    assert found(press, page + layer + over, **content) == ["code-unreadable"]
    assert not found(press, page + layer, **content)


@pytest.mark.parametrize(("picture", "read"), [("light", True), ("quadrants", False)])
def test_a_picture_below_it_shows_through_a_code_without_ground(press: Press, picture: str, read: bool) -> None:
    bare = with_said(QR, "ground: null, color: forest")
    assert found(press, PRINT + HERO + bare, slots={"hero": [picture]}) == ([] if read else ["code-unreadable"])


def test_too_few_pixels_of_a_screen_are_too_few(press: Press) -> None:
    small = SCREEN + f"  - {{type: code, id: c, value: '{'x' * 400}', box: {{width: 90px, height: 90px}}}}\n"
    assert found(press, small) == ["code-unreadable"]
    assert not found(press, small.replace("90px", "300px"))


def test_the_same_code_in_the_same_place_is_read_once(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    reading = codes_read.reading

    def counted(*args: Any, **more: Any) -> tuple[str, ...]:
        read.extend(found := reading(*args, **more))
        return found

    monkeypatch.setattr(codes_read, "reading", counted)
    monkeypatch.setattr(press.bench, "codes_read", codes_read.CodesRead())
    page = PRINT + QR + "  - {type: text, id: t, text: Words, size: 12pt, color: ink, box: {y: 50mm, height: 8mm}}\n"
    for words in ("one", "two", "three"):
        press.render(page, layers={"t": {"text": words}})
    assert read == ["https://a.example/p/1"]
    press.render(page, layers={"c": {"value": "another"}})
    press.render(page.replace("x: 25%", "x: 26%"))
    assert read[1:] == ["another", "https://a.example/p/1"]


@pytest.mark.parametrize(("over", "times"), [
    ("", 1), ("  - {type: shape, fill: paper, box: {x: 30%, y: 15%, width: 20%, height: 60%}}\n", 2),
])  # fmt: skip
def test_in_print_it_is_drawn_coarsely_and_finely_only_where_it_is_not_read_so(
    press: Press, monkeypatch: pytest.MonkeyPatch, over: str, times: int
) -> None:
    drawn: list[float] = []
    gray_part = codes_read.export_stage.gray_part

    def counted(*args: Any) -> Any:
        drawn.append(args[-1])
        return gray_part(*args)

    monkeypatch.setattr(codes_read.export_stage, "gray_part", counted)
    monkeypatch.setattr(press.bench, "codes_read", codes_read.CodesRead())
    press.render(PRINT + QR + over)
    assert len(drawn) == times
    assert drawn[0] < codes_read.DENSITY / 2, "three pixels to a module"
    assert drawn[1:] == [codes_read.DENSITY] * (times - 1)


@pytest.mark.parametrize(("kind", "color", "ground", "told"), [
    ("ean-13", "flame", "paper", True), ("ean-13", "forest", "paper", False), ("ean-13", "ink", "flame", False),
    ("ean-13", "flame", "null", True), ("qr", "flame", "paper", False),
])  # fmt: skip
def test_bars_that_a_red_light_does_not_see_are_told(
    press: Press, kind: str, color: str, ground: str, told: bool
) -> None:
    """Scanners of bars have a red light, to which orange is white; telephones have none."""
    said = f"code: {kind}, value: '4006381333931', color: {color}, ground: {ground}, quiet: 11"
    layer = f"  - {{type: code, id: c, {said}, box: {{x: 20pt, y: 20pt, width: 150pt, height: 100pt}}}}\n"
    page = f"page: {{trim: 200pt x 200pt}}\ntarget: print\nformats: [press-pdf]\nlayers:\n{layer}"
    found = [one["message"] for one in press.render(page).facts["findings"] if one["code"] == "code-contrast"]
    assert any("red light" in message for message in found) is told


@pytest.mark.parametrize(("correction", "size", "severity"), [
    ("L", 14, None), ("L", 20, Severity.WARNING), ("H", 26, None), ("H", 30, Severity.WARNING),
    ("H", 38, Severity.ERROR),
])  # fmt: skip
def test_a_logo_leaves_half_of_what_correction_makes_up_for(
    press: Press, correction: str, size: int, severity: Severity | None
) -> None:
    """Of a short code little is data, and a logo hides more of that than of the whole."""
    layer = with_said(QR, f"error_correction: {correction}, logo: default, logo_size: {size}%")
    found = press.render(PRINT + layer).facts["findings"]
    told = [one["severity"] for one in found if one["code"] == "code-logo-too-large"]
    assert told == ([severity] if severity else [])
