"""What is known of a finished file: what the manifest says of it. The journal keeps it as JSON, in the form written
here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from pressrun.model.choice import Choice
from pressrun.model.finding import Finding


class FileSize(Struct, frozen=True):
    """``pixels`` are width and height, None for vectors; ``trim_mm`` and ``bleed_mm`` are a printed page's, in
    millimetres, None on screens."""

    pixels: tuple[int, int] | None
    trim_mm: tuple[float, float] | None = None
    bleed_mm: float | None = None
    pages: int = 1

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> FileSize:
        """As it is stored."""
        pixels = (said["width_px"], said["height_px"]) if "width_px" in said else None
        if "trim_mm" not in said:
            return cls(pixels, pages=said.get("pages", 1))
        return cls(pixels, (said["trim_mm"][0], said["trim_mm"][1]), said["bleed_mm"], said["pages"])

    def to_json(self) -> dict[str, Any]:
        """What is stored of it."""
        pixels = {"width_px": self.pixels[0], "height_px": self.pixels[1]} if self.pixels else {}
        if self.trim_mm is None:
            return pixels if self.pages == 1 else {**pixels, "pages": self.pages}
        return {"trim_mm": list(self.trim_mm), "bleed_mm": self.bleed_mm, "pages": self.pages, **pixels}


class TextShown(Struct, frozen=True):
    """A text as it was set: its layer, its size in points, how many lines it took, whether it is too long for its
    box. ``inks`` are the palette colours that marked words have of their own."""

    id: str
    lines: int
    overflow: bool
    size_pt: float
    text: str
    inks: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> TextShown:
        """As it is stored."""
        return cls(**{**said, "inks": tuple(said.get("inks", ()))})

    def to_json(self) -> dict[str, Any]:
        """What is stored of it: no inks where there are none of its own."""
        data = asdict(self)
        if not self.inks:
            del data["inks"]
        return data


class CodeShown(Struct, frozen=True):
    """A code, by its layer, and what it says when it is scanned."""

    id: str
    value: str


class CropShown(Struct, frozen=True):
    """Which part of a picture (by its digest) a layer shows: ``box`` is x, y, width and height in fractions of it."""

    layer: str
    picture: str
    box: tuple[float, float, float, float]

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> CropShown:
        """As it is stored."""
        x, y, width, height = said["box"]
        return cls(said["layer"], said["picture"], (x, y, width, height))


class FileFacts(Struct, frozen=True):
    """``thumb`` is the digest of its thumbnail; ``codes`` is None for files of a time when nobody noted them. ``files``
    counts those of its document, where each page has one."""

    media_type: str
    size: FileSize
    text: tuple[TextShown, ...]
    choices: tuple[Choice, ...]
    findings: tuple[Finding, ...]
    thumb: str
    codes: tuple[CodeShown, ...] | None = ()
    files: int = 1
    crops: tuple[CropShown, ...] = ()

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> FileFacts:
        """As they are stored. Raises LookupError, TypeError or ValueError where they are not."""
        return cls(
            said["media_type"], FileSize.from_json(said["size"]),
            tuple(map(TextShown.from_json, said["text"])), tuple(map(Choice.from_json, said["choices"])),
            tuple(Finding.from_dict(finding) for finding in said["findings"]), said["thumb"],
            tuple(CodeShown(**code) for code in said["codes"]) if "codes" in said else None, said.get("files", 1),
            tuple(map(CropShown.from_json, said.get("crops", ()))),
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """What is stored of them."""
        codes = {} if self.codes is None else {"codes": [asdict(code) for code in self.codes]}
        files = {} if self.files == 1 else {"files": self.files}
        crops = {"crops": [asdict(crop) for crop in self.crops]} if self.crops else {}
        return {
            "media_type": self.media_type, "size": self.size.to_json(), "text": [one.to_json() for one in self.text],
            "choices": [choice.to_json() for choice in self.choices],
            "findings": [finding.to_dict() for finding in self.findings], "thumb": self.thumb, **codes,
            **files, **crops,
        }  # fmt: skip
