"""`pressrun ledger`: what all runs of a campaign spent, and what nobody knows."""

from __future__ import annotations

import json
from pathlib import Path

import cloup

from pressrun.commands.flags import FinishedRun, Output, flags
from pressrun.commands.terminal import tell, tell_json


@cloup.command()
@flags(only=("root",), campaign=FinishedRun)
@flags(only=("as_json",), output=Output)
def ledger(campaign: FinishedRun, output: Output) -> int:
    """Add up what was spent: by job, by day (UTC), by model and by lane, with what nobody knows."""
    from pressrun.commands.report.ledger_totals import ledger_data, ledger_text, totals_of
    from pressrun.doors import find_root, opened_journal

    root = (campaign.root or find_root(Path.cwd())).resolve()
    with opened_journal(root, reading=True) as journal:
        totals = totals_of(journal)
    if output.as_json:
        tell_json(json.dumps(ledger_data(totals), ensure_ascii=False, indent=2))
    else:
        tell(ledger_text(totals))
    return 0
