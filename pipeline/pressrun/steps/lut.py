"""Lut: a look from a grading suite, as a `.cube` file has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from PIL import Image
from pydantic import Field

from pressrun.graphics.color.color_cubes import Curve, in_cube, read_cube
from pressrun.graphics.photos.photo import Photo, PictureStep
from pressrun.model.step import BrandColors, FileUsed


class LutStep(PictureStep):
    """Tables of one dimension and of three."""

    RECIPE: ClassVar[int] = 1

    STAYS_OPAQUE: ClassVar[bool] = True
    type: Literal["lut"] = Field(description="A look that a `.cube` file has, of one dimension or three.")
    file: str = Field(min_length=1, description="The `.cube` file, from the job's folder or the brand's.")
    strength: float = Field(default=1.0, ge=0, le=1, description="How much of it: 0 leaves the picture as it is.")
    between: Literal["trilinear", "tetrahedral"] = Field(
        default="trilinear",
        description="How colours between the table's are found: `trilinear` is quick, `tetrahedral` keeps greys grey.",
    )

    def files(self) -> Iterable[FileUsed]:
        yield FileUsed(self.file, ("file",))

    def file_fault(self, data: bytes) -> str | None:
        try:
            read_cube(data)
        except ValueError as fault:
            return str(fault)
        return None

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        found = read_cube(colors.files[self.file])
        if isinstance(found, Curve):
            looked = photo.plain.point(found.levels())
        else:
            looked = in_cube(photo.plain, found, self.between == "tetrahedral")
        return photo.with_colors(Image.blend(photo.plain, looked, self.strength))
