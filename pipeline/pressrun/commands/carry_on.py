"""The command that carries on where one was stopped, as it can be pasted into a shell."""

from __future__ import annotations

import re
from decimal import Decimal

import click

from pressrun.commands.terminal import tell


def tell_how_to_carry_on(arguments: str | None = None, cap: Decimal | None = None) -> None:
    """By default the command that is being done; where the budget stopped it, with a ``cap`` that is enough."""
    again = click.get_current_context().find_root().obj if arguments is None else arguments
    if cap is not None:
        again = f"{re.sub(r' --max-cost[ =][^ ]+', '', again)} --max-cost {cap}"
    tell(f"To carry on: pressrun {again}", err=True)
