"""A colour space as it was read."""

from __future__ import annotations

import functools

from msgspec import Struct


class ColorSpace(Struct, frozen=True, dict=True):
    """A colour space: ``kind`` as PDF names it, ``inks`` of a Separation or DeviceN, ``base`` of Indexed and Pattern.

    ``components`` of ICCBased says whether it is gray (1), RGB (3) or CMYK (4); ``parts`` are the spaces that a DeviceN
    gives its inks one by one.
    """

    kind: str
    components: int
    inks: tuple[str, ...] = ()
    base: ColorSpace | None = None
    parts: tuple[ColorSpace, ...] = ()

    @property
    def label(self) -> str:
        if self.kind == "ICCBased":
            return f"ICC-based {({1: 'gray', 3: 'RGB', 4: 'CMYK'}).get(self.components, '?')}"
        if self.kind in ("Separation", "DeviceN"):
            return f"{self.kind} ({', '.join(self.inks)})"
        if self.base is not None:
            return f"{self.kind} of {self.base.label}"
        return self.kind

    @functools.cached_property
    def ground(self) -> ColorSpace:
        """The space that a palette or pattern is of, else the space itself."""
        return self.base.ground if self.base is not None and self.kind in ("Indexed", "Pattern") else self

    @property
    def is_cmyk(self) -> bool:
        return self.kind == "DeviceCMYK" or (self.kind == "ICCBased" and self.components == 4)

    @property
    def is_rgb(self) -> bool:
        return self.kind in ("DeviceRGB", "CalRGB", "Lab") or (self.kind == "ICCBased" and self.components == 3)
