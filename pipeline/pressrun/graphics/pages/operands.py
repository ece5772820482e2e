"""Whether operators of a page's content have the operands that they need (ISO 32000-1, table A.1). Those that have not
are passed over, as programs that show pages do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pikepdf import Name, PdfError

# What pikepdf, and values that are none, raise on files that break the rules.
BROKEN = (PdfError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, ArithmeticError)
NEEDS_NAME = frozenset({"cs", "CS", "sh", "Do", "Tf", "gs"})
_NUMBERS = {"g": 1, "G": 1, "rg": 3, "RG": 3, "k": 4, "K": 4, "Tr": 1}
_COLORS = frozenset({"sc", "SC", "scn", "SCN"})
_LARGEST = 1e6  # of any part of a colour


def is_complete(operator: str, operands: Sequence[Any]) -> bool:
    """Whether an operator that chooses a colour, a state, a font or something to draw can be carried out."""
    if operator in NEEDS_NAME:
        return bool(operands) and isinstance(operands[0], Name)
    if operator in _NUMBERS:
        return len(operands) == _NUMBERS[operator] and all(map(is_number, operands))
    if operator in _COLORS:
        parts = operands[:-1] if operands and isinstance(operands[-1], Name) else operands
        return bool(operands) and all(map(is_number, parts))
    return True


def is_number(operand: Any) -> bool:
    """Whether it is a number that a colour may have."""
    if isinstance(operand, bool) or not isinstance(operand, int | float | Decimal):
        return False
    return math.isfinite(operand) and abs(float(operand)) <= _LARGEST
