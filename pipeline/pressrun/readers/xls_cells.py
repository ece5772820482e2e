"""Odd cells of old workbooks (xls), as xlrd tells them. The one file that imports xlrd, which is an extra: None is
answered where it is not installed, or does not read what another library has read. Formulas of such a workbook always
have a value."""

from __future__ import annotations

import io
from pathlib import Path

from pressrun.readers.number_formats import AS_IT_IS, looked_for, told
from pressrun.readers.serial_dates import EPOCH_1900, EPOCH_1904
from pressrun.readers.sheet_formats import OddCells


def odd_in_xls(path: Path, name: str, odd: OddCells) -> OddCells | None:
    try:
        import xlrd
    except ImportError:
        return None
    numbers = (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE)
    try:
        with xlrd.open_workbook(
            path, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
        ) as book:
            sheet = book.sheet_by_name(name)
            formats = [looked_for(book.format_map[style.format_key].format_str or "") for style in book.xf_list]
            epoch = EPOCH_1904 if book.datemode else EPOCH_1900
            odd.hidden.update(row for row, said in sheet.rowinfo_map.items() if said.hidden)
            for row in range(sheet.nrows):
                for column, kind in enumerate(sheet.row_types(row)):
                    if kind == xlrd.XL_CELL_ERROR:
                        error = xlrd.error_text_from_code.get(sheet.cell_value(row, column), "#ERROR")
                        odd.without_value((row, column), error)
                        continue
                    format = formats[sheet.cell_xf_index(row, column)]
                    if kind in numbers and format != AS_IT_IS:
                        told(odd, (row, column), repr(sheet.cell_value(row, column)), format, epoch)
                    elif kind == xlrd.XL_CELL_TEXT:
                        odd.word((row, column), format.text)
    except Exception:  # which xlrd raises of many kinds; the cells themselves were read
        return None
    return odd
