"""All faults that are planted, by their names."""

from __future__ import annotations

import planted_in_files
import planted_on_pages
from press_samples import Break

PLANTED: dict[str, tuple[Break, str]] = {**planted_in_files.PLANTED, **planted_on_pages.PLANTED}
