"""The boxes of a page that is folded."""

from __future__ import annotations

from pressrun.model.geometry import PANEL, PageBoxes, Rect


class FoldedBoxes(PageBoxes, frozen=True):
    """Those of a page that is folded between its panels, which lie beside each other or, ``stacked``, one below the
    other; in languages written from right to left ``mirrored``, as all that stands on it."""

    folded: tuple[Rect, ...]
    mirrored: bool = False
    stacked: bool = False

    @property
    def panels(self) -> tuple[Rect, ...]:
        return self.folded

    def turned_about(self, frame: Rect) -> Rect:
        return frame if self.stacked else self.whole  # those beside each other change sides too

    @property
    def folds(self) -> tuple[Rect, ...]:
        bleed, before = self.bleed, self.folded[:-1]
        if self.stacked:
            return tuple(Rect(bleed.x, panel.bottom, bleed.width, 0.0) for panel in before)
        at = [panel.right for panel in before]
        if self.mirrored:
            at = [bleed.width - x for x in reversed(at)]
        return tuple(Rect(x, bleed.y, 0.0, bleed.height) for x in at)

    def frame(self, name: str) -> Rect:
        """A box by its name: of a panel that which its safe margins leave, so that nothing stands in a fold; with its
        bleed, that from fold to fold, or to the edge of the sheet."""
        panel = PANEL.fullmatch(name)
        if not panel or int(panel[1]) > len(self.folded):
            return PageBoxes.frame(self, name)
        at = int(panel[1]) - 1
        whole, trim, safe = self.folded[at], self.trim, self.safe
        if panel[2]:
            is_last, bleed = at + 1 == len(self.folded), self.bleed
            if self.stacked:
                top, bottom = whole.y if at else bleed.y, bleed.bottom if is_last else whole.bottom
                return Rect(bleed.x, top, bleed.width, bottom - top)
            left, right = whole.x if at else bleed.x, bleed.right if is_last else whole.right
            return Rect(left, bleed.y, right - left, bleed.height)
        return whole.inset(safe.y - trim.y, trim.right - safe.right, trim.bottom - safe.bottom, safe.x - trim.x)
