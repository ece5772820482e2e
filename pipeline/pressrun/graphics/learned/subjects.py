"""What a picture is about, as a network sees it: a coarse map of the subject."""

from __future__ import annotations

import functools
import hashlib
import io

import numpy
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image

from pressrun.graphics.learned import networks, weights
from pressrun.model.errors import PictureFailed
from pressrun.model.learned import Answers

RECIPE = 1
Three = tuple[float, float, float]
IMAGENET_MEAN: Three = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION: Three = (0.229, 0.224, 0.225)
CLEAR = 0.5  # a map that has no more than that anywhere shows no subject, and is not stretched


class OwnNetwork(Struct, frozen=True):
    """A network of one's own: its file's bytes, the width and height at which it looks, and how colours from 0 to 1 are
    brought to what it has learned from."""

    data: bytes
    size: tuple[int, int]
    mean: Three
    deviation: Three

    def fault(self) -> str | None:
        """Why it cannot be used: it must take one picture of three colours in this size, and answer a map of it."""
        try:
            opened = networks.Network(self.data, optimised=False)
        except PictureFailed as error:
            return error.message
        inputs, (width, height) = opened.inputs, self.size
        if len(inputs) != 1:
            return f"it takes {len(inputs)} inputs ({', '.join(name for name, _ in inputs)}), and a picture is one"
        shape = inputs[0][1]
        wanted = (1, 3, height, width)
        fits = len(shape) == 4 and all(
            side in (said, None) or isinstance(said, str) for side, said in zip(wanted, shape, strict=True)
        )
        if not fits:
            sides = " x ".join(map(str, shape))
            return f"it takes {sides}, and not 1 x 3 x {height} x {width} (pictures, colours, height, width)"
        return None


def lack() -> tuple[str, str] | None:
    """What it would take to find subjects, and is not here."""
    return weights.lack_of(weights.SUBJECTS)


def said(own: str | None) -> str:
    """For keys and the record; ``own`` is the name of a file of one's own."""
    runs = f"recipe {RECIPE}.{networks.SESSION}"
    if own is None:
        return f"{weights.said_of(weights.SUBJECTS)}, {runs}"
    return f"{own}, {weights.version_of(weights.ONNX)}, {runs}"


def subject_map(picture: Image.Image, answers: Answers, own: OwnNetwork | None = None) -> NDArray[numpy.float32]:
    """How much each part of an RGB picture belongs to its subject, from 0 to 1, as coarse as the network sees it.
    Raises PictureFailed."""
    if own is None:
        known, ask = said(None), functools.partial(_asked, picture)
    else:
        facts = f"{hashlib.sha256(own.data).hexdigest()} {own.size} {own.mean} {own.deviation}"
        known, ask = f"{facts} {said('')}", functools.partial(_asked_own, picture, own)
    data = answers(networks.answer_key("subject", picture, known), ask)
    with Image.open(io.BytesIO(data)) as kept:
        found: NDArray[numpy.float32] = numpy.divide(numpy.asarray(kept), 255, dtype=numpy.float32)
        return found


def _asked(picture: Image.Image) -> bytes:
    network = networks.network(weights.read(weights.SUBJECTS))
    planes = networks.planes_of(picture, (320, 320), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
    brightest = float(planes.max()) or 1.0
    mean, deviation = (numpy.array(one, numpy.float32)[:, None, None] for one in (IMAGENET_MEAN, IMAGENET_DEVIATION))
    return _kept(network.answer((planes / brightest - mean) / deviation)[0])


def _asked_own(picture: Image.Image, own: OwnNetwork) -> bytes:
    planes = networks.planes_of(picture, own.size, own.mean, own.deviation)
    return _kept(networks.network(own.data).answer(planes)[0])


def _kept(answer: NDArray[numpy.float32]) -> bytes:
    """An answer in 256 steps: what differs between processors in the last digits is the same then, nearly always."""
    values = numpy.asarray(answer, numpy.float32)
    if values.ndim < 2 or values.size != values.shape[-1] * values.shape[-2] or not numpy.isfinite(values).all():
        sides = " x ".join(map(str, values.shape))
        raise PictureFailed(f"the network answers no map of one subject, but {sides}", "name a network of that kind")
    values = values.reshape(values.shape[-2:])
    if values.min() < -0.01 or values.max() > 1.01:  # as it comes before it is squeezed
        values = 1 / (1 + numpy.exp(-values.clip(-50, 50)))
    if values.max() > CLEAR:
        values = (values - values.min()) / (values.max() - values.min())
    out = io.BytesIO()
    Image.fromarray(numpy.rint(255 * values.clip(0, 1)).astype(numpy.uint8)).save(out, "PNG")
    return out.getvalue()
