"""What is wrong with the press files of a run, by our profile and by another library."""

from __future__ import annotations

import math
from pathlib import Path

import pdf_oxide

from pressrun.model.run_record import RunReport
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile


def x4_faults(report: RunReport) -> dict[str, list[str]]:
    """What keeps each layout's files from being PDF/X-4 that a printer takes: nothing for each that is printed. The ink
    of plates is not summed again: `checks/total_ink` has done it, in the finding that a test reads."""
    profile = load_profile("x4")
    faults: dict[str, list[str]] = {}
    for asset in report.assets:
        if asset.format != "press-pdf":
            continue
        data = (Path(report.folder) / asset.path).read_bytes()
        file = read_press_pdf(data, math.inf)
        faults.setdefault(asset.layout, []).extend((
            *(one.code for one in judge(file, "", profile.limits, profile.levels) if one.is_error),
            *pdf_oxide.PdfDocument.from_bytes(data).validate_pdf_x("4")["errors"],
            *([] if file.standard == "PDF/X-4" else ["it does not say so"]),
        ))  # fmt: skip
    return faults
