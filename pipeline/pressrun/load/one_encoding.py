"""Of a table whose encoding is in doubt one finding is told: the doubt, where it touches what is printed, else how it
was read."""

from __future__ import annotations

from collections.abc import Iterable

from pressrun.model.finding import Finding

DOUBT, GUESS = "not-utf-8", "guessed-encoding"


def one_of_each_encoding(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, without those that have the cause of another."""
    every = list(findings)
    guessed = {_file(one) for one in every if one.code == GUESS}
    first = {_file(one): one for one in reversed(every) if one.code == DOUBT and one.is_error}
    return [one for one in every if not _is_told(one, guessed, first)]


def _is_told(one: Finding, guessed: set[str], first: dict[str, Finding]) -> bool:
    file = _file(one)
    if one.code == GUESS:
        return file in first
    return one.code == DOUBT and file in guessed and one is not first.get(file)


def _file(one: Finding) -> str:
    return one.place.file if one.place else ""
