"""Cells of a workbook whose value is not what they show, found in the parts of the file itself."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.parsers import expat

from pressrun.readers.ods_cells import odd_in_ods
from pressrun.readers.packages import Package
from pressrun.readers.sheet_formats import CONTAINER, BrokenWorkbook, OddCells
from pressrun.readers.xls_cells import odd_in_xls
from pressrun.readers.xlsb_cells import odd_in_xlsb
from pressrun.readers.xlsx_cells import odd_in_xlsx

_BROKEN = (
    zipfile.BadZipFile, KeyError, OSError, expat.ExpatError, ValueError, OverflowError, NotImplementedError,
)  # fmt: skip


def odd_cells(path: Path, sheet: str, among_texts: frozenset[int] = frozenset()) -> OddCells | None:
    """Those of a sheet; None of a file whose cells cannot be told so (xls without its extra). Of columns
    ``among_texts`` only numbers that are shown otherwise than they are read are sure to be there. Raises
    BrokenWorkbook."""
    odd = OddCells(among_texts=among_texts)
    try:
        with path.open("rb") as file:
            begins = file.read(len(CONTAINER))
        if begins == CONTAINER:  # at whose end a theme may lie, which is an archive
            return odd_in_xls(path, sheet, odd)
        with Package(path) as packed:
            if "content.xml" in packed.namelist():
                return odd_in_ods(packed, sheet, odd)
            if (workbook := packed.workbook()) is None:
                return None
            read = odd_in_xlsb if workbook.lower().endswith(".bin") else odd_in_xlsx
            return read(packed, workbook, sheet, odd)
    except _BROKEN as error:
        raise BrokenWorkbook(str(error)) from error
