"""The most ink that a press takes on one spot: pictures are brought down to it."""

from __future__ import annotations

import functools

import numpy
from PIL import Image

from pressrun.graphics.color.color_distance import color_distance
from pressrun.graphics.color.inks import PressProfile, to_cmyk, to_srgb
from pressrun.model.rendering import InkLimit

STRIP = 256  # rows that are reckoned at once
TOLERANCE = 2.55  # of 255 an ink: a profile for a limit goes over it by as much as it rounds
STEPS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)  # of the gray taken from the colours, how much comes back as black
GRID = 33  # levels of each light, of which it is found out what is nearest
TOLD = 256  # colours of a picture that are compared
Levels = numpy.ndarray  # of inks, 0 to 255


def limited(
    picture: Image.Image, alpha: Image.Image | None, profile: PressProfile, digest: str
) -> tuple[Image.Image, InkLimit | None]:
    """A picture in CMYK with no more ink than its profile takes where it shows, and what became of it, if anything did.
    What is within the limit stays as it is; else colours go down by one factor, which keeps their hue, and black up for
    the gray that they lose."""
    bound, share = profile.total_ink * 2.55, None
    changed: list[tuple[Levels, Levels]] = []
    for top in range(0, picture.height, STRIP):
        box = 0, top, picture.width, min(picture.height, top + STRIP)
        levels = numpy.asarray(picture.crop(box))
        over = levels.sum(axis=2, dtype=numpy.uint16) > bound + TOLERANCE
        if alpha:
            over &= numpy.asarray(alpha.crop(box)) > 0
        if not over.any():
            continue
        if share is None:
            share, picture = _black_share(profile), picture.copy()
        lowered, before = levels.copy(), levels[over]
        lowered[over] = _lowered(before, bound, share)
        picture.paste(Image.fromarray(lowered, "CMYK"), box)
        changed.append((before, lowered[over]))
    return picture, _told(changed, profile, digest) if changed else None


def _lowered(levels: Levels, bound: float, share: float) -> Levels:
    colors, black = levels[:, :3].astype(numpy.float32), levels[:, 3].astype(numpy.float32)
    total, gray = colors.sum(axis=1), colors.min(axis=1)
    taken = (total + black - bound) / (total - share * gray)
    black = numpy.minimum(255.0, numpy.floor(black + share * taken * gray))
    colors *= ((bound - black) / total).clip(0, 1)[:, None]
    return numpy.column_stack([numpy.floor(colors), black]).astype(numpy.uint8)


def goes_over(profile: PressProfile) -> bool:
    """Whether a profile makes more ink of any colour than its printing condition takes."""
    return len(_made_over(profile)) > 0


@functools.lru_cache(maxsize=16)
def _made_over(profile: PressProfile) -> Levels:
    """What a profile makes of colours all over, where that is more than it takes."""
    steps = numpy.linspace(0, 255, GRID).round().astype(numpy.uint8)
    lights = numpy.stack(numpy.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    levels: Levels = numpy.asarray(to_cmyk(Image.fromarray(lights, "RGB"), profile))[0]
    over: Levels = levels[levels.sum(axis=1, dtype=numpy.uint16) > profile.total_ink * 2.55 + TOLERANCE]
    return over


@functools.lru_cache(maxsize=16)
def _black_share(profile: PressProfile) -> float:
    """The share of black by which what a profile makes changes least: in the mean of all colours over the limit."""
    over = _made_over(profile)
    if not len(over):
        return 1.0
    some = over[:: max(1, len(over) // TOLD)]
    means = [sum(_distances(some, _lowered(some, profile.total_ink * 2.55, step), profile)) for step in STEPS]
    return STEPS[means.index(min(means))]


def _distances(before: Levels, now: Levels, profile: PressProfile) -> list[float]:
    """CIEDE2000 between what inks look like on paper, of each pair."""
    looks = (["#{:02X}{:02X}{:02X}".format(*one) for one in _seen(levels, profile)] for levels in (before, now))
    return [color_distance(one, other) for one, other in zip(*looks, strict=True)]


def _seen(levels: Levels, profile: PressProfile) -> Levels:
    """As it looks on paper, in sRGB."""
    seen: Levels = numpy.asarray(to_srgb(Image.fromarray(levels[None], "CMYK"), profile))[0]
    return seen


def _told(changed: list[tuple[Levels, Levels]], profile: PressProfile, digest: str) -> InkLimit:
    before, now = (numpy.concatenate(parts) for parts in zip(*changed, strict=True))
    sums = before.sum(axis=1, dtype=numpy.uint16)
    some = numpy.unique([*range(0, len(before), max(1, len(before) // TOLD)), int(sums.argmax())])
    distances = _distances(before[some], now[some], profile)
    mean, worst = sum(distances) / len(distances), max(distances)
    return InkLimit(digest, round(float(sums.max()) / 2.55, 1), round(mean, 1), round(worst, 1))
