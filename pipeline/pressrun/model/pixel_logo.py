"""A logo that is of pixels, on a sheet."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import asdict

from pressrun.model.sheet import LogoMark

SUFFIX = ".png"


class PixelLogoMark(LogoMark, frozen=True):
    """``sizes`` are width and height in pixels of those candidates that have any, by name."""

    sizes: tuple[tuple[str, tuple[float, float]], ...] = ()

    @property
    def ppi(self) -> float | None:
        """Pixels per inch of paper, of the poorest candidate; None where all are vectors."""
        names = {name for name, _ in self.candidates}
        sizes = [size for name, size in self.sizes if name in names]
        across, down = self.rect.width / 72, self.rect.height / 72
        return min((max(width / across, height / down) for width, height in sizes), default=None)


def of_pixels(mark: LogoMark, sizes: Mapping[str, tuple[float, float]]) -> PixelLogoMark:
    """The same with the sizes of candidates."""
    return PixelLogoMark(**asdict(mark), sizes=tuple(sizes.items()))
