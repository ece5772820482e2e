"""Faces in pictures."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from typing import Any

import numpy
from numpy.typing import NDArray
from PIL import Image

from pressrun.graphics.learned import networks, weights
from pressrun.model.learned import Answers, asked_anew

RECIPE = 1
LONGEST = 1024  # pixels at which faces are looked for
GRID = 32  # pixels that its sides are multiples of
CELL = 4  # pixels between two answers
SURE, ALIKE = 0.5, 0.3
Box = tuple[float, float, float, float]

# Its graph takes pictures of 32 by 32, ten at once, and says so four bytes a side: `dim {dim_value}`. With an empty
# `denotation` in place of the value, which takes as many bytes, a side may be of any length.
SIDES = (10, 3, 32, 32), (10, 1, 8, 8), (10, 2, 8, 8), (10, 10, 8, 8)


def lack() -> tuple[str, str] | None:
    """What it would take to find faces, and is not here."""
    return weights.lack_of(weights.FACES)


def said() -> str:
    """For keys and the record."""
    return f"{weights.said_of(weights.FACES)}, recipe {RECIPE}.{networks.SESSION}"


def faces(picture: Image.Image, answers: Answers = asked_anew) -> tuple[Box, ...]:
    """The boxes of faces in an RGB picture, from the surest: left, top, right, lower edge in fractions. Raises
    PictureFailed."""
    data = answers(networks.answer_key("faces", picture, said()), functools.partial(_asked, picture))
    return tuple((left, top, right, bottom) for left, top, right, bottom in json.loads(data))


def _asked(picture: Image.Image) -> bytes:
    scale = min(1.0, LONGEST / max(picture.size))
    width, height = (max(GRID, round(side * scale / GRID) * GRID) for side in picture.size)
    planes = networks.planes_of(picture, (width, height), (0.0, 0.0, 0.0), (1 / 255, 1 / 255, 1 / 255))
    found = _decoded(networks.network(_opened(weights.read(weights.FACES))).answer(planes))
    found = (found / [width, height, width, height]).clip(0, 1).round(3)
    return json.dumps(found.tolist()).encode()


def _opened(data: bytes) -> bytes:
    for sides in SIDES:
        closed = b"".join(bytes([0x0A, 2, 0x08, side]) for side in sides)
        data = data.replace(closed, bytes([0x0A, 2, 0x1A, 0]) * len(sides))
    return data


def _decoded(answer: Sequence[NDArray[Any]]) -> NDArray[numpy.float64]:
    """Boxes in pixels, from the surest; of those that mostly cover each other the surest."""
    heat, size, offset = (part[0].astype(numpy.float64) for part in answer[:3])
    rows, columns = numpy.nonzero(heat[0] > SURE)
    order = numpy.argsort(-heat[0, rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    high, wide = (numpy.exp(size[axis, rows, columns]) * CELL for axis in (0, 1))
    down, across = (offset[axis, rows, columns] for axis in (0, 1))
    left = (columns + across + 0.5) * CELL - wide / 2
    top = (rows + down + 0.5) * CELL - high / 2
    boxes = numpy.stack([left, top, left + wide, top + high], -1)
    kept: list[int] = []
    for number in range(len(boxes)):
        if all(_shared(boxes[number], boxes[other]) < ALIKE for other in kept):
            kept.append(number)
    return boxes[kept].reshape(-1, 4)


def _shared(one: NDArray[numpy.float64], other: NDArray[numpy.float64]) -> float:
    sides = (numpy.minimum(one[2:], other[2:]) - numpy.maximum(one[:2], other[:2])).clip(0)
    both = float(sides[0] * sides[1])
    areas = [float((box[2] - box[0]) * (box[3] - box[1])) for box in (one, other)]
    return both / (sum(areas) - both)
