"""Logos that are PNGs: pieces of pixels, chosen by contrast as others are, with enough pixels for their box."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pytest
from PIL import Image, ImageDraw
from rendering_kit import Press, encoded

from pressrun.graphics.svg.artwork import UnusableArtwork, read_artwork

PAGE = """
page: {{trim: 100pt x 100pt}}
target: print
ground: {ground}
formats: [press-pdf, proof-png]
layers:
  - {{type: logo, id: logo, logo: [dark, light], align: end, anchor: top, box: {{x: 10pt, y: 10pt, width: 60pt, height: 20pt}}}}
"""


def drawn(color: str, size: tuple[int, int] = (200, 100)) -> bytes:
    picture = Image.new("RGBA", size)
    ImageDraw.Draw(picture).ellipse((0, 0, size[0] - 1, size[1] - 1), fill=color)
    return encoded(picture)


@pytest.fixture(scope="module")
def pixels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    made = Press(tmp_path_factory.mktemp("pixels"))
    files = {"dark": drawn("#101010"), "light": drawn("#f8f8f8"), "small": drawn("#101010", (20, 10))}
    made.brand.logos.update({name: f"{name}.png" for name in files})
    made.logos.update({name: made.store.put(data) for name, data in files.items()})
    yield made
    for name in files:
        del made.brand.logos[name]
    made.close()


@pytest.mark.parametrize(("ground", "chosen"), [("paper", "dark"), ("ink", "light")])
def test_the_version_that_stands_out_is_laid_on(pixels: Press, ground: str, chosen: str) -> None:
    made = pixels.render(PAGE.format(ground=ground))
    assert made.choices["logo"] == chosen
    assert made.codes == []
    with pikepdf.open(io.BytesIO(made.files["press-pdf"])) as pdf:
        (picture,) = [one for one in pdf.pages[0].obj.Resources.XObject.values() if "/SMask" in one]
        assert picture.ColorSpace == "/DeviceCMYK"
    seen = made.picture("proof-png").convert("L")
    middle, left = (seen.getpixel((round(x * seen.width / 100), round(20 * seen.width / 100))) for x in (50, 20))
    assert isinstance(middle, int)
    assert isinstance(left, int)
    assert (middle < 80) == (chosen == "dark"), "at the end of its box"
    assert (left > 200) == (ground == "paper")


def test_too_few_pixels_are_told(pixels: Press) -> None:
    made = pixels.render(PAGE.format(ground="paper").replace("[dark, light]", "small"))
    assert made.codes == ["resolution-below-floor"]


def test_what_is_no_logo() -> None:
    for data in (drawn("#101010")[:40], encoded(Image.new("RGBA", (8, 8)))):
        with pytest.raises(UnusableArtwork):
            read_artwork(data)
    assert read_artwork(drawn("#102030")).color == "#102030"
