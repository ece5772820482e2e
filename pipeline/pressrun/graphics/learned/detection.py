"""Where a picture is to be looked at, as detectors see it: the box of its faces, or of its subject."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy
from PIL import Image

from pressrun.graphics.learned import faces, subjects
from pressrun.graphics.mattes.matting import enlarged
from pressrun.graphics.mattes.patches import patches
from pressrun.model.learned import Answers, Detector
from pressrun.model.step import Box

RECIPE = 2
COARSE = 64  # what is found is told in so many parts of a side: a digit in the last place changes no crop
HEAD = (0.35, 0.6, 0.35, 0.25)  # of a face's width and height: what of the head is around it
SEEN_AT = 0.5
LONGEST = 200  # pixels at which a subject's box is told


def lack_of(detect: Sequence[Detector]) -> tuple[str, str] | None:
    """What it would take to detect these, and is not here."""
    lacks = {"faces": faces.lack, "saliency": subjects.lack}
    return next((lack for one in detect if (lack := lacks[one]())), None)


def said(detect: Sequence[Detector]) -> tuple[str, ...]:
    """For keys and the record: in the order in which they are asked."""
    return tuple(faces.said() if one == "faces" else subjects.said(None) for one in detect)


def detected(picture: Image.Image, detect: Sequence[Detector], answers: Answers) -> tuple[Box, Detector] | None:
    """The box of what the first of these detectors finds that finds anything, outwards to 1/64 of the sides, in
    fractions, and which of them that is. Raises PictureFailed."""
    picture = picture.convert("RGB")
    ask = {"faces": _heads, "saliency": _subject}
    found = ((ask[one](picture, answers), one) for one in detect)
    return next(((_coarsely(box), one) for box, one in found if box), None)


def _heads(picture: Image.Image, answers: Answers) -> Box | None:
    """All faces, each with its head."""
    heads = []
    for left, top, right, bottom in faces.faces(picture, answers):
        width, height = right - left, bottom - top
        more = HEAD[0] * width, HEAD[1] * height, HEAD[2] * width, HEAD[3] * height
        heads.append((left - more[0], top - more[1], right + more[2], bottom + more[3]))
    if not heads:
        return None
    lefts, tops, rights, bottoms = zip(*heads, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _subject(picture: Image.Image, answers: Answers) -> Box | None:
    """The largest part of what belongs to the subject."""
    scale = LONGEST / max(picture.size)
    size = max(1, round(scale * picture.width)), max(1, round(scale * picture.height))
    parts = patches(enlarged(subjects.subject_map(picture, answers), size) > SEEN_AT)
    if not len(parts.areas):
        return None
    rows, columns = numpy.nonzero(parts.labels == parts.areas.argmax() + 1)
    return (
        int(columns.min()) / size[0], int(rows.min()) / size[1],
        (int(columns.max()) + 1) / size[0], (int(rows.max()) + 1) / size[1],
    )  # fmt: skip


def _coarsely(box: Box) -> Box:
    left, top = (max(0, math.floor(edge * COARSE)) / COARSE for edge in box[:2])
    right, bottom = (min(COARSE, math.ceil(edge * COARSE)) / COARSE for edge in box[2:])
    return left, top, right, bottom
