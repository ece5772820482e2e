"""Which logos are lost where a ground has a colour of theirs, and on how much of it they have to be."""

from __future__ import annotations

import pytest
from rendering_kit import Press
from small_layouts import SCREEN, slots

from pressrun.graphics.svg.artwork import read_artwork
from pressrun.graphics.svg.logo_parts import seen_by

WINE, CREAM = (107, 18, 41), (251, 247, 239)
DISC = '<circle cx="50" cy="50" r="50" fill="#6B1229"/>'
BAR = '<rect x="20" y="40" width="60" height="20" fill="#FBF7EF"/>'
RING = (
    '<path fill="#6B1229" fill-rule="evenodd" d="M50 0A50 50 0 1 0 50 100A50 50 0 1 0 50 0Z'
    'M50 14A36 36 0 1 1 50 86A36 36 0 1 1 50 14Z"/>'
)


@pytest.mark.parametrize(("drawing", "color", "is_lost"), [
    (DISC, WINE, True),
    (DISC + BAR, WINE, False),  # the bar is seen
    (DISC + BAR, CREAM, False),  # on the disc, which is
    (RING + BAR, WINE, True),  # the bar is seen, but as a bar alone
    (BAR + '<circle cx="90" cy="20" r="8" fill="#6B1229"/>', WINE, False),  # a point beside it
    (BAR + '<circle cx="90" cy="20" r="8" fill="#6B1229"/>', CREAM, True),
], ids=["one-colour", "disc", "on-a-disc", "ring", "point", "beside-a-point"])  # fmt: skip
def test_a_logo_is_lost_with_what_stands_alone(drawing: str, color: tuple[int, int, int], is_lost: bool) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{drawing}</svg>'
    assert seen_by(read_artwork(svg.encode()), color) == ((color,) if is_lost else ())


def bars(color: str, y: int, keyline: str = "none") -> str:
    """Three letters, as it were."""
    paint = f'fill="{color}" stroke="{keyline}" stroke-width="4"'
    return "".join(f'<path {paint} d="M{x} {y}h20v30h-20z"/>' for x in (10, 40, 70))


O_ON_A_FORM = (
    '<path fill="#FBF7EF" d="M4 4h92v92h-92zM45 45v10h10v-10z"/><path fill="#6B1229" d="M10 10h80v80h-80zM30 30v40h40v-40z"/>'
)


@pytest.mark.parametrize(("drawing", "color", "seen"), [
    (bars("#6B1229", 20, keyline="#FBF7EF"), CREAM, (CREAM, WINE)),
    (bars("#6B1229", 20, keyline="#FBF7EF"), WINE, (WINE, CREAM)),
    (O_ON_A_FORM, CREAM, ()), (O_ON_A_FORM, WINE, ()),
    (bars("#6B1229", 10) + bars("#FBF7EF", 60), WINE, (WINE,)),
], ids=["keyline", "within-a-keyline", "form", "on-a-form", "two-lines"])  # fmt: skip
def test_a_logo_is_seen_by_its_other_colours_too(
    drawing: str, color: tuple[int, int, int], seen: tuple[tuple[int, int, int], ...]
) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{drawing}</svg>'
    assert seen_by(read_artwork(svg.encode()), color) == seen


KEYLINE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path stroke="#FFFFFF" stroke-width="2" fill="#1F3A2E" '
    'd="M3 3h10v14h-10z"/><path stroke="#FFFFFF" stroke-width="2" fill="#1F3A2E" d="M20 3h16v14h-16zM26 8v4h4v-4z"/></svg>'
)
LOGO = "  - {type: logo, logo: reversed, box: {x: 10pt, y: 10pt, width: 40pt, height: 20pt}}\n"
PHOTO = "  - {type: image, id: hero, picture: hero, box: {x: 0, y: 0, width: 60pt, height: 60pt}}\n"
STRIPES = "".join(
    f"  - {{type: shape, fill: ink, box: {{x: {10 + 8 * at}pt, y: 0, width: 4pt, height: 40pt}}}}\n" for at in range(5)
)


@pytest.mark.parametrize(("layout", "severities"), [
    (SCREEN + LOGO, ["error"]), (SCREEN + STRIPES + LOGO, []), (SCREEN + LOGO.replace("reversed", "default"), []),
    (SCREEN + LOGO.replace("reversed", "[default, reversed]"), []),
], ids=["plain", "stripes", "clear", "another-version"])  # fmt: skip
def test_a_logo_is_lost_on_a_plain_ground(press: Press, layout: str, severities: list[str]) -> None:
    found = press.render(layout).facts["findings"]
    assert [one["severity"] for one in found if one["code"] == "logo-contrast"] == severities


@pytest.mark.parametrize(("source", "severity"), [("algorithmicMedia", "warning"), ("digitalCapture", "error")])
def test_a_logo_on_a_stand_in_is_weak_at_most(press: Press, source: str, severity: str) -> None:
    found = press.render(SCREEN + PHOTO + LOGO, **slots("white", source_type=source)).facts["findings"]
    assert [one["severity"] for one in found if one["code"] == "logo-contrast"] == [severity]


@pytest.mark.parametrize("fill", ["paper", "forest"])
def test_a_keyline_hides_no_logo(press: Press, monkeypatch: pytest.MonkeyPatch, fill: str) -> None:
    monkeypatch.setitem(press.logos, "reversed", press.store.put(KEYLINE.encode()))
    ground = f"  - {{type: shape, fill: {fill}, box: {{in: bleed}}}}\n"
    found = press.render(SCREEN + ground + LOGO).facts["findings"]
    assert [one for one in found if one["code"] == "logo-contrast"] == []
