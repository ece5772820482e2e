"""What a retouching step must be able to do. Each entry of ``steps/`` is an options model with this method."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pressrun.model.brand import Authored
from pressrun.model.color import Swatch
from pressrun.model.layout import NameUsed


@dataclass(frozen=True, slots=True)
class BrandColors:
    """What a step may take from the brand: its palette, and the bytes of the ICC profile that it prints with."""

    palette: Mapping[str, Swatch]
    profile: bytes


class StepOptions(Authored):
    """``RECIPE`` is raised when the same options would now give other pixels: it is part of the key of what is made.
    ``USES_PROFILE``: the pixels depend on the brand's press profile, which is part of the key then."""

    RECIPE: ClassVar[int] = 1
    USES_PROFILE: ClassVar[bool] = False

    type: str

    def references(self) -> Iterable[NameUsed]:
        """Every palette colour this step names, so that load can say which is unknown, and keys hold their values."""
        return ()

    def apply(self, picture: bytes, colors: BrandColors) -> bytes:
        """Retouch an encoded picture; answers an encoded picture, the same bytes for the same input."""
        raise NotImplementedError

    def recipe(self, colors: BrandColors) -> list[Any]:
        """Everything that the pixels depend on besides the picture, as JSON takes it."""
        said: list[Any] = [self.RECIPE, self.model_dump(mode="json")]
        if named := {one.name: colors.palette[one.name].model_dump(mode="json") for one in self.references()}:
            said.append(named)
        if self.USES_PROFILE:
            said.append(hashlib.sha256(colors.profile).hexdigest())
        return said
