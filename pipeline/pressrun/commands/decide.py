"""`pressrun approve` and `pressrun reject`: what people think of takes, kept for the runs to come."""

from __future__ import annotations

import contextlib
import getpass
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from pressrun.commands.flags import Command, Decorator, FinishedRun, Output, flags
from pressrun.commands.terminal import tell, tell_json

if TYPE_CHECKING:
    from pressrun.manifest.runs_read import RunRecord
    from pressrun.model.journal import Journal, Verdict

SHOWN = 20


def _options(command: Command) -> Command:
    options: list[Decorator] = [
        cloup.argument("wanted", metavar="[ASSET|PICTURE]...", nargs=-1),
        cloup.option("--where", metavar="EXPR", help="Every file for which this holds: \"product.sku == 'X'\"."),
        cloup.option("--from", "mailed", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="CSV",
                     help="assets.csv with its column `decision` filled in (approve, reject or empty)."),
        cloup.option("--reason", default="", metavar="TEXT", help="Why."),
        cloup.option("--by", metavar="NAME", help="Who decides (default: you)."),
        cloup.option("--undo", is_flag=True, help="Take back what was decided."),
        cloup.option("--list", "listing", is_flag=True, help="List what is decided, and what has changed since."),
        flags(finished=FinishedRun),
        flags(only=("as_json",), output=Output),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@cloup.command()
@_options
def approve(**said: Any) -> int:
    """Approve files (by path or id), pictures (by the beginning of their key), or what --where or --from names.

    A decision is about what was seen: if its pictures, texts or layout change, the file is undecided again.
    """
    return _decide("approve", **said)


@cloup.command()
@_options
def reject(**said: Any) -> int:
    """Reject files or pictures: later runs leave them out. What can be named is what `approve` takes."""
    return _decide("reject", **said)


def _decide(
    verdict: Verdict, wanted: tuple[str, ...], where: str | None, mailed: Path | None, reason: str, by: str | None,
    undo: bool, listing: bool, finished: FinishedRun, output: Output,
) -> int:  # fmt: skip
    from pressrun import doors
    from pressrun.commands.report.finding_lines import findings_text
    from pressrun.decisions import returned_list
    from pressrun.decisions.latest_decisions import decisions_on
    from pressrun.decisions.selection import Meant, asset_by_path, fault, named, satisfying
    from pressrun.doors import now
    from pressrun.manifest import runs_read

    if not (wanted or where or mailed or listing):
        raise click.UsageError("name files or pictures, or use --where, --from or --list")
    if listing and (wanted or where or mailed or undo):
        raise click.UsageError("--list lists everything and decides nothing")
    root = (finished.root or doors.find_root(Path.cwd())).resolve()
    with doors.opened_journal(root) as journal:
        if journal is None:
            raise fault("no-run", f"there is no finished run in {root / 'runs'}", "run a job first")
        if listing:
            return _list(journal, root, output.as_json)
        record = runs_read.read_run(runs_read.find_run(root, finished.name))
        said: dict[Meant, tuple[Verdict, str]] = {}
        if mailed:
            decided, warnings = returned_list.read_list(mailed, root, record, journal)
            said |= {one.meant: (one.verdict, one.comment or reason) for one in decided}
            if warnings:
                tell(findings_text(warnings), err=True)
        by_path = [found for one in wanted if (found := asset_by_path(one, root))]
        selection = named(wanted, root, record, journal)
        selection += satisfying(where, root, record, journal) if where else []
        said |= dict.fromkeys(selection, (verdict, reason))
        who = by if by is not None else _me()
        at = f"{now():%Y-%m-%dT%H:%M:%SZ}"
        if undo:
            decisions = list(_withdrawn({one.subject for one in said}, journal, who, reason, at))
        else:
            decisions = [
                decision for one, (word, why) in said.items()
                for decision in decisions_on(one.subject, one.content, one.unshown, word, who, why, at)
            ]  # fmt: skip
        journal.decide(decisions)
    if output.as_json:
        tell_json(_json(decisions))
    else:
        tell(_summary(decisions))
        _tell_next(decisions, next((own for own, _ in by_path), record), root)
    return 0


def _tell_next(decisions: list[Any], record: RunRecord, root: Path) -> None:
    from pressrun.decisions import selection

    said = {one.verdict for one in decisions}
    run = f"pressrun run {selection.job_shown(selection.job_of(record, root), root)}"
    if "approve" in said:
        for slot in _waited_for(decisions, record):
            tell(f"Now: {run} makes what waited for {slot}")
        tell(f"Now: {run} --final (in high quality), or --approved-only (as it is)")
    elif "reject" in said:
        drawn = any(asset.pictures for asset in record.assets)  # else there is nothing to take again
        tell(f"Now: {run} leaves it out" + ("; with --take N it makes another" if drawn else ""))


def _waited_for(decisions: list[Any], record: RunRecord) -> list[str]:
    """Of what the run has left out sheets for until it is approved, that which is now: a slot with its row."""
    from pressrun.decisions.latest_decisions import sheet_subject
    from pressrun.model.approved import waited_for

    approved = {one.subject for one in decisions if one.verdict == "approve"}
    slots = {
        picture.slot
        for asset in record.assets
        for picture in asset.pictures
        if approved & {picture.key, sheet_subject(record.job, asset.row, asset.layout, asset.take)}
    }
    waiting = filter(None, map(waited_for, record.notes))
    return [one for one in dict.fromkeys(waiting) if one.partition("/")[0] in slots]


def _withdrawn(subjects: set[str], journal: Journal, who: str, reason: str, at: str) -> list[Any]:
    from pressrun.decisions.latest_decisions import Decisions
    from pressrun.model.journal import Decision

    standing = [word.decision for word in Decisions(journal, "", {}).everything() if word.decision.subject in subjects]
    return [Decision(one.subject, "withdraw", who, reason, one.content, at) for one in standing]


def _me() -> str:
    with contextlib.suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""


def _list(journal: Journal, root: Path, as_json: bool) -> int:
    from pressrun.decisions.latest_decisions import Decisions
    from pressrun.decisions.selection import told_of
    from pressrun.run.edits.outdated_decisions import outdated

    words = Decisions(journal, "", {}).everything()
    standing, known = [word.decision for word in words], outdated(root, words)
    is_outdated = [known.get(word.order, False) for word in words]
    if as_json:
        tell_json(_json(standing, is_outdated))
        return 0
    told = {True: "; outdated: its sheet has changed since", False: "", None: "; its job cannot be read now"}
    for one, is_old in zip(standing, is_outdated, strict=True):
        verdict = "approved" if one.verdict == "approve" else "rejected"
        by = f" by {one.who}" if one.who else ""
        why = f": {one.reason}" if one.reason else ""
        tell(f"{one.at or '-':<20}  {verdict}  {told_of(one.subject, one.content)}{by}{why}{told[is_old]}")
    if not standing:
        tell("Nothing is decided.")
    if any(is_outdated):
        tell("What is outdated counts as undecided: look at it again in a new run.")
    return 0


def _summary(decisions: list[Any]) -> str:
    from pressrun.decisions.selection import told_of

    names = {"approve": "approved", "reject": "rejected", "withdraw": "undecided again"}
    lines = [f"{names[one.verdict]}: {told_of(one.subject, one.content)}" for one in decisions[:SHOWN]]
    if len(decisions) > SHOWN:
        lines.append(f"… and {len(decisions) - SHOWN} more")
    return "\n".join(lines) or "Nothing was decided."


def _json(decisions: list[Any], is_outdated: Sequence[bool | None] = ()) -> str:
    from pressrun.decisions.selection import told_of

    data: list[dict[str, Any]] = [
        {
            "about": told_of(one.subject, one.content), "subject": one.subject, "content": one.content,
            "verdict": one.verdict, "who": one.who, "reason": one.reason, "at": one.at,
        }
        for one in decisions
    ]  # fmt: skip
    data = [{**one, "outdated": is_old} for one, is_old in zip(data, is_outdated, strict=True)] if is_outdated else data
    return json.dumps(data, ensure_ascii=False, indent=2)
