"""The one file that imports zxingcpp: codes made, and read again."""

from __future__ import annotations

import functools
import itertools
from typing import Any

import numpy
import zxingcpp
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray
from PIL import Image

from pressrun.graphics.codes.qr_masks import MASKS, Masks
from pressrun.model.symbology import SYMBOLOGIES

_FORMAT = zxingcpp.BarcodeFormat
_FORMATS: dict[str, Any] = {
    "qr": _FORMAT.QRCode, "micro-qr": _FORMAT.MicroQRCode, "rmqr": _FORMAT.RMQRCode, "aztec": _FORMAT.Aztec,
    "data-matrix": _FORMAT.DataMatrix, "pdf417": _FORMAT.PDF417, "ean-13": _FORMAT.EAN13, "ean-8": _FORMAT.EAN8,
    "upc-a": _FORMAT.UPCA, "upc-e": _FORMAT.UPCE, "isbn": _FORMAT.ISBN, "code-39": _FORMAT.Code39,
    "code-128": _FORMAT.Code128, "gs1-128": _FORMAT.Code128, "gs1-data-matrix": _FORMAT.DataMatrix,
    "gs1-digital-link": _FORMAT.QRCode, "itf-14": _FORMAT.ITF,
}  # fmt: skip
_READ_AS: dict[str, Any] = {
    **_FORMATS, "upc-a": _FORMAT.EAN13, "isbn": _FORMAT.EAN13,
    "code-39": _FORMAT.Code39Std,  # whose signs stand for themselves
}  # fmt: skip
_FOUND_AS_SOON = frozenset({"data-matrix", "gs1-data-matrix", "aztec"})  # where there is something else, too
_GS1 = frozenset({"gs1-128", "gs1-data-matrix"})
# Those that say in which encoding they are (ECI): of others, and of those that do not say it, readers guess. As UTF-8 a
# payment says that it is written (EPC069-12).
_TELLING = frozenset({"qr", "rmqr", "aztec", "data-matrix", "pdf417"})
_ADD_ON = "EanAddOn"
_CELLS = b"1" + b"0" * 255  # 0 is black
_INKED = bytes.maketrans(b"01", b"\xff\0")
BETWEEN = "+"  # a number and its add-on
Pixels = NDArray[numpy.uint8]  # rows of gray ones
WIDE = 5  # half modules of a wide bar, of codes of narrow ones and wide ones: 2.5 modules (ISO/IEC 16390, 4.2)


class Symbol(Struct, frozen=True):
    """The cells of a code, 1 being dark, as rows of so many modules' ``heights``, with ``fineness`` cells to a module;
    ``reads`` is what a scanner makes of it."""

    rows: tuple[str, ...]
    heights: tuple[float, ...]
    reads: str
    fineness: int = 1

    @property
    def columns(self) -> float:
        """How wide it is, in modules."""
        return len(self.rows[0]) / self.fineness

    @property
    def height(self) -> float:
        return sum(self.heights)


@functools.lru_cache(maxsize=512)
def symbol(kind: str, value: str, correction: str = "", columns: int = 0) -> Symbol:
    """A code of a kind. ``correction`` is the level of a QR code, ``columns`` those of PDF417. A number and its add-on
    are parted by a plus. Raises ValueError for what it cannot say."""
    options: dict[str, Any] = {}
    if correction:
        options["ec_level"] = correction
    if columns:
        options["columns"] = columns
    if kind in _GS1:
        options["gs1"] = True
    if _FORMATS[kind] == _FORMAT.DataMatrix:
        options["force_square"] = True
    if kind in _TELLING and not value.isascii():
        options["eci"] = "UTF-8"
    if _FORMATS[kind] == _FORMAT.QRCode:
        code, cells, count = _qr_code(value, options)
    else:
        code, cells, count = _created(value, kind, options)
    columns = len(cells) // count
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    reads = str(code.text)
    if BETWEEN in value and SYMBOLOGIES[kind].is_retail:
        number, _, add_on = value.partition(BETWEEN)
        reads = f"{symbol(kind, number).reads}{BETWEEN}{add_on}"
    if not SYMBOLOGIES[kind].is_linear and kind != "pdf417":
        return Symbol(tuple(rows), (1.0,) * len(rows), reads)
    runs = [(row, float(len(list(same)))) for row, same in itertools.groupby(rows)]
    made = Symbol(tuple(row for row, _ in runs), tuple(height for _, height in runs), reads)
    if kind in ("itf-14", "code-39"):
        return replace(made, rows=tuple(map(_with_fine_bars, made.rows)), fineness=2)
    return made


def _created(value: str, kind: str, options: dict[str, Any]) -> tuple[Any, str, int]:
    """A code with its cells, row by row, and how many rows they are."""
    code = zxingcpp.create_barcode(value, _FORMATS[kind], **options)
    picture: Any = code.to_image(scale=1, add_quiet_zones=False)
    pixels = memoryview(picture)
    return code, pixels.tobytes().translate(_CELLS).decode(), len(pixels)


def _qr_code(value: str, options: dict[str, Any]) -> tuple[Any, str, int]:
    """The same of a QR code, in the mask that zxing-cpp would take after a longer look."""
    code, cells, side = _created(value, "qr", {**options, "data_mask": 0})
    alike = side, str(code.ec_level)
    if alike not in _MASKS:
        each = (_created(value, "qr", {**options, "data_mask": mask})[1] for mask in range(MASKS))
        _MASKS[alike] = Masks.of(tuple(each))
    return code, _MASKS[alike].best(cells), side


_MASKS: dict[tuple[int, str], Masks] = {}


def _with_fine_bars(row: str) -> str:
    """Cells of half a module: a wide bar or gap is 2.5 modules, whatever whole number it was."""
    return "".join(cell * (2 if len(list(same)) == 1 else WIDE) for cell, same in itertools.groupby(row))


def reading(
    picture: Image.Image | Pixels, kind: str, *, add_on: bool = False, thorough: bool = True
) -> tuple[str, ...]:
    """What is read of codes of a kind on a picture (pixels are gray): of those that stand upright on an even ground at
    once, of others if it is ``thorough``, which takes six times as long. A code beside which there is nothing is read
    first of all: it need not be looked for."""
    asked: Any = zxingcpp.EanAddOnSymbol.Read if add_on else zxingcpp.EanAddOnSymbol.Ignore
    binarizer = zxingcpp.Binarizer.LocalAverage if thorough else zxingcpp.Binarizer.GlobalHistogram
    pixels = picture.convert("L") if isinstance(picture, Image.Image) else picture

    def read(is_alone: bool) -> tuple[str, ...]:
        found: list[Any] = zxingcpp.read_barcodes(
            pixels, _READ_AS[kind], thorough, thorough, thorough, binarizer=binarizer, is_pure=is_alone,
            ean_add_on_symbol=asked,
        )  # fmt: skip
        return tuple(_text(one) for one in found if one.valid)

    tries_alone = not (thorough or add_on or kind in _FOUND_AS_SOON)
    return (tries_alone and read(True)) or read(False)


def cleared(rows: tuple[str, ...], share: float, to: str = "0") -> tuple[str, ...]:
    """The modules of a code, those all of one kind that a square in its middle touches, a ``share`` of it wide."""
    count, edge = len(rows), 1e-9
    first, last = int(count * (1 - share) / 2 + edge), int(count * (1 + share) / 2 - edge)
    clear = to * (last + 1 - first)
    return tuple(
        f"{row[:first]}{clear}{row[last + 1 :]}" if first <= at <= last else row for at, row in enumerate(rows)
    )


def is_corrected(rows: tuple[str, ...], kind: str, reads: str) -> bool:
    """Whether modules say what they are to, as they are, with what correction makes up for."""
    pixels = "".join(rows).encode().translate(_INKED)
    picture = Image.frombytes("L", (len(rows[0]), len(rows)), pixels)
    found: list[Any] = zxingcpp.read_barcodes(
        picture, _READ_AS[kind], False, False, False, binarizer=zxingcpp.Binarizer.BoolCast, is_pure=True
    )
    return any(_text(one) == reads for one in found)


def _text(one: Any) -> str:
    more = (one.extra or {}).get(_ADD_ON, "")
    return f"{one.text.removesuffix(more)}{BETWEEN}{more}" if more else str(one.text)
