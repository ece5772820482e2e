"""What a format of files can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from pressrun.model.geometry import Rect, proof_density
from pressrun.model.rendering import Pieces, Rendering
from pressrun.model.stored_bytes import Written

LIVE_PRESS, FLAT_PRESS = "press-pdf", "press-pdf-x1a"  # formats that others go by, too


class FormatKind(Struct, frozen=True):
    """One entry of the open set of formats. ``density`` in pixels per inch (0: vectors, no density of its own), where
    it ``proofs`` that of large pages; ``transparent``: it can leave the ground out; ``longest_edge`` in pixels, where
    the format has a limit.
    ``write_pages`` writes several pages as one file (else each has its own), and ``needs_look``s of them, or not;
    ``write_pieces`` likewise for a file that many rows are in, whose objects are packed (PDF 1.5) where the format
    ``packs_objects``."""

    name: str
    targets: frozenset[str]
    suffix: str
    media_type: str
    recipe: int
    density: float
    write: Callable[[Rendering, tuple[int, int]], Written]
    transparent: bool = False
    longest_edge: int | None = None
    write_pages: Callable[[Sequence[Rendering]], Written] | None = None
    needs_look: bool = False
    write_pieces: Callable[[Sequence[Rendering]], Pieces] | None = None
    packs_objects: bool = True
    proofs: bool = False

    def pixels(self, box: Rect) -> tuple[int, int]:
        """The size in pixels of a file that shows this bleed box (for screens, the page)."""
        density = proof_density(box) if self.proofs else self.density
        return round(box.width * density / 72), round(box.height * density / 72)
