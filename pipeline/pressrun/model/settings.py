"""What the command line may say about a run: the one place where a flag has its name, its type, its default and its
help. The options and their groups in ``--help`` are made from here (see ``commands/flags``)."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Struct

from pressrun.model.duration import seconds_of

Language = Literal["en", "de", "ar"]
"""What pages speak (see ``language/page_words``)."""

Lane = Literal["direct", "batch", "background", "auto"]
"""``direct``: each picture by a call of its own, now. ``background``: at the same price, but made while nobody waits,
and collected by whichever run comes. ``auto``: whichever keeps the deadline, the cheaper one first."""


class Flag(Struct, frozen=True):
    """How the command line says a field. ``help`` is what ``--help`` tells of it and ``group`` the heading it stands
    under; ``metavar`` is its value's name there. A field is written as its name with dashes, unless ``name`` says
    another way. ``least`` is the smallest number it takes. ``reads`` makes the value of what was typed, and raises
    ValueError with the reason where it cannot.
    """

    help: str
    group: str = ""
    metavar: str = ""
    name: str = ""
    least: int | None = None
    reads: Callable[[str], Any] | None = None


def dollars_of(text: str) -> float:
    """An amount of money: a number from nothing upwards, and never ``nan`` or ``inf``. Raises ValueError."""
    try:
        amount = float(text)
    except ValueError:
        amount = math.nan
    if not math.isfinite(amount) or amount < 0:
        raise ValueError(f"'{text}' is no amount of money: write 20 or 0.50")
    return amount


def hosts_of(text: str) -> tuple[str, ...]:
    """Hosts, with commas between them. Raises ValueError."""
    hosts = tuple(host.strip().lower() for host in text.split(","))
    if not all(hosts) or any("/" in host for host in hosts):
        raise ValueError(f"'{text}' is no host: write pictures.example or pictures.example:8080")
    return hosts


ROWS = "What is made"
PICTURES = "Pictures"
MONEY = "Money and time"
DECISIONS = "What was decided"
MACHINE = "This machine"


class Settings(Struct, frozen=True, kw_only=True):
    """What the command line may say. A field with a :class:`Flag` is an option of every command that is about a job;
    ``inline`` (everything in this process, for tests) is none, nor is ``keep``, where a run leaves what sheets were
    on their way, nor how many are in memory ``sheets_at_once``. ``deadline`` is in seconds."""

    only: Annotated[
        str | None,
        Flag("Only rows for which this holds: \"region.locale == 'de-DE'\", \"'cup' in product.name\".", ROWS, "EXPR"),
    ] = None
    take: Annotated[int | None, Flag("Make this take, and no other.", ROWS, "N", least=1)] = None
    out: Annotated[Path | None, Flag("Where runs go (default: runs/ beside brands/).", ROWS, "DIR")] = None
    provider: Annotated[
        str | None, Flag("Make pictures with this provider, whatever the job says.", PICTURES, "NAME")
    ] = None
    allow_host: Annotated[
        tuple[str, ...],
        Flag("Also send prompts, pictures and keys there, as the job says.", PICTURES, "HOST", reads=hosts_of),
    ] = ()
    model: Annotated[str | None, Flag("Let this model draw, whatever the job says.", PICTURES, "NAME")] = None
    profile: Annotated[
        str | None, Flag("What kind of server it is, e.g. rehearsal, azure, litellm.", PICTURES, "NAME")
    ] = None
    price: Annotated[
        float | None,
        Flag("What a picture costs where nobody knows it, in dollars.", MONEY, "USD", reads=dollars_of),
    ] = None
    quality: Annotated[str | None, Flag("In place of every picture's own: low for drafts.", PICTURES, "Q")] = None
    branch: Annotated[str | None, Flag("Take pictures from this branch, where they have it.", PICTURES, "NAME")] = None
    approved_only: Annotated[bool, Flag("Leave out what nobody approved.", DECISIONS)] = False
    final: Annotated[bool, Flag("Make what is approved in its final quality (default: high).", DECISIONS)] = False
    from_draft: Annotated[bool, Flag("With --final: keep the composition of the drafts.", DECISIONS)] = False
    max_cost: Annotated[
        float | None,
        Flag("Stop before the call that could cross this (exit 4).", MONEY, "USD", reads=dollars_of),
    ] = None
    retry_unknown: Annotated[bool, Flag("Ask again for pictures that were perhaps paid.", MONEY)] = False
    retry_settled: Annotated[
        bool, Flag("Let `retry` buy takes of pictures that were right before, too.", MONEY)
    ] = False
    lane: Annotated[
        Lane,
        Flag("How paid pictures are had: now, in the background, in batches at half the price, as fits.", MONEY),
    ] = "direct"
    deadline: Annotated[
        float | None,
        Flag("With --lane auto or batch: when they are wanted, e.g. 6h.", MONEY, "TIME", reads=seconds_of),
    ] = None
    language: Annotated[
        Language | None, Flag("Of the contact sheet's own words (default: PRESSRUN_LANGUAGE, else en).", ROWS)
    ] = None
    jobs: Annotated[int, Flag("Worker processes (default: all cores).", MACHINE, "N", least=0)] = 0
    verbose: Annotated[bool, Flag("Print where the program was when tasks failed, too.", MACHINE)] = False
    inline: bool = False
    sheets_at_once: int = 4000
    keep: Path | None = None

    @property
    def of_provider(self) -> dict[str, Any]:
        """Options of a provider that were said, by their names."""
        said = {"model": self.model, "profile": self.profile, "price": self.price}
        return {name: value for name, value in said.items() if value is not None}

    @property
    def workers(self) -> int:
        """Worker processes: as many as asked for, else one a core."""
        return self.jobs or os.cpu_count() or 1

    @property
    def contradiction(self) -> str | None:
        """Why these cannot be meant together, or None."""
        if self.from_draft and not self.final:
            return "--from-draft is for --final"
        if (self.lane == "auto" and self.deadline is None) or (self.lane == "direct" and self.deadline is not None):
            return "--lane auto and --deadline go together, e.g. --lane auto --deadline 6h"
        return None
