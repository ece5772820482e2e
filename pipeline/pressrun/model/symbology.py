"""The kinds of codes, and what their standards ask of them in print. Widths are in modules, the finest bar or square of
a code; sizes of modules in millimetres."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal, get_args

from msgspec import Struct

CodeKind = Literal[
    "qr", "micro-qr", "rmqr", "aztec", "data-matrix", "pdf417", "ean-13", "ean-8", "upc-a", "upc-e", "isbn", "code-39",
    "code-128", "gs1-128", "gs1-data-matrix", "gs1-digital-link", "itf-14",
]  # fmt: skip
Edges = tuple[float, float, float, float]  # left, top, right, bottom


class Symbology(Struct, frozen=True):
    """``quiet`` is the clear zone around a code, in modules. A printed module is an error under ``least`` millimetres
    and a warning under ``good``. ``nominal`` is the module of a code at 100 %, ``bars`` how high its bars are then, of
    those that have a size of their own. ``says`` are the characters that it can say, in words."""

    title: str
    quiet: Edges
    good: float
    least: float
    says: str
    is_linear: bool = False
    has_words: bool = False
    nominal: float = 0.0
    bars: float = 0.0
    digits: int = 0

    @property
    def is_retail(self) -> bool:
        """Whether it is of the family of EAN and UPC: digits under its bars, guard bars, maybe an add-on."""
        return self.is_linear and self.nominal > 0 and self.quiet[0] != ITF_QUIET


ITF_QUIET = 10.0
_ANY, _DIGITS, _GS1 = "any text", "digits", "GS1 application identifiers, such as (01)04006381333931(10)AB12"


def _square(title: str, quiet: float, says: str = _ANY) -> Symbology:
    """Telephones read modules from 0.33 mm at arm's length; 0.25 mm is what printing can hold."""
    return Symbology(title, (quiet,) * 4, 0.33, 0.25, says)


def _bars(title: str, says: str) -> Symbology:
    """Of codes of bars, scanners ask for 0.25 mm, and the standards for no less than 0.19 mm."""
    return Symbology(title, (10.0, 0.0, 10.0, 0.0), 0.25, 0.19, says, is_linear=True, has_words=True)


def _retail(title: str, left: float, right: float, bars: float, digits: int) -> Symbology:
    """GS1 General Specifications, 5.2: X-dimension 0.330 mm, from 80 % to 200 %."""
    return Symbology(title, (left, 0.0, right, 0.0), 0.264, 0.264, _DIGITS, True, True, 0.33, bars, digits)


SYMBOLOGIES: MappingProxyType[str, Symbology] = MappingProxyType({
    "qr": _square("QR code", 4),  # ISO/IEC 18004, 9.1
    "micro-qr": _square("Micro QR code", 2),
    "rmqr": _square("rMQR code", 2),  # ISO/IEC 23941
    "aztec": _square("Aztec code", 1),  # ISO/IEC 24778 asks for none; one keeps it apart from a line around it
    "data-matrix": _square("Data Matrix", 1, "any text"),  # ISO/IEC 16022, 7.5
    "pdf417": Symbology("PDF417", (2.0,) * 4, 0.25, 0.19, _ANY),  # ISO/IEC 15438, 5.8.3
    "ean-13": _retail("EAN-13", 11, 7, 22.85, 13),
    "ean-8": _retail("EAN-8", 7, 7, 18.23, 8),
    "upc-a": _retail("UPC-A", 9, 9, 22.85, 12),
    "upc-e": _retail("UPC-E", 9, 7, 22.85, 8),
    "isbn": _retail("ISBN", 11, 7, 22.85, 13),
    "code-39": _bars("Code 39", "capitals, digits, blanks and - . $ / + %"),
    "code-128": _bars("Code 128", "Latin letters, digits and signs"),
    "gs1-128": _bars("GS1-128", _GS1),
    "gs1-data-matrix": _square("GS1 DataMatrix", 1, _GS1),
    "gs1-digital-link": _square("GS1 Digital Link", 4, _GS1),
    # GS1 General Specifications, 5.3: X-dimension 1.016 mm, from 0.495 mm.
    "itf-14": Symbology("ITF-14", (ITF_QUIET, 0.0, ITF_QUIET, 0.0), 0.495, 0.25, _DIGITS, True, True, 1.016, 31.75, 14),
})  # fmt: skip
assert tuple(SYMBOLOGIES) == get_args(CodeKind)

ADD_ON_QUIET = 5.0  # modules to the right of an add-on
GUARDS = 5.0  # modules that guard bars go below the others
