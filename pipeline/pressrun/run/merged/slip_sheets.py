"""Slip sheets: pages between groups of rows, set in a layout of their own that only has their text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

from msgspec.structs import replace

from pressrun import registry
from pressrun.expand import slip_text
from pressrun.model.brand import Brand
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding
from pressrun.model.layout import Layout
from pressrun.model.plan import PlannedFile
from pressrun.model.project import Project
from pressrun.model.task import ReadySheet, SheetContent
from pressrun.run.sheets import SheetKeys

LAYER = "slip"
LARGEST, SMALLEST = "28pt", "7pt"
MOST_LINES = 20


def slip_layouts(project: Project) -> dict[str, Layout]:
    """The layouts of a job's slip sheets, by name: as large as the pages that they stand between, and of paper."""
    output = project.job.output
    if output is None or output.one_pdf.slip is None:
        return {}
    role = output.one_pdf.slip.role or _role(project.brand)
    text = registry.LAYERS["text"].model_validate(
        {
            "type": "text", "id": LAYER, "text": "", "role": role, "color": _darkest(project.brand),
            "box": {"in": "safe"}, "size": [SMALLEST, LARGEST], "lines": MOST_LINES, "anchor": "middle",
            "align": "center",
        }
    )  # fmt: skip
    return {
        slip_name(name): Layout.model_construct(**{**dict(loaded.layout), "layers": (text,), "inks": ("cmyk",)})
        for name, loaded in project.layouts.items()
    }


def slip_name(layout: str) -> str:
    """The name of the slip sheets' layout, which no file can have."""
    return f"{layout} {LAYER}"


def _role(brand: Brand) -> str:
    return "body" if "body" in brand.typography else next(iter(brand.typography))


def _darkest(brand: Brand) -> str:
    """Black alone if the brand has it, else the darkest colour."""
    return min(brand.palette, key=lambda name: (brand.palette[name].cmyk != (0, 0, 0, 100), brand.palette[name].srgb))


class Slips(Protocol):
    """What answers the slip sheets of a job."""

    def before(self, records: Sequence[ReadySheet], value: str, number: int, format: str) -> ReadySheet | None:
        """That before a group of rows, if there is one."""


class NoSlips:
    """Of rows that are printed again: they are put where the first ones were."""

    def before(self, records: Sequence[ReadySheet], value: str, number: int, format: str) -> None:
        return None


def slips_of(project: Project, keys: SheetKeys, reprint: bool) -> Slips:
    """Those of a job; none where some of its rows are printed again."""
    output = project.job.output
    return SlipWriter(project, keys) if output and output.one_pdf.slip and not reprint else NoSlips()


class SlipTexts:
    """Looks whether the texts of slip sheets can be rendered."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.faults: list[Finding] = []

    def before(self, records: Sequence[ReadySheet], value: str, number: int, format: str) -> None:
        try:
            _text(self._project, records, value, number)
        except InputError as error:
            self.faults += error.findings


def _text(project: Project, records: Sequence[ReadySheet], value: str, number: int) -> str:
    """What stands on the one before some rows. Raises InputError where it cannot be rendered."""
    sheet = records[0].sheet
    copies = sum(one.sheet.row.stands.copies for one in records)
    group = {"value": value, "count": len(records), "copies": copies, "number": number}
    return slip_text(project, sheet.row, sheet.layout, sheet.take, group)


class SlipWriter:
    """Makes the slip sheets of a job."""

    def __init__(self, project: Project, keys: SheetKeys) -> None:
        self._project, self._keys = project, keys
        output = project.job.output
        assert output
        assert output.one_pdf.slip, "there are none"
        self._said = output.one_pdf.slip

    def before(self, records: Sequence[ReadySheet], value: str, number: int, format: str) -> ReadySheet:
        """Raises InputError where its text cannot be rendered."""
        sheet, text = records[0].sheet, _text(self._project, records, value, number)
        name = slip_name(sheet.layout)
        content = SheetContent(
            name, sheet.row.locale, text.replace("\n", " "), "", {LAYER: {"text": text}}, {}, {}, {},
            condition=sheet.condition,
        )  # fmt: skip
        layout = self._project.layouts[sheet.layout].layout
        digest = hashlib.sha256(f"{layout.page} {self._said.role}".encode()).hexdigest()
        files = self._keys.of(digest, content, [PlannedFile(format, "", merged=True)])
        return ReadySheet(replace(sheet, slots=(), planned=(), files=()), content, files, None)
