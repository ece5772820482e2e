"""What a store remembers, in one SQLite file: results by key, money, claims, batches, decisions, lineage,
branches.

Each table has its file here; `database.py` opens the file, migrates it and knows which journals are in use.
"""

from __future__ import annotations

from pressrun.stores.sqlite.attempts import Attempt, Attempts, Quote, Settlement, Spending, State
from pressrun.stores.sqlite.batches import Batch, BatchTable
from pressrun.stores.sqlite.branches import Branches
from pressrun.stores.sqlite.claims import Claims
from pressrun.stores.sqlite.database import JournalError
from pressrun.stores.sqlite.decisions import Decision, Decisions, Verdict
from pressrun.stores.sqlite.lineage import Descent, Lineage
from pressrun.stores.sqlite.results import Result, Results

__all__ = [
    "Attempt",
    "Batch",
    "Decision",
    "Descent",
    "Journal",
    "JournalError",
    "Quote",
    "Result",
    "Settlement",
    "Spending",
    "State",
    "Verdict",
]


class Journal(Results, Attempts, Claims, BatchTable, Decisions, Lineage, Branches):
    """The journal at `path`, created if missing. Safe for several threads, and for several processes at once.

    Every method is one transaction, on disk when it returns. All raise `JournalError` when the file cannot be used.
    """
