"""What things are called on pages: names of rows, layouts and locales in place of their keys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError

from pressrun.language.locale_formats import direction_of
from pressrun.model.record import Record

if TYPE_CHECKING:
    from pressrun.model.project import Project

NAMING = ("name", "title", "label", "headline")  # columns that say what a row is called


def row_names(project: Project) -> dict[tuple[str, str], str]:
    """(Row set, key) → name, of all rows that have one."""
    found: dict[tuple[str, str], str] = {}
    for name, rows in project.row_sets.items():
        for record, key in zip(rows.records, rows.sheet_keys, strict=True):
            if called := row_name(record):
                found.setdefault((name, key), called)
    return found


@lru_cache(maxsize=4096)  # the sheets of a product follow each other, and there are few languages
def row_name(record: Record) -> str:
    """What a row is called by the first of its columns that says so; empty where none does."""
    for column in NAMING:
        if column in record and isinstance(said := record[column], str) and said.strip():
            return said.strip()
    return ""


def layout_name(path: str) -> str:
    """``print/a5-flyer`` → ``A5 flyer``."""
    words = path.rpartition("/")[2].replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] or path


def picture_name(slot: str, master: str) -> str:
    """``hero``, ``square`` → ``Hero, square``; of what is not made in several shapes, ``Hero``."""
    shape = layout_name(master)
    return f"{layout_name(slot)}, {shape[:1].lower()}{shape[1:]}" if master else layout_name(slot)


def run_name(run: str) -> str:
    """``20270301-100000-launch`` → ``2027-03-01 10:00:00``."""
    return f"{run[:4]}-{run[4:6]}-{run[6:8]} {run[9:11]}:{run[11:13]}:{run[13:15]}"


@lru_cache(maxsize=1024)
def locale_name(locale: str, language: str) -> str:
    """A locale's name in a language; itself where nobody knows it."""
    try:
        return Locale.parse(locale.replace("_", "-"), sep="-").get_display_name(language) or locale
    except (ValueError, UnknownLocaleError):
        return locale


def direction(locale: str) -> str:
    """Which way a locale's text runs: `ltr` too, where nobody knows it."""
    try:
        return direction_of(locale)
    except ValueError:
        return "ltr"


class Names:
    """The names of a run's rows."""

    def __init__(self, rows: Mapping[tuple[str, str], str]) -> None:
        self.rows = rows

    def row(self, row_set: str, key: str) -> str:
        return self.rows.get((row_set, key), key)
