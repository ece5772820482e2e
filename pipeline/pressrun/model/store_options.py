"""What the environment says of a store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from pressrun.model.authored import Authored
from pressrun.model.store import Publisher, Store


class StoreOptions(Authored):
    """What the environment says of a store. An address with one of ``SCHEMES`` names it, as its ``url``."""

    SCHEMES: ClassVar[tuple[str, ...]] = ()

    type: str

    def opener(self, folder: Path) -> Callable[[], Store]:
        """What opens the store, also in another process that it is sent to. ``folder`` is where the campaign keeps what
        has no other place."""
        raise NotImplementedError

    def opener_elsewhere(self, folder: Path) -> Callable[[], Store]:
        """What opens the same store on another machine that reaches it: with a cache of its own, and no key."""
        return self.opener(folder)

    def publisher(self, store: StoreOptions) -> Publisher | None:
        """What publishes to such a place what is in ``store``; None where nobody serves files from it."""
        return None
