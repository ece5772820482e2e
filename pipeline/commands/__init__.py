"""Commands beside running a job: one file an entry, one line here."""

from __future__ import annotations

import click


def register(cli: click.Group) -> None:
    """Add every command to the group."""
