"""`pressrun fork`: a picture changed as somebody says, as a branch beside it."""

from __future__ import annotations

import json
from pathlib import Path

import click
import cloup

from pressrun.commands.carry_on import command_line
from pressrun.commands.flags import Figure, FinishedRun, Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.settings import Settings


@cloup.command()
@cloup.argument("wanted", metavar="ASSET|PICTURE")
@cloup.argument("instruction")
@cloup.option_group(
    "The change",
    cloup.option("--name", default="", metavar="BRANCH", help="The branch's name (default: words of the instruction)."),
    cloup.option("--all-masters", is_flag=True, help="Change the picture in every shape it has."),
    cloup.option("--mask", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="PNG",
                 help="Change only what is transparent here; all other pixels stay as they are."),
    cloup.option("--feather", type=Figure(0, 200), default=6.0, show_default=True, metavar="PIXELS",
                 help="How softly the change ends inside the mask."),
    cloup.option("--take", type=click.IntRange(1), default=1, metavar="N", help="Try the same wish once more."),
    cloup.option("--quality", default="", metavar="Q", help="In place of that of the picture."),
    cloup.option("--conversation", is_flag=True, help="Go on from what was said of the picture before (openai)."),
)  # fmt: skip
@flags(only=("provider", "max_cost", "retry_unknown"), settings=Settings)
@cloup.option("--dry-run", is_flag=True, help="Say what it would cost, and do nothing.")
@flags(finished=FinishedRun)
@flags(only=("as_json",), output=Output)
def fork(
    wanted: str, instruction: str, name: str, all_masters: bool, mask: Path | None, feather: float, take: int,
    quality: str, conversation: bool, settings: Settings, dry_run: bool, finished: FinishedRun, output: Output,
) -> int:  # fmt: skip
    """Change a generated picture (that of a file, or by the beginning of its key) as INSTRUCTION says.

    The picture stays as it is; the changed one is a branch, for `run --branch NAME` or `choose`. Forks of forks work.
    """
    from pressrun.decisions import selection as meant
    from pressrun.decisions.forks import Change
    from pressrun.doors import opened_run
    from pressrun.run.edits.asked_forks import asked_forks

    if not instruction.strip():
        raise click.UsageError("say what is to be changed")
    if mask and all_masters:
        raise click.UsageError("a mask lies on one picture; fork the masters one by one")
    with opened_run(finished.root, finished.name) as (root, record, journal):
        shown = meant.picture_meant(wanted, root, record, journal)
    job_file = meant.job_of(record, root)
    change = Change(
        instruction.strip(), name, mask.read_bytes() if mask else None, feather, take, quality, conversation
    )  # fmt: skip
    with asked_forks(root, record, shown, change, settings, all_masters) as asked:
        price = asked.price_usd
        said = "at a price nobody knows" if price is None else f"for about ${price:.4f}"
        if dry_run:
            tell(f"{sum(not one.there for one in asked.forks)} of {len(asked.forks)} pictures to make, {said}")
            return 0
        answers = []
        for one, made in zip(asked.forks, asked.made(settings.max_cost, settings.retry_unknown), strict=True):
            answers.append({
                "branch": one.name, "root": one.root, "parent": one.parent.key, "key": made.key, "sha256": made.digest,
                "cost_usd": 0.0 if one.there else made.provenance.cost_usd, "instruction": change.instruction,
                "file": asked.doors.store.address(made.digest),
            })  # fmt: skip
        flags = asked.flags()
    if output.as_json:
        tell_json(json.dumps(answers, ensure_ascii=False, indent=2))
        return 0
    for answer in answers:
        cost = answer["cost_usd"]
        paid = "at a price nobody knows" if cost is None else f"${float(str(cost)):.4f}"
        tell(f"{answer['branch']}: picture {str(answer['key'])[:12]}, of {str(answer['parent'])[:12]}, {paid}")
        tell(f"  {answer['file']}")
    tell(f"Now: pressrun {command_line(['run', meant.job_shown(job_file, root), *flags])}")
    return 0
