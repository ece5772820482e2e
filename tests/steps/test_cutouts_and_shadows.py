"""Cutouts of drawn subjects whose outline is known to a fraction of a pixel, and the shadows they lay."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
from PIL import Image, ImageDraw
from steps_kit import done, is_near, made, numbers, pattern, step

from pressrun.graphics.drawn.outlined import rounded
from pressrun.graphics.mattes.patches import patches
from pressrun.model.errors import PictureFailed
from pressrun.model.step import point_now

SIZE = (240, 180)


def disc(radius: float = 60.0, at: tuple[float, float] = (120.0, 90.0)) -> numpy.ndarray:
    """How much of each pixel a disc covers."""
    x, y = numpy.meshgrid(numpy.arange(SIZE[0]) + 0.5, numpy.arange(SIZE[1]) + 0.5)
    return (radius - numpy.hypot(x - at[0], y - at[1]) + 0.5).clip(0, 1)


def on_ground(
    cover: numpy.ndarray, color: Any = (190, 40, 30), ground: Any = (244, 244, 240), falloff: float = 0.0
) -> Image.Image:
    x, y = numpy.meshgrid(numpy.linspace(-1, 1, SIZE[0]), numpy.linspace(-1, 1, SIZE[1]))
    paper = numpy.array(ground, float) - falloff * (x * x + y * y)[..., None]
    mixed = cover[..., None] * numpy.array(color, float) + (1 - cover[..., None]) * paper
    return Image.fromarray(numpy.rint(mixed).astype(numpy.uint8))


def alpha(picture: Image.Image) -> numpy.ndarray:
    assert picture.mode == "RGBA"
    return numbers(picture.getchannel("A")) / 255


@pytest.mark.parametrize("falloff", [0.0, 20.0])
@pytest.mark.parametrize("color", [(190, 40, 30), (20, 60, 140), (90, 160, 60)])
def test_a_subject_is_taken_from_its_ground_with_its_own_colour(color: Any, falloff: float) -> None:
    shown = done(on_ground(disc(), color, falloff=falloff), step(type="cutout", by="ground"))
    cut = made(on_ground(disc(), color, falloff=falloff), step(type="cutout", by="ground"))
    assert shown.findings == ()
    assert abs(alpha(cut) - disc()).max() < 0.06
    both = numpy.minimum(alpha(cut) > 0.5, disc() > 0.5).sum() / numpy.maximum(alpha(cut) > 0.5, disc() > 0.5).sum()
    assert both > 0.995
    edge = (alpha(cut) > 0.3) & (alpha(cut) < 0.95)
    assert abs(numbers(cut)[..., :3][edge] - numpy.array(color)).max() <= 12  # nothing of the paper is left in it


def test_holes_are_seen_through_from_a_size_on_and_white_in_a_subject_stays() -> None:
    ring = disc() * (1 - disc(12)) * (1 - disc(2.5, (150, 90)))
    wide, none = (made(on_ground(ring), step(type="cutout", by="ground", holes=holes)) for holes in (0.002, 0))
    assert alpha(wide)[90, 120] == 0
    assert alpha(wide)[90, 150] == 1
    assert alpha(none)[90, 120] == 1


def with_a_shadow() -> Image.Image:
    x, y = numpy.meshgrid(numpy.arange(SIZE[0]), numpy.arange(SIZE[1]))
    dark = 0.55 * numpy.exp(-(((x - 150) / 45) ** 2) - ((y - 135) / 16) ** 2)
    paper = numpy.array((244.0, 244, 240)) * (1 - dark[..., None])
    mixed = disc()[..., None] * numpy.array((190, 40, 30)) + (1 - disc()[..., None]) * paper
    noise = numpy.random.default_rng(2).normal(0, 1.2, paper.shape)
    return Image.fromarray(numpy.rint(mixed + noise).clip(0, 255).astype(numpy.uint8))


def test_a_shadow_may_go_along_as_what_it_takes_of_the_light() -> None:
    """On paper it looks as it did, on another ground nothing of that paper is left."""
    picture = with_a_shadow()
    shown = done(picture, step(type="cutout", shadows="see-through"))
    assert not shown.findings
    cut = made(picture, step(type="cutout", shadows="see-through"))
    assert abs(alpha(cut)[disc() == 1] - 1).max() < 0.02
    again = Image.new("RGBA", cut.size, (244, 244, 240))
    again.alpha_composite(cut)
    off = abs(numbers(again.convert("RGB")) - numbers(picture)).max(-1)
    assert off.mean() < 2.5
    assert numpy.percentile(off, 99.5) < 20
    shade = (disc() == 0) & (alpha(cut) > 0.02)
    assert shade.sum() > 2000
    assert numbers(cut)[..., :3][shade & (disc(64) == 0)].max() == 0
    trimmed = made(picture, step(type="cutout", shadows="see-through", trim=True))
    assert trimmed.width > 140, "the shadow's"


def test_a_shadow_on_the_ground_is_left_behind_where_that_is_asked_for() -> None:
    picture = with_a_shadow()
    keep, drop = (step(type="cutout", shadows=how) for how in ("keep", "drop"))
    [told] = done(picture, keep).findings
    assert (told.code, "shadows: drop" in (told.hint or "")) == ("doubtful-cutout", True)
    assert not done(picture, drop).findings
    kept, dropped = (alpha(made(picture, how)) for how in (keep, drop))
    beside = disc() == 0
    assert kept[beside].sum() > 2000
    assert dropped[beside].sum() < kept[beside].sum() / 20
    assert abs(dropped - disc()).mean() < 0.004


def test_islands_are_left_out_and_one_part_may_be_kept() -> None:
    two = numpy.maximum(numpy.maximum(disc(40), disc(25, (200, 40))), disc(2, (20, 20)))
    for keep, seen in (("all", (1, 1, 0)), ("largest", (1, 0, 0))):
        cut = alpha(made(on_ground(two), step(type="cutout", by="ground", islands=0.001, keep=keep)))
        assert (cut[90, 120], cut[40, 200], cut[20, 20]) == seen


def test_a_picture_is_trimmed_and_its_points_go_along() -> None:
    shown = done(on_ground(disc()), step(type="cutout", trim=True))
    cut = made(on_ground(disc()), step(type="cutout", trim=True))
    assert (cut.width, cut.height) == (pytest.approx(121, abs=2), pytest.approx(121, abs=2))
    assert point_now((0.5, 0.5), shown.moved) == pytest.approx((0.5, 0.5), abs=0.01)


def test_a_feather_goes_inwards() -> None:
    hard, soft = (alpha(made(on_ground(disc()), step(type="cutout", feather=feather))) for feather in (0, 6))
    assert (soft <= hard).all()
    assert soft[90, 120] == 1
    assert 0.05 < soft[90, 62] < 0.9


def test_the_pictures_own_alpha_is_taken_and_cleaned() -> None:
    cover = numpy.maximum(disc(50), 0.999 * disc(2, (20, 20))) * (1 - disc(1.5, (100, 90)))
    own = pattern("RGB", SIZE)
    own.putalpha(Image.fromarray(numpy.rint(255 * cover).astype(numpy.uint8)))
    cut = made(own, step(type="cutout"))
    assert alpha(cut)[20, 20] == 0
    assert alpha(cut)[90, 100] == 1
    assert abs(alpha(cut) - disc(50)).max() < 0.02
    assert is_near(cut.convert("RGB"), own.convert("RGB"))
    with pytest.raises(PictureFailed, match="transparency"):
        made(pattern(), step(type="cutout", by="alpha"))


def busy() -> Image.Image:
    return Image.fromarray(numpy.random.default_rng(5).integers(0, 256, (180, 240, 3), numpy.uint8))


def faint() -> Image.Image:
    own = pattern("RGB", SIZE)
    own.putalpha(Image.new("L", SIZE, 120))
    return own


@pytest.mark.parametrize(
    ("picture", "doubtful"),
    [
        (on_ground(disc()), False),
        (on_ground(disc(), color=(226, 228, 224)), True),  # white on white
        (on_ground(disc(2)), True),  # next to nothing
        (busy(), True),
        (faint(), True),
    ],
)
def test_a_doubtful_cutout_is_told(picture: Image.Image, doubtful: bool) -> None:
    codes = [finding.code for finding in done(picture, step(type="cutout")).findings]
    assert codes == (["doubtful-cutout"] if doubtful else [])


@pytest.mark.parametrize("kind", ["cutout", "upscale"])
def test_what_is_learned_is_never_replaced_by_something_else(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    lack = step(type=kind, by="learned", **({"factor": 2} if kind == "upscale" else {})).lack()
    assert lack is not None
    assert lack[1].startswith("pip install ")


def test_patches_hang_together_by_their_sides() -> None:
    mask = numpy.array([[1, 0, 1, 1], [1, 1, 1, 0], [0, 0, 0, 1], [1, 0, 1, 1]], bool)
    found = patches(mask)
    assert sorted(found.areas.tolist()) == [1, 3, 6]
    assert len(set(found.labels[mask].tolist())) == 3
    assert (found.labels > 0).tolist() == mask.tolist()
    assert patches(numpy.zeros((3, 3), bool)).areas.tolist() == []


# ---------------------------------------------------------------------------------------------------------- shadows


def block() -> Image.Image:
    """A block of 40 x 60 that stands in the middle."""
    picture = Image.new("RGBA", (200, 160), (0, 0, 0, 0))
    picture.paste((200, 60, 40, 255), (80, 60, 120, 120))
    return picture


@pytest.mark.parametrize(
    ("direction", "across", "down"), [(0, 1, -0.06), (45, 0.707, 0.354), (90, 0, 0.5), (180, -1, -0.06), (270, 0, -0.5)]
)
def test_a_cast_shadow_lies_where_the_light_does_not(direction: float, across: float, down: float) -> None:
    """Without softness it is the outline, sheared: a corner 60 pixels up falls 60 times as far as one that is 1 up."""
    how = step(type="shadow", kind="cast", direction=direction, length=1, softness=0, strength=1)
    shown = done(block(), how)
    picture = made(block(), how)
    width, height = picture.size
    foot = point_now((100 / 200, 120 / 160), shown.moved)
    x, y = foot[0] * width, foot[1] * height
    dark = numbers(picture)
    shadow = (dark[..., 3] > 128) & (dark[..., 0] < 100)
    if direction == 270:
        assert not shadow.any()  # it lies behind the block
        return
    assert shadow[int(y + 30 * down), int(x + 30 * across)]
    rows, columns = numpy.nonzero(shadow)
    reach = [columns.max() + 1 - x, columns.min() - x]
    assert max(reach, key=abs) == pytest.approx(60 * across + (20 if across > 0 else -20), abs=3) or across == 0
    if down > 0:
        assert rows.max() + 1 - y == pytest.approx(60 * down, abs=2)


def test_a_shadow_grows_the_picture_and_leaves_the_subject() -> None:
    shown = made(block(), step(type="shadow", kind="both", direction=20, length=3, color="leaf"))
    assert shown.width > 200
    subject = numbers(shown)[(numbers(shown)[..., :3] == (200, 60, 40)).all(-1)]
    assert len(subject) == 40 * 60
    tinted = numbers(shown)[(numbers(shown)[..., 3] > 30) & (numbers(shown)[..., 0] < 100)]
    assert abs(tinted[:, :3] - (0x2E, 0x8B, 0x57)).max() <= 4


def test_a_contact_shadow_is_dark_where_the_subject_stands() -> None:
    shown = numbers(made(block(), step(type="shadow", kind="contact", strength=0.5)))
    under, beside, above = shown[121, 100, 3], shown[121, 20, 3], shown[50, 100, 3]
    assert under > 60
    assert beside == above == 0


def test_under_a_round_foot_a_contact_shadow_is_round() -> None:
    """It hugs the lower edge, and leaves off where that rises: a ball stood on a bar."""
    ball = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    ImageDraw.Draw(ball).ellipse((50, 50, 250, 250), fill=(40, 80, 160, 255))
    under = numbers(made(ball, step(type="shadow", kind="contact", strength=1.0)))[:, :, 3]

    def shade(x: int) -> int:
        return int(under[252, x])

    assert shade(150) > 120
    assert shade(150) > shade(190) + 40
    assert shade(80) == shade(220) == 0


@pytest.mark.parametrize("picture", [pattern("RGB"), Image.new("RGBA", (9, 9)), Image.new("RGBA", (9, 9), "red")])
def test_only_a_cutout_lays_a_shadow(picture: Image.Image) -> None:
    with pytest.raises(PictureFailed, match="cut-out"):
        made(picture, step(type="shadow"))


def test_rounded_boxes_cover_what_they_cover() -> None:
    assert numpy.asarray(rounded((4, 4), 0)).min() == 255
