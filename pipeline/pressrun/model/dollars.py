"""Amounts of money as people are told them."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal

CENT = Decimal("0.01")


def dollars(amount: Decimal) -> str:
    """To the cent, and finer where a cent would hide all of it."""
    return f"${amount:,.2f}" if amount >= CENT or not amount else f"${amount:.4f}"


def to_the_cent(amount: Decimal) -> Decimal:
    """The amount in whole cents, rounded up: a cap that is enough."""
    return amount.quantize(CENT, ROUND_UP)
