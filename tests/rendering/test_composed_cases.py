"""Every folder of cases/ composes to the sheet written beside it: boxes in points, colours, what is left open.

To accept what compose now makes of them, run with PRESSRUN_WRITE_GOLDEN=1 and read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rendering_kit import Press, case_content, cases, dump, read_layout


@pytest.mark.parametrize("folder", cases(), ids=lambda folder: folder.name)
def test_case(press: Press, folder: Path) -> None:
    layout = read_layout((folder / "layout.yaml").read_text())
    sheet, findings = press.compose(layout, folder.name, **case_content(folder))
    found = dump(sheet, findings)
    expected = folder / "sheet.json"
    if os.environ.get("PRESSRUN_WRITE_GOLDEN") == "1":
        expected.write_text(found)
    assert found == expected.read_text()
