"""``library``: pictures that exist (photographs, bought art). The row's references are the pictures themselves.

``references: ["photos/{{ product.sku }}.jpg"]`` takes them from a folder, ``["{{ product.photo }}"]`` from a column.
Where a row names several, each master takes the one whose shape is the most like its own.

As a job's provider it has all pictures; a slot with ``source: library`` has its own from there, whoever makes the rest.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from PIL import Image, ImageOps

from pipeline.errors import PictureFailed
from pipeline.model.picture import Picture, PictureRequest, Reference
from pipeline.model.provider import ProviderOptions, ReadReference, shot_identity

UPRIGHT = 1  # Exif's word for a picture that is stored as it is to be seen
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}

SourceType = Literal[
    "digitalCapture", "digitalCreation", "digitalArt", "humanEdits", "minorHumanEdits", "compositeCapture", "composite",
    "negativeFilm", "positiveFilm", "print", "virtualRecording", "computationalCapture", "algorithmicMedia",
    "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "dataDrivenMedia", "screenCapture",
]  # fmt: skip


class LibraryProvider(ProviderOptions):
    """The entry in the job: ``provider: {type: library}``. ``source_type`` is IPTC's word for where they come from."""

    READS_REFERENCES: ClassVar[bool] = True

    type: Literal["library"] = "library"
    source_type: SourceType = "digitalCapture"
    choose: Literal["shape", "first"] = "shape"

    def identity(self, request: PictureRequest) -> Mapping[str, Any]:
        """Which pictures there are to choose from, and for which shape: no word of the prompt shows."""
        said = {"recipe": self.RECIPE, "source_type": self.source_type, "choose": self.choose}
        return {**shot_identity(request), **said}

    def generate(self, request: PictureRequest, read: ReadReference) -> Picture:
        if not request.references:
            hint = 'name it in the row, and write references: ["{{ product.photo }}"] in the job'
            raise PictureFailed("the library has no picture for this row", hint)
        looked_at = [_Candidate(one, read(one.digest)) for one in request.references]
        best = looked_at[0] if self.choose == "first" else min(looked_at, key=lambda one: one.unlike(request.size))
        data, media_type = best.upright()
        facts = (("file", best.reference.name), ("file_sha256", best.reference.digest))
        return Picture(data, media_type, best.size, self.source_type, 0.0, facts)


class _Candidate:
    """A file of the library: its size as it is to be seen, and its bytes."""

    def __init__(self, reference: Reference, data: bytes) -> None:
        self.reference, self.data = reference, data
        try:
            with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as picture:
                self.kind = picture.format or ""
                self.turn = int(picture.getexif().get(0x0112, UPRIGHT))
                self.size = picture.size if self.turn < 5 else (picture.height, picture.width)
        except Exception as error:  # Pillow's decoders raise many kinds
            raise PictureFailed(f"{reference.name} is no PNG, JPEG or WebP", "save it as one of these") from error

    def unlike(self, size: tuple[int, int]) -> float:
        """How far its shape is from another: 0 for the same, the same for twice as wide and half as wide."""
        return abs(math.log(self.size[0] * size[1] / (self.size[1] * size[0])))

    def upright(self) -> tuple[bytes, str]:
        """Its bytes as they are; a picture that a camera stored lying down is turned and saved again, as sharp."""
        if self.turn not in range(2, 9):
            return self.data, FORMATS[self.kind]
        with Image.open(io.BytesIO(self.data)) as opened:
            turned = ImageOps.exif_transpose(opened)
            out = io.BytesIO()
            kept = {"icc_profile": opened.info["icc_profile"]} if opened.info.get("icc_profile") else {}
            quality = {"quality": 95, "subsampling": 0} if self.kind == "JPEG" else {}
            turned.save(out, self.kind, exif=turned.getexif(), **kept, **quality)
        return out.getvalue(), FORMATS[self.kind]
