"""What is said of a store in a folder."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import Field

from pressrun.model.store import Store
from pressrun.model.store_options import StoreOptions
from pressrun.stores.folder.objects import FolderStore


class FolderOptions(StoreOptions):
    """A folder: the campaign's own, or the one at ``path``."""

    type: Literal["folder"] = Field(default="folder", description="A folder of files.")
    path: Path | None = Field(
        default=None, description="The folder; left out, it is `.pressrun` beside the campaign's `brands`."
    )

    def opener(self, folder: Path) -> Callable[[], Store]:
        return functools.partial(FolderStore, self.path or folder)
