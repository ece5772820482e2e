"""What a retouching step must be able to do. Each entry of ``steps/`` is an options model with this method."""

from __future__ import annotations

from typing import ClassVar

from pressrun.model.brand import Authored


class StepOptions(Authored):
    """``RECIPE`` is raised when the same options would now give other pixels: it is part of the key of what is made."""

    RECIPE: ClassVar[int] = 1

    type: str

    def apply(self, picture: bytes) -> bytes:
        """Retouch an encoded picture; answers an encoded picture, the same bytes for the same input."""
        raise NotImplementedError
