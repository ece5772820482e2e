"""Every command with its arguments and flags, as the command line itself knows them."""

from __future__ import annotations

from collections.abc import Iterator

import click
from msgspec import Struct

from pressrun.commands.chapters.chapter import Entry


class Flag(Struct, frozen=True):
    """A flag as it is ``written``, with the name of its value, and what is said of it."""

    written: str
    value: str
    says: str
    default: str
    anchor: str


class FlagGroup(Struct, frozen=True):
    title: str
    flags: tuple[Flag, ...]


class Command(Struct, frozen=True):
    """``says`` are the paragraphs of its help."""

    name: str
    usage: str
    says: tuple[str, ...]
    groups: tuple[FlagGroup, ...]

    def look_ups(self) -> Iterator[Entry]:
        """What of it can be looked up."""
        yield Entry(f"pressrun {self.name}", "command", self.name, self.says[0])
        for group in self.groups:
            for flag in group.flags:
                yield Entry(f"{self.name} {flag.written}", "flag", flag.anchor, flag.says)


class Section(Struct, frozen=True):
    title: str
    commands: tuple[Command, ...]


def sections(program: click.Group) -> tuple[Section, ...]:
    """The program's commands under their headings. Raises ValueError for a group that has none."""
    headings = getattr(program, "list_sections", None)
    if headings is None:
        raise ValueError(f"{program.name} has no sections")
    context = click.Context(program, info_name="pressrun")
    return tuple(
        Section(str(section.title), tuple(_command(name, one, context) for name, one in section.list_commands()))
        for section in headings(context)
    )


def _command(name: str, command: click.Command, parent: click.Context) -> Command:
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join(["pressrun", name, *command.collect_usage_pieces(context)])
    paragraphs = (command.help or "").split("\f")[0].split("\n\n")
    says = tuple(" ".join(paragraph.split()) for paragraph in paragraphs)
    return Command(name, usage, says, tuple(_groups(name, command, context)))


def _groups(name: str, command: click.Command, context: click.Context) -> Iterator[FlagGroup]:
    headed = {one.name: str(group.title) for group in getattr(command, "option_groups", ()) for one in group.options}
    told = [one for one in command.get_params(context) if isinstance(one, click.Option) and one.name != "help"]
    for title in dict.fromkeys([*headed.values(), ""]):
        flags = tuple(
            _flag(name, one, context) for one in told if not one.hidden and headed.get(str(one.name), "") == title
        )
        if flags:
            yield FlagGroup(title, flags)


def _flag(command: str, option: click.Option, context: click.Context) -> Flag:
    written = ", ".join((*option.opts, *option.secondary_opts))
    value = "" if option.is_flag else option.make_metavar(context)
    default = str(option.default) if option.show_default and option.default is not None else ""
    return Flag(written, value, " ".join((option.help or "").split()), default, flag_anchor(command, option))


def flag_anchor(command: str, option: click.Option) -> str:
    """Where a flag stands in the chapter."""
    return f"{command}{max(option.opts, key=len)}"
