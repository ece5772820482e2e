"""The exceptions that cross a stage, each with the exit code it ends the command with.

Errors are for what stops something; what is merely wrong with one file or row is a `Finding`. All of them survive
pickling, since they are raised in worker processes and told by the parent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import ClassVar

from pressrun.model.finding import Finding


class PressrunError(Exception):
    """Anything Pressrun stops for. `message` says what happened, `hint` what to do about it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        # Both go into `args`, so that unpickling calls the class with what it was made from.
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} — {self.hint}" if self.hint else self.message

    @property
    def code(self) -> str:
        """A stable kebab-case word, as a finding has one: the class's name."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(self).__name__).lower()

    @property
    def stops_the_run(self) -> bool:
        """Whether going on with other rows is no use (a full disk, an empty account), rather than one row's failure."""
        return self.exit_code != PressrunError.exit_code


class InputError(PressrunError):
    """What people wrote cannot be used: carries every finding, not only the first."""

    exit_code = 2

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))
        self.args = (self.findings,)


class RowUnusable(InputError):
    """What a row alone names is there and cannot be used: its sheets fail, and the others are made."""


class WordsFailed(InputError):
    """Templates of the ``failed`` layers cannot be filled in for a row; ``said`` are the fields of all others."""

    def __init__(
        self, findings: Iterable[Finding], said: Mapping[str, dict[str, str]], failed: frozenset[str]
    ) -> None:
        super().__init__(findings)
        self.said, self.failed = dict(said), failed
        self.args = (self.findings, self.said, failed)


class BelowStandard(PressrunError):
    """A file that was written, or of a file ``of_many`` rows what one has in it, is not what its ``standard`` asks for,
    and so is not delivered. ``told`` is why, ``codes`` are the rules', and ``pages`` (numbers from 0) those that may be
    to blame, none where it is the file itself."""

    def __init__(
        self, standard: str, told: str, codes: Iterable[str], pages: Iterable[int] = (), of_many: bool = False
    ) -> None:
        of_all = f"the file is not {standard} as it says, and so is not delivered"
        super().__init__(f"{f'its pages are not {standard}, and so not in the file' if of_many else of_all}: {told}")
        self.standard, self.told, self.codes, self.pages = standard, told, frozenset(codes), frozenset(pages)
        self.args = (standard, told, self.codes, self.pages, of_many)


class TextInTransparency(PressrunError):
    """Texts would become pixels, since they lie in or under what is transparent, and the format knows no transparency;
    ``hidden`` are their layers with the page of each, where it has several, and ``pages`` (numbers from 0) those of
    what was to be written."""

    def __init__(self, hidden: Sequence[tuple[str, int | None]], pages: Iterable[int] = ()) -> None:
        places: dict[str, list[int]] = {}
        for layer, page in hidden:
            places.setdefault(layer, []).extend(() if page is None else (page,))
        named = ", ".join(f"'{layer}'{_on_pages(numbers)}" for layer, numbers in places.items())
        message = f"text lies in or under transparency, which PDF/X-1a has not, and would become pixels: {named}"
        super().__init__(message, "lay it over that, or write `flatten: true` in the layout: it is printed at 1200 ppi")
        self.hidden, self.pages = tuple(hidden), frozenset(pages)
        self.args = (self.hidden, self.pages)


def _on_pages(numbers: Sequence[int]) -> str:
    if len(numbers) < 2:
        return f" on page {numbers[0]}" if numbers else ""
    return f" on pages {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


class MissingTool(PressrunError):
    """A tool, font, profile or key that the run needs is not there."""

    exit_code = 3


class ProviderStopped(PressrunError):
    """The provider will serve no further picture (key refused, account empty): the whole run stops at once."""

    exit_code = 3


class BudgetReached(PressrunError):
    """The next picture would cost more than the budget leaves; the message says what was spent. ``enough_usd`` is the
    cap with which the same run would have the rest; None where nobody knows."""

    exit_code = 4

    def __init__(self, message: str, hint: str | None = None, enough_usd: Decimal | None = None) -> None:
        super().__init__(message, hint)
        self.args = (message, hint, enough_usd)
        self.enough_usd = enough_usd


class Interrupted(PressrunError):
    """Somebody pressed Ctrl-C, or the system asked the run to end."""

    exit_code = 130


class PictureFailed(PressrunError):
    """This picture could not be made after all retries. Fails this picture only. ``remedy`` is what would keep others
    from failing the same way; ``step`` is the number, from 0, of the retouching step that could not be done."""

    step: int | None = None

    def __init__(self, message: str, hint: str | None = None, remedy: str | None = None) -> None:
        super().__init__(message, hint)
        self.args = (message, hint, remedy)
        self.remedy = remedy
