"""What tasks of a run share, packed for whoever makes them. Nothing is imported here that files are made with."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.model.brand import Brand
from pressrun.model.elsewhere import FarKit, NotedResults
from pressrun.model.journal import Results
from pressrun.model.layout import Layout
from pressrun.model.step import BrandColors
from pressrun.model.store import Store

if TYPE_CHECKING:
    from pressrun.graphics.color.inks import PressProfile
    from pressrun.graphics.svg.artwork import Artwork

BENCH = "pressrun.run.worker.bench"  # by its name: it goes by this, and brings all that files are made with
PAINTED_TOLD = 10_000  # plates of earlier runs that a worker on another machine is told of: some megabytes


class Kit(Struct, frozen=True):
    """What all tasks of a run share; sent to each worker once, on whatever machine: what is large is named by its
    digest in the store. ``logos`` by name, ``fonts`` (digest, file name), among them those of ``scripts``
    (family, locale); ``presses`` the profiles by printing condition, of which the one without a name is that of
    all else; ``date`` in Unix seconds; ``artwork`` the logos that are flattened already, by digest."""

    brand: Brand
    layouts: dict[str, Layout]
    logos: dict[str, str]
    fonts: tuple[tuple[str, str], ...]
    presses: Mapping[str, PressProfile]
    open_store: Callable[[], Store]
    open_results: Callable[[], Results]
    date: int
    scripts: frozenset[tuple[str, str]] = frozenset()
    artwork: Mapping[str, Artwork] = field(default_factory=dict)

    @property
    def profile(self) -> PressProfile:
        """Of what is not made for one of several conditions."""
        return self.presses[""]

    def press_for(self, layout: str, condition: str) -> PressProfile:
        """That of a printing condition, on the stock that a layout says."""
        press, own = self.presses[condition], self.layouts.get(layout)
        return replace(press, stock=own.stock) if own and own.stock else press

    def elsewhere(self, store: Store, results: Results, open_store: Callable[[], Store], chance: bytes) -> FarKit:
        """See :class:`pressrun.model.elsewhere.Sendable`."""
        engines = resolve_name(f"{BENCH}:engines")
        known = tuple(results.painted(PAINTED_TOLD))
        sent = replace(self, open_store=open_store, open_results=functools.partial(NotedResults, known))
        nonce = store.put(b"pressrun store " + hashlib.sha256(chance).digest())
        return FarKit(sent, open_bench, open_store, engines, engines(), nonce)

    @property
    def brand_colors(self) -> BrandColors:
        return BrandColors(self.brand.palette, self.profile.data)


def open_bench(kit: Kit) -> Any:
    """A bench for a worker: the executor calls this once in each, and all that files are made with is imported."""
    return resolve_name(f"{BENCH}:opened")(kit)
