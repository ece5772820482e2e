"""A cell that does not hold what its column's type says."""

from __future__ import annotations


class BadCell(ValueError):
    """`expected` names what the column's type says, `hint` shows how to write it; `COLUMN` in it stands for the
    column's name."""

    def __init__(self, expected: str, hint: str) -> None:
        super().__init__(expected)
        self.expected = expected
        self.hint = hint

    def hint_for(self, column: str) -> str:
        return self.hint.replace("COLUMN", column)
