"""What the audit log says of each deed, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pressrun.commands.studio.names_kept import row_called
from pressrun.language.names import Names, layout_name
from pressrun.language.page_words import PageWords

VERDICTS = {"approve": "approved", "reject": "rejected", "withdraw": "undone"}
ROLES = {"look": "look", "comment": "look and comment", "decide": "decide, too"}
AS_IT_IS = ("wish", "file", "section", "to")


def particulars(line: Mapping[str, Any], words: PageWords, names: Names) -> list[str]:
    """What is kept of a deed beside who did it, when, and on which sheets; ``names`` are those of its job's rows."""
    return [said for said in _told(line, words, names) if said]


def _told(line: Mapping[str, Any], words: PageWords, names: Names) -> Iterator[str]:
    verdicts = line.get("verdicts")
    if isinstance(verdicts, dict):
        for verdict, count in verdicts.items():
            yield f"{words(VERDICTS.get(str(verdict), str(verdict)))}: {count}"
    if isinstance(line.get("decisions"), int):
        yield words.counted("{count} decisions", line["decisions"])
    if isinstance(line.get("changed"), list):
        yield ", ".join(map(str, line["changed"]))
    for name in AS_IT_IS:
        yield str(line.get(name) or "")
    if job := line.get("job"):
        yield layout_name(str(job))
    if row := line.get("row"):
        yield row_called(names, str(row), words.language)
    if quality := line.get("quality"):
        yield words(f"quality {quality}")
    if role := line.get("role"):
        yield words(ROLES.get(role, str(role)))
    if days := line.get("days"):
        whole = float(days).is_integer()
        yield words.counted("for {count} days", int(days)) if whole else f"{words('for days')}: {days}"
    if take := line.get("take"):
        yield words("take {number}", number=take)
    if isinstance(most := line.get("max_usd"), int | float):
        yield f"{words('spending up to')} {words.dollars(float(most), 2)}"
    if isinstance(cost := line.get("cost_usd"), int | float):
        yield words.dollars(float(cost), 4) if cost else words("free of charge")
