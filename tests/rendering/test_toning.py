"""Pictures in colours of the brand: duotones and tints, on screens and in inks."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from pydantic import ValidationError
from rendering_kit import Press, brand

from pressrun.layers.image import ImageLayer

PAGE = """
page: {{trim: 100pt x 100pt}}
target: {target}
formats: {formats}
layers:
  - {{type: image, id: photo, picture: photo, {keys}}}
"""


def seen(press: Press, keys: str) -> Any:
    """Red, green, blue and white in the quarters of a page for screens, from the upper left on."""
    page = PAGE.format(target="screen", formats="[png]", keys=keys)
    picture = press.render(page, slots={"photo": ["quadrants"]}).picture("png")
    return [picture.getpixel(at) for at in ((20, 20), (110, 20), (20, 110), (110, 110))]


def rgb(name: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(brand().palette[name].srgb[1:]))


def between(dark: str, light: str, gray: int) -> Any:
    ends = zip(rgb(dark), rgb(light), strict=True)
    return pytest.approx([low + (high - low) * gray / 255 for low, high in ends], abs=1.5)


@pytest.mark.parametrize(
    ("keys", "dark", "light"),
    [
        ("duotone: {shadows: forest, lights: sky}", "forest", "sky"),
        ("duotone: {}", "ink", "paper"),
        ("tint: {color: flame}", "flame", "paper"),
    ],
)
def test_grays_become_a_way_between_two_colours(press: Press, keys: str, dark: str, light: str) -> None:
    for color, gray in zip(seen(press, keys), (76, 150, 29, 255), strict=True):  # luma of ITU-R BT.601
        assert color == between(dark, light, gray)


def test_with_less_strength_the_picture_shows_through(press: Press) -> None:
    plain, half, full = (seen(press, keys) for keys in ("opacity: 1", "tint: {color: flame, strength: 50%}", "tint: {color: flame}"))
    for one, middle, other in zip(plain, half, full, strict=True):
        assert middle == pytest.approx([(a + b) / 2 for a, b in zip(one, other, strict=True)], abs=1)


def test_in_print_its_ends_are_the_inks_themselves(press: Press) -> None:
    """On the plate, and as a piece above a text."""
    text = "  - {type: text, text: x, size: 9pt, box: {x: 45pt, y: 45pt, width: 9pt, height: 9pt}}\n"
    for below in ("", text):
        page = PAGE.format(target="print", formats="[press-pdf]", keys="tint: {color: flame}").replace("layers:\n", "layers:\n" + below)
        made = press.render(page, slots={"photo": ["dark"]})
        with pikepdf.open(io.BytesIO(made.files["press-pdf"])) as pdf:
            (picture,) = [one for one in pdf.pages[0].obj.Resources.XObject.values() if one.Subtype == "/Image"]
            inks = pikepdf.PdfImage(picture).as_pil_image().getpixel((100, 100))
        flame, share = brand().palette["flame"].cmyk, 1 - 16 / 255
        if inks[3] > 128:  # as Adobe stores them
            inks = tuple(255 - part for part in inks)
        assert [part / 2.55 for part in inks] == pytest.approx([part * share for part in flame], abs=1.5)


def test_what_it_says_is_checked() -> None:
    both = {"type": "image", "picture": "a", "duotone": {}, "tint": {"color": "ink"}}
    for wrong in (both, {"type": "image", "picture": "a", "tint": {}}, {"type": "image", "picture": "a", "tint": {"color": "ink", "strength": 2}}):
        with pytest.raises(ValidationError):
            ImageLayer.model_validate(wrong)
    layer = ImageLayer.model_validate({"type": "image", "picture": "a", "duotone": {"shadows": "deep"}})
    assert [(name.name, name.path) for name in layer.references() if name.kind == "color"] == [
        ("deep", ("duotone", "shadows")), ("paper", ("duotone", "lights")),
    ]  # fmt: skip
