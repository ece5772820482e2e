"""Lettering in pictures: where lines of any script are, and what those of scripts that are read say."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator

import numpy
from numpy.typing import NDArray
from PIL import Image

from pressrun.graphics.learned import networks, weights
from pressrun.graphics.mattes.patches import patches
from pressrun.model.found_lettering import Lettering
from pressrun.model.learned import Answers, asked_anew

RECIPE = 1
LONGEST = 960  # pixels at which lines are looked for
GRID = 32  # pixels that its sides are multiples of
INKED, LEAST_SURE = 0.3, 0.4
LEAST_HIGH = 4  # pixels of what is found, as it is found
GROWN = 1.6  # lines are found by their core: area over circumference, times this, is missing all round
HIGH, WIDEST = 48, 1600  # pixels of a line, as it is read
HALVES = (0.5, 0.5, 0.5)
MOST_LINES = 40


def lack() -> tuple[str, str] | None:
    """What it would take to find lettering, and is not here."""
    return weights.lack_of(weights.LETTERING) or weights.lack_of(weights.LETTERS)


def said() -> str:
    """For keys and the record."""
    every = "; ".join(weights.said_of(one) for one in (weights.LETTERING, weights.LETTERS))
    return f"{every}, recipe {RECIPE}.{networks.SESSION}"


def found(picture: Image.Image, answers: Answers = asked_anew) -> tuple[Lettering, ...]:
    """The lines in an RGB picture that people would see as lettering, from top to bottom. Raises PictureFailed."""
    return tuple(line for line in every_line(picture, answers) if line.is_plain)


def every_line(picture: Image.Image, answers: Answers = asked_anew) -> tuple[Lettering, ...]:
    """Whatever looks like a line, however unsure."""
    data = answers(networks.answer_key("lettering", picture, said()), functools.partial(_asked, picture))
    return tuple(Lettering(tuple(box), score, words, sure) for box, score, words, sure in json.loads(data))


def _asked(picture: Image.Image) -> bytes:
    lines = sorted(_lines(picture), key=lambda line: (-line[1], line[0]))[:MOST_LINES]
    said = [[*line, *_read(picture, line[0])] for line in sorted(lines, key=lambda line: (line[0][1], line[0][0]))]
    return json.dumps(said, ensure_ascii=False).encode()


def _lines(picture: Image.Image) -> Iterator[tuple[list[float], float]]:
    """Boxes of lines in fractions, and how sure each is."""
    scale = min(1.0, LONGEST / max(picture.size))
    size = _to_grid(picture.width * scale), _to_grid(picture.height * scale)
    planes = networks.planes_of(picture, size, HALVES, HALVES)[:, ::-1]  # it has learned from blue, green, red
    sure = networks.network(weights.read(weights.LETTERING)).answer(numpy.ascontiguousarray(planes))[0][0, 0]
    inked = patches(sure > INKED)
    rows, columns = numpy.indices(sure.shape)
    for number in range(1, len(inked.areas) + 1):
        mine = inked.labels == number
        score = float(sure[mine].mean())
        left, top = int(columns[mine].min()), int(rows[mine].min())
        right, bottom = int(columns[mine].max()) + 1, int(rows[mine].max()) + 1
        if score < LEAST_SURE or min(right - left, bottom - top) < LEAST_HIGH:
            continue
        more = GROWN * (right - left) * (bottom - top) / (2 * (right - left + bottom - top))
        edges = zip((left - more, top - more, right + more, bottom + more), (*size, *size), strict=True)
        yield [round(min(1.0, max(0.0, edge / side)), 3) for edge, side in edges], round(score, 2)


def _to_grid(side: float) -> int:
    return max(GRID, round(side / GRID) * GRID)


def _read(picture: Image.Image, box: list[float]) -> tuple[str, float]:
    """What a line says, and how sure that is."""
    width, height = picture.size
    edges = round(box[0] * width), round(box[1] * height), round(box[2] * width), round(box[3] * height)
    line = picture.crop((edges[0], edges[1], max(edges[0] + 1, edges[2]), max(edges[1] + 1, edges[3])))
    if line.height > 1.5 * line.width:  # a line from top to bottom
        line = line.transpose(Image.Transpose.ROTATE_90)
    across = min(WIDEST, max(HIGH, round(HIGH * line.width / line.height)))
    planes = networks.planes_of(line, (across, HIGH), HALVES, HALVES)[:, ::-1]
    network = networks.network(weights.read(weights.LETTERS))
    chances = network.answer(numpy.ascontiguousarray(planes))[0][0]
    return _spelt(chances, network.notes["character"].split("\n"))


def _spelt(chances: NDArray[numpy.float32], letters: list[str]) -> tuple[str, float]:
    """Letters in their order: one that goes on is one, and between two alike there is a gap (the first)."""
    best, sure = chances.argmax(-1), chances.max(-1)
    every = ["", *letters, *[" "] * (chances.shape[-1] - 1 - len(letters))]
    first = numpy.concatenate([[True], best[1:] != best[:-1]]) & (best > 0)
    words = "".join(every[one] for one in best[first]).strip()
    return words, round(float(sure[first].mean()), 2) if words else 0.0
