"""Different words for every sheet: what is shaped, fitted or drawn once is no gain on the next."""

from __future__ import annotations

WHEN = (
    "Morning",
    "Sunday",
    "Winter",
    "Harbour",
    "Evening",
    "Midnight",
    "Early",
    "Garden",
    "Northern",
    "Island",
    "Market",
)
WHAT = ("roast", "light", "ritual", "weather", "coffee", "kitchen", "letters", "walks", "hours", "company", "bread", "stories",
        "silence")  # fmt: skip
HOW = ("slowly poured", "for two", "at the window", "without hurry", "and good wool", "by the fire", "worth the wait")


def headline(index: int) -> str:
    """One of some thousand, of two to five words: one or two lines, at changing sizes."""
    words = f"{WHEN[index % len(WHEN)]} {WHAT[index // 3 % len(WHAT)]}"
    return f"{words} {HOW[index // 5 % len(HOW)]}" if index % 3 else f"{words} {index}"


def name(index: int) -> str:
    return f"{WHAT[index % len(WHAT)].title()} No. {index}"


def price(index: int) -> str:
    return f"{5 + index % 40}.{index % 10}0"
