"""What a sheet was on its way to its files, for people who want to look at it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from PIL import Image

from pressrun.deliver import write_file
from pressrun.graphics.pages.page_content import shown_pages
from pressrun.model.disk import telling_why
from pressrun.model.finding import Finding
from pressrun.model.inspection import Inspection
from pressrun.model.plan import PlannedSheet
from pressrun.model.rendering import Overlay
from pressrun.model.sheet import TextMark
from pressrun.model.stored_bytes import Content, whole
from pressrun.model.task import Intermediates


def intermediates(
    inspection: Inspection, findings: Iterable[Finding], drawn: Mapping[str, bytes], page: Image.Image
) -> Intermediates:
    """What a sheet is, and what was measured on it."""
    contrasts = {choice.layer: choice.contrast for choice in inspection.choices} | _of_texts(inspection)
    return Intermediates(inspection.sheet, inspection.choices, contrasts, tuple(findings), drawn, page)


def _of_texts(inspection: Inspection) -> dict[str, float]:
    """The contrast of each text in the colour that it has to what lies under its letters."""
    colors = {
        mark.layer: bytes.fromhex(inspection.look(mark.inks[0])[1:])
        for one in inspection.sheet.placed
        if isinstance(mark := one.mark, TextMark)
    }
    return {
        fact.layer: round(inspection.grounds[fact.layer].contrast(fact.rect, (red, green, blue)), 2)
        for fact in inspection.facts
        for red, green, blue in (colors[fact.layer],)
    }


def what_is_drawn(
    inspection: Inspection, overlay: Overlay, plate: Image.Image, press_plate: Content | None
) -> dict[str, bytes]:
    """What a sheet is drawn of: its plate as people see it, that for the press, and what is laid over it, each level on
    a page of its own and in the colours in which it is seen."""
    out = io.BytesIO()
    (plate if plate.mode == "RGBA" else plate.convert("RGB")).save(out, "PNG", compress_level=1)
    drawn = {"plate.png": out.getvalue(), "overlay.pdf": shown_pages([overlay], [inspection.look])}
    return drawn | ({"plate-cmyk.jpg": whole(press_plate)} if press_plate else {})


class KeptFolder:
    """A folder with a folder for each sheet, called as its files are."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, sheet: PlannedSheet, shown: Intermediates) -> None:
        """Write what a sheet was, or a page of it. Raises CannotWrite."""
        path, _, _ = sheet.own.path.rpartition(".")
        path += f"-{shown.sheet.page}" if shown.sheet.page else ""
        folder = self._folder / path
        with telling_why(str(folder)):
            folder.mkdir(parents=True, exist_ok=True)
        told = {
            "row": sheet.row.id, "layout": sheet.layout, "take": sheet.take,
            "sheet": shown.sheet.to_json(),
            "choices": [{"layer": one.layer, "chosen": one.told} for one in shown.choices],
            "contrasts": dict(shown.contrasts),
            "findings": [finding.to_dict() for finding in shown.findings],
        }  # fmt: skip
        written = json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n"
        for name, data in {"sheet.json": written.encode(), **shown.drawn}.items():
            write_file(folder, name, data)
