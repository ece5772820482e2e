"""Networks as ONNX Runtime runs them: on the processor, in one thread, so that the same input has the same answer."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from typing import Any

import numpy
from numpy.typing import NDArray
from PIL import Image

from pressrun.model.errors import PictureFailed

Planes = NDArray[numpy.float32]  # pictures, colours, rows, columns
SESSION = 1  # raised when options of sessions change
QUIET = 4  # only what is fatal is told, by an exception


class Network:
    """One file's network. A worker keeps those that it used last."""

    def __init__(self, data: bytes, optimised: bool = True) -> None:
        """Raises PictureFailed for what is no network."""
        import onnxruntime as runtime

        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = QUIET
        levels = runtime.GraphOptimizationLevel
        options.graph_optimization_level = levels.ORT_ENABLE_ALL if optimised else levels.ORT_DISABLE_ALL
        try:
            self._session = runtime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime raises many kinds, none of them ours to name
            said = " ".join(str(error).split())[:200]
            raise PictureFailed(f"it is no network that ONNX Runtime can run: {said}") from error

    @property
    def inputs(self) -> list[tuple[str, list[Any]]]:
        """Names and shapes of what it takes; a side that may be of any length has no number."""
        return [(one.name, list(one.shape)) for one in self._session.get_inputs()]

    @property
    def notes(self) -> dict[str, str]:
        """What its maker wrote into the file."""
        return dict(self._session.get_modelmeta().custom_metadata_map)

    def answer(self, planes: Planes) -> Sequence[NDArray[Any]]:
        """Everything that it says of a picture. Raises PictureFailed."""
        try:
            answers: Sequence[NDArray[Any]] = self._session.run(None, {self.inputs[0][0]: planes})
        except Exception as error:
            raise PictureFailed(f"the network failed: {' '.join(str(error).split())[:200]}") from error
        return answers


@functools.lru_cache(maxsize=3)
def network(data: bytes) -> Network:
    """The network of a file's bytes, opened once."""
    return Network(data)


def planes_of(
    picture: Image.Image, size: tuple[int, int], mean: Sequence[float], deviation: Sequence[float]
) -> Planes:  # fmt: skip
    """A picture as networks take it: of this size, colours from 0 to 1 less their mean, divided by their deviation."""
    small = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    values = numpy.asarray(small).astype(numpy.float32) / 255
    values = (values - numpy.array(mean, numpy.float32)) / numpy.array(deviation, numpy.float32)
    planes: Planes = numpy.ascontiguousarray(values.transpose(2, 0, 1)[None])
    return planes


def answer_key(kind: str, picture: Image.Image, *parts: str) -> str:
    """What an answer is kept under: the picture's pixels, and all that the answer depends on."""
    pixels = hashlib.sha256(picture.tobytes()).hexdigest()
    every = (kind, str(SESSION), picture.mode, repr(picture.size), pixels, *parts)
    return hashlib.sha256("\0".join(every).encode()).hexdigest()
