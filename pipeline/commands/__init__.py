"""Commands beside running a job: one file an entry, one line here."""

from __future__ import annotations

import click

from pipeline.commands.adopt import adopt, choose
from pipeline.commands.decide import approve, reject
from pipeline.commands.doctor import doctor
from pipeline.commands.fake_openai import fake_openai
from pipeline.commands.fork import fork
from pipeline.commands.init import init
from pipeline.commands.picture import picture
from pipeline.commands.preflight import preflight
from pipeline.commands.schema import schema
from pipeline.commands.show import show


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
