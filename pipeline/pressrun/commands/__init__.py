"""Commands beside running a job: one file an entry, one line here."""

from __future__ import annotations

import click

from pressrun.commands.adopt import adopt, choose
from pressrun.commands.decide import approve, reject
from pressrun.commands.doctor import doctor
from pressrun.commands.fake_openai import fake_openai
from pressrun.commands.fork import fork
from pressrun.commands.init import init
from pressrun.commands.picture import picture
from pressrun.commands.preflight import preflight
from pressrun.commands.schema import schema
from pressrun.commands.show import show


def register(cli: click.Group) -> None:
    """Add every command to the group."""
    cli.add_command(adopt)
    cli.add_command(approve)
    cli.add_command(choose)
    cli.add_command(doctor)
    cli.add_command(fake_openai)
    cli.add_command(fork)
    cli.add_command(init)
    cli.add_command(picture)
    cli.add_command(preflight)
    cli.add_command(reject)
    cli.add_command(schema)
    cli.add_command(show)
