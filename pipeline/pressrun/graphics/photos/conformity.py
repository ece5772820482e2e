"""What a picture is like: its colours against a palette, how calm a part of it is, and what is wrong with its pixels.
All of it on reductions of fixed sizes, so that a large picture takes hardly longer than a small one."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from pressrun.graphics.color.ciede2000 import distances, paired, to_lab
from pressrun.graphics.photos.photo import decoded
from pressrun.model.calm_area import Part
from pressrun.model.conformance import PictureMeasures

RECIPE = 3  # raised when the same picture is measured otherwise
COLORS, STRUCTURE, SEEN = 96, 512, 1024  # longest edges in pixels at which colours, structure and sharpness are read
MAIN_COLORS = 5
FAINT = 4  # of 255: what a mark adds
NEAR = 24  # pixels of a reduction, within which all pictures are like themselves
LIKELIEST = 40  # distances that are looked at once more at twice their length
CLEARLY = 5.0  # times: what a mark reaches that nobody overlooks is about 1
UNEASY = 10.0  # of 255: a step between neighbours that catches the eye behind letters
STEP = (2, 24)  # of 255: steps that banding has; larger ones are edges
FLAT_RUN = 5  # pixels without any change on both sides of a step
Luma = NDArray[numpy.int16]


def measured(
    data: bytes, palette: Sequence[str], room: Part, like: float, words: Sequence[tuple[str, Part]] = ()
) -> PictureMeasures:  # fmt: skip
    """The measures of an encoded picture; ``room`` is where copy may stand (empty: nowhere), ``words`` the parts where
    it does, by layout, in place of that. ``like`` is the distance (CIEDE2000) up to which a colour is like one of the
    ``palette`` (#RRGGBB). Raises what Pillow does."""
    picture = _on_white(decoded(data).image)
    tiny = _reduced(picture, COLORS)
    lab, shares = _lab_of(tiny)
    nearest = distances(lab, _lab(palette)).min(1)
    main, main_shares = _main_colors(tiny)
    grey = picture.convert("L")
    luma, small = numpy.asarray(grey, numpy.int16), _reduced(grey, STRUCTURE)
    crowded = _crowded(small, words)
    return PictureMeasures(
        palette=_round((shares * (nearest <= like)).sum()),
        distance=_round((distances(_lab(main), _lab(palette)).min(1) * main_shares).sum(), 2),
        dominant=tuple(zip(main, map(_round, main_shares), strict=True)),
        busy=max((share for _, share in crowded), default=None) if crowded else _busy(small, room),
        spread=_round(float(numpy.asarray(small).std()), 2),
        sharpness=_sharpness(_reduced(grey, SEEN)),
        banding=_banding(luma),
        compression=_blocks(luma),
        repetition=_repetition(small),
        outline=_outline(small),
        look=_look(lab, shares),
        crowded=crowded,
    )


def drift(edited: bytes, original: bytes, mask: bytes) -> float:
    """How far (CIEDE2000, in the mean) an edit moved the pixels that its mask, opaque there, keeps."""
    with Image.open(io.BytesIO(mask)) as opened:
        kept = opened.convert("RGBA").getchannel("A")
    kept.thumbnail((256, 256))
    size = kept.size
    pictures = (_on_white(decoded(one).image) for one in (original, edited))
    pair = [numpy.asarray(one.resize(size, Image.Resampling.BOX)) for one in pictures]
    inside = numpy.asarray(kept.filter(ImageFilter.MinFilter(3))) >= 255
    if not inside.any():
        return 0.0
    before, after = (to_lab(pixels[inside] / 255) for pixels in pair)
    return _round(float(paired(before, after).mean()), 2)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def _reduced(picture: Image.Image, longest: int) -> Image.Image:
    factor = max(1, max(picture.size) // longest)
    return picture.reduce(factor) if factor > 1 else picture


def _lab(colors: Sequence[str]) -> NDArray[numpy.float64]:
    return to_lab(numpy.array([list(bytes.fromhex(color[1:])) for color in colors], float) / 255)


def _lab_of(tiny: Image.Image) -> tuple[NDArray[numpy.float64], NDArray[numpy.float64]]:
    """Its colours, each once, with their shares."""
    pixels = numpy.asarray(tiny).reshape(-1, 3) >> 2
    packed = (pixels[:, 0].astype(numpy.int32) << 12) | (pixels[:, 1].astype(numpy.int32) << 6) | pixels[:, 2]
    found, counts = numpy.unique(packed, return_counts=True)
    colors = numpy.stack([found >> 12, (found >> 6) & 63, found & 63], -1)
    return to_lab((colors * 4 + 1.5) / 255), counts / counts.sum()


def _main_colors(tiny: Image.Image) -> tuple[list[str], NDArray[numpy.float64]]:
    quantized = tiny.quantize(MAIN_COLORS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette, counts = quantized.getpalette() or [], quantized.getcolors() or []
    each = ((int(count), bytes(palette[3 * int(at) : 3 * int(at) + 3])) for count, at in counts if isinstance(at, int))
    found = sorted(each, key=lambda one: (-one[0], one[1]))
    shares = numpy.array([count for count, _ in found], float)
    return [f"#{color.hex().upper()}" for _, color in found], shares / shares.sum()


def _crowded(small: Image.Image, words: Sequence[tuple[str, Part]]) -> tuple[tuple[str, float], ...]:
    """The uneasiest place of each layout's words."""
    worst: dict[str, float] = {}
    for layout, part in words:
        if (share := _busy(small, part)) is not None:
            worst[layout] = max(worst.get(layout, 0.0), share)
    return tuple(worst.items())


def _busy(small: Image.Image, room: Part) -> float | None:
    """The share of a part's tiles of 4 x 4 pixels in which a step catches the eye."""
    width, height = small.size
    box = (int(room[0] * width), int(room[1] * height), round(room[2] * width), round(room[3] * height))
    if box[2] - box[0] < 8 or box[3] - box[1] < 8:
        return None
    part = small.crop(box)
    values = numpy.asarray(part.filter(ImageFilter.BoxBlur(1)), numpy.int16)
    steps = numpy.maximum(abs(values[2:, 2:] - values[2:, :-2]), abs(values[2:, 2:] - values[:-2, 2:]))
    rows, columns = (edge // 4 for edge in steps.shape)
    tiles = steps[: 4 * rows, : 4 * columns].reshape(rows, 4, columns, 4)
    return _round(float((tiles.max((1, 3)) > UNEASY).mean()))


def _sharpness(seen: Image.Image) -> float:
    """The spread of second differences in the sharpest twentieth of its tiles."""
    values = numpy.asarray(seen, numpy.int16)
    second = 4 * values[1:-1, 1:-1] - values[:-2, 1:-1] - values[2:, 1:-1] - values[1:-1, :-2] - values[1:-1, 2:]
    down, across = (edge // 32 * 32 for edge in second.shape)
    if not down or not across:
        return _round(float(second.std()) if second.size else 0.0, 2)
    tiles = second[:down, :across].reshape(down // 32, 32, across // 32, 32).astype(numpy.float32)
    squares = numpy.einsum("aibj,aibj->ab", tiles, tiles) / 1024
    return _round(float(numpy.sqrt(numpy.percentile(squares, 95))), 2)


def _banding(luma: Luma) -> float:
    """The share of a picture's rows and columns that is flat runs parted by small steps: a smooth ramp of eight bits
    goes by steps of one."""
    return _round(max(_banded(luma[::4]), _banded(luma[:, ::4].T)))


def _banded(lines: Luma) -> float:
    steps = numpy.diff(lines, axis=1)
    if steps.shape[1] < 4 * FLAT_RUN:
        return 0.0
    size = numpy.abs(steps)
    flat = numpy.cumsum(size == 0, axis=1, dtype=numpy.int32)
    before = flat[:, FLAT_RUN - 1 : -FLAT_RUN - 1] - numpy.pad(flat, ((0, 0), (1, 0)))[:, : -2 * FLAT_RUN - 1]
    after = flat[:, 2 * FLAT_RUN :] - flat[:, FLAT_RUN:-FLAT_RUN]
    middle = size[:, FLAT_RUN:-FLAT_RUN]
    return float(((middle >= STEP[0]) & (middle <= STEP[1]) & (before == FLAT_RUN) & (after == FLAT_RUN)).mean())


def _blocks(luma: Luma) -> float:
    """How much more pixels differ across the edges of blocks of eight than within them."""
    found = []
    for values in (luma[::2], luma[:, ::2].T):
        size = numpy.abs(numpy.diff(values, axis=1)).clip(0, 24).mean(0)  # real edges count no more than small ones
        at = numpy.arange(len(size)) % 8 == 7
        if at.any() and not at.all():
            found.append((size[at].mean() + 0.25) / (size[~at].mean() + 0.25))
    return _round(float(min(found)) if found else 1.0, 2)


def _repetition(small: Image.Image) -> float:
    """How alike a picture's fine structure is to itself at some distance, and again at twice that, as a mark is that is
    laid over it in rows.

    Frequencies count by their amplitudes: by their energies, a few strong edges drown a faint mark. Of 24 pictures that
    scikit-image and scikit-learn carry, none reaches 0.09; under a text in five ways (close or wide, straight or
    turned, large, in black), of 120 marked so, 37 % do at an opacity of 0.05, 59 % at 0.12, 79 % at 0.3 and 83 % at
    0.5. Those that are missed have few marks, or a grain of their own."""
    side = 512
    if min(small.size) < side // 4:  # an icon, in which nothing is far apart
        return 0.0
    fine = small.resize((side, side), Image.Resampling.BOX)
    values = numpy.asarray(fine, numpy.float32) - numpy.asarray(fine.filter(ImageFilter.BoxBlur(3)), numpy.float32)
    values = values.clip(-FAINT, FAINT)  # a mark is faint everywhere; what stands out is what is shown
    if float(numpy.square(values).mean()) < 0.5:  # next to nothing to repeat
        return 0.0
    alike = numpy.fft.irfft2(numpy.abs(numpy.fft.rfft2(values)), (side, side))
    alike = alike / alike[0, 0]
    around = numpy.pad(alike, 9, mode="wrap").cumsum(0).cumsum(1)
    means = (around[18:, 18:] - around[:-18, 18:] - around[18:, :-18] + around[:-18, :-18]) / 18**2
    alike = alike - means[:side, :side]  # a texture is alike to its neighbourhood, a mark to its repetition alone
    alike[:NEAR, :NEAR] = alike[-NEAR:, :NEAR] = alike[:NEAR, -NEAR:] = alike[-NEAR:, -NEAR:] = 0
    down, across = divmod(numpy.argpartition(alike, -LIKELIEST, axis=None)[-LIKELIEST:], side)
    again = alike[2 * down % side, 2 * across % side]
    best = float(numpy.minimum(alike[down, across], 2 * again).max())
    return _round(min(1.0, CLEARLY * max(0.0, best)))


def _outline(small: Image.Image) -> str:
    """Whether it grows lighter to the right, in 8 x 8 places (difference hash)."""
    grey = numpy.asarray(small.resize((9, 8), Image.Resampling.BOX), numpy.int16)
    bits = (numpy.diff(grey, axis=1) > 0).ravel()
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def _look(lab: NDArray[numpy.float64], shares: NDArray[numpy.float64]) -> tuple[float, ...]:
    means = (lab * shares[:, None]).sum(0)
    contrast = float(numpy.sqrt((shares * (lab[:, 0] - means[0]) ** 2).sum()))
    chroma = float((numpy.hypot(lab[:, 1], lab[:, 2]) * shares).sum())
    return tuple(_round(part, 2) for part in (means[0], contrast, means[1], means[2], chroma))


def _round(value: float, digits: int = 4) -> float:
    return round(float(value), digits)
