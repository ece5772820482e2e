"""The command that carries on where one was stopped, as it can be pasted into a shell."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from decimal import Decimal

import click

from pressrun.commands.terminal import tell

_KEPT_IN_DOUBLE_QUOTES = re.compile(r"""[^"$`\\!]|!(?=[= ])""")


def command_line(words: Iterable[str]) -> str:
    """Words as a shell takes them. A word with single quotes in it has double ones around it where these change
    nothing, since people have to read it."""
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    if "'" in word and not _KEPT_IN_DOUBLE_QUOTES.sub("", word):
        return f'"{word}"'
    return shlex.quote(word)


def tell_how_to_carry_on(arguments: str | None = None, cap: Decimal | None = None) -> None:
    """By default the command that is being done; where the budget stopped it, with a ``cap`` that is enough."""
    again = click.get_current_context().find_root().obj if arguments is None else arguments
    if cap is not None:
        again = f"{re.sub(r' --max-cost[ =][^ ]+', '', again)} --max-cost {cap}"
    tell(f"To carry on: pressrun {again}", err=True)
