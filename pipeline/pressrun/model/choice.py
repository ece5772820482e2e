"""What was chosen where a sheet leaves something open, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from msgspec import Struct, field


class Choice(Struct, frozen=True):
    """An open choice settled on the measured ground: WCAG contrast ratio against its worst tenth. Of a text that is
    kept readable also the ratio that was ``asked`` for, the ``remedy`` that was taken, if it needed one, and what was
    ``tried`` before, each with the ratio that it reaches."""

    layer: str
    chosen: str
    contrast: float
    asked: float | None = None
    remedy: str = ""
    tried: Mapping[str, float] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """What was chosen, for people."""
        return f"{self.chosen} on {self.remedy}" if self.remedy else self.chosen

    @property
    def is_reached(self) -> bool:
        """Whether the ratio is what was asked for, if any was."""
        return self.asked is None or self.contrast >= self.asked

    def to_json(self) -> dict[str, Any]:
        """What is stored of it: of one that is merely the best of several nothing more."""
        said: dict[str, Any] = {"layer": self.layer, "chosen": self.chosen, "contrast": self.contrast}
        if self.asked is not None:
            said |= {"asked": self.asked, "remedy": self.remedy, "tried": dict(self.tried)}
        return said

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """As it is stored. Raises KeyError where it is not."""
        asked, remedy, tried = said.get("asked"), said.get("remedy", ""), dict(said.get("tried") or {})
        return cls(said["layer"], said["chosen"], said["contrast"], asked, remedy, tried)
