"""Photographs of twice the size, as a network draws them: what it has learned of edges and textures, none of it new."""

from __future__ import annotations

import functools
import io
import tempfile
from pathlib import Path
from typing import Any

import numpy
from PIL import Image

from pressrun.graphics.learned import networks, weights
from pressrun.model.errors import PictureFailed
from pressrun.model.learned import Answers, asked_anew

RECIPE = 1
AROUND = 7  # pixels around a tile that it looks at
TILE = 192  # pixels to a side of what is done at once: memory does not grow with the picture
LAYERS = """7767517
8 8
Input input 0 1 in 0=156 1=156 2=3
Convolution 1 1 1 in a 0=16 1=3 5=1 6=432 9=2 -23310=1,0.1
Convolution 2 1 1 a b 0=32 1=3 5=1 6=4608 9=2 -23310=1,0.1
Convolution 3 1 1 b c 0=64 1=3 5=1 6=18432 9=2 -23310=1,0.1
Convolution 4 1 1 c d 0=128 1=3 5=1 6=73728 9=2 -23310=1,0.1
Convolution 5 1 1 d e 0=128 1=3 5=1 6=147456 9=2 -23310=1,0.1
Convolution 6 1 1 e f 0=256 1=3 5=1 6=294912 9=2 -23310=1,0.1
Deconvolution 7 1 1 f out 0=3 1=4 3=2 4=3 5=1 6=12288
"""


def lack() -> tuple[str, str] | None:
    """What it would take to double photographs, and is not here."""
    return weights.lack_of(weights.ENLARGING)


def said() -> str:
    """For keys and the record."""
    return f"{weights.said_of(weights.ENLARGING)}, recipe {RECIPE}"


def doubled(picture: Image.Image, answers: Answers = asked_anew) -> Image.Image:
    """An RGB picture twice as wide and as high. Raises PictureFailed."""
    data = answers(networks.answer_key("doubled", picture, said()), functools.partial(_asked, picture))
    with Image.open(io.BytesIO(data)) as kept:
        return kept.convert("RGB")


def _asked(picture: Image.Image) -> bytes:
    net = _net(weights.read(weights.ENLARGING))
    shown = numpy.divide(numpy.asarray(picture), 255, dtype=numpy.float32)
    room = numpy.pad(shown, ((AROUND, AROUND), (AROUND, AROUND), (0, 0)), mode="edge")
    height, width = shown.shape[:2]
    large = numpy.empty((2 * height, 2 * width, 3), numpy.uint8)
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            down, across = min(TILE, height - top), min(TILE, width - left)
            part = room[top : top + down + 2 * AROUND, left : left + across + 2 * AROUND]
            tile = _answer(net, numpy.ascontiguousarray(part.transpose(2, 0, 1)))
            if tile.shape != (3, 2 * down, 2 * across):
                raise PictureFailed(f"the network answers {tile.shape}, and not twice {across} x {down}")
            seen = numpy.rint(255 * tile.clip(0, 1)).astype(numpy.uint8).transpose(1, 2, 0)
            large[2 * top : 2 * (top + down), 2 * left : 2 * (left + across)] = seen
    out = io.BytesIO()
    Image.fromarray(large).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _answer(net: Any, planes: networks.Planes) -> networks.Planes:
    import ncnn

    asked = ncnn.Mat(planes).clone()  # a Mat keeps no reference to what it was made of
    session = net.create_extractor()
    session.input("in", asked)
    _, answer = session.extract("out")
    return numpy.array(answer)


@functools.lru_cache(maxsize=1)
def _net(data: bytes) -> Any:
    import ncnn

    net = ncnn.Net()
    net.opt.use_vulkan_compute = False
    net.opt.num_threads = 1
    net.opt.use_fp16_storage = net.opt.use_fp16_packed = net.opt.use_fp16_arithmetic = False
    net.opt.use_bf16_storage = False
    with tempfile.TemporaryDirectory(prefix="pressrun-network-") as folder:
        layers, values = Path(folder) / "layers", Path(folder) / "values"
        layers.write_text(LAYERS, encoding="ascii")
        values.write_bytes(data)
        if net.load_param(str(layers)) or net.load_model(str(values)):
            raise PictureFailed("ncnn cannot open the network", weights.ENLARGING.install)
    return net
