"""Cells of a workbook whose value is not what they show, found in the parts of the file itself."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.parsers import expat

from pressrun.readers.ods_cells import odd_in_ods
from pressrun.readers.sheet_formats import BrokenWorkbook, OddCells
from pressrun.readers.xls_cells import odd_in_xls
from pressrun.readers.xlsb_cells import odd_in_xlsb
from pressrun.readers.xlsx_cells import odd_in_xlsx


def odd_cells(path: Path, sheet: str) -> OddCells | None:
    """Those of a sheet; None of a file whose cells cannot be told so (xls without its extra). Raises BrokenWorkbook."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
            if "xl/workbook.xml" in names:
                return odd_in_xlsx(packed, sheet)
            if "xl/workbook.bin" in names:
                return odd_in_xlsb(packed, sheet)
            if "content.xml" in names:
                return odd_in_ods(packed, sheet)
    except zipfile.BadZipFile:
        return odd_in_xls(path, sheet)
    except (KeyError, OSError, expat.ExpatError, ValueError, OverflowError, NotImplementedError) as error:
        raise BrokenWorkbook(str(error)) from error
    return None
