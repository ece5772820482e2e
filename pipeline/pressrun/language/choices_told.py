"""What was chosen where a sheet left something open, in the language of a page."""

from __future__ import annotations

from pressrun.language.page_words import PageWords
from pressrun.model.choice import Choice


def chosen_by(choice: Choice, words: PageWords) -> str:
    """The ratio that it was chosen by, with that which was asked for, and what was tried before."""
    ratio = words.isolated(f"{choice.contrast}:1")
    if choice.asked:
        ratio = words("{ratio} of {wanted} asked for", ratio=ratio, wanted=words.isolated(f"{choice.asked:g}:1"))
    before = ", ".join(words.isolated(f"{what} {reached:g}:1") for what, reached in choice.tried.items())
    return f"{ratio}; {before}" if before else ratio
