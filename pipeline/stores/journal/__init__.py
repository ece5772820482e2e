"""What a store remembers, in one SQLite file: results by key, money, claims, batches, decisions, lineage,
branches.

Each table has its file here; `database.py` opens the file, migrates it and knows which journals are in use.
"""

from __future__ import annotations

from pipeline.stores.journal.attempts import Attempt, Attempts, Quote, Settlement, Spending, State
from pipeline.stores.journal.batches import Batch, Batches
from pipeline.stores.journal.branches import Branches
from pipeline.stores.journal.claims import Claims
from pipeline.stores.journal.database import JournalError
from pipeline.stores.journal.decisions import Decision, Decisions, Verdict
from pipeline.stores.journal.lineage import Descent, Lineage
from pipeline.stores.journal.results import Result, Results

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


class Journal(Results, Attempts, Claims, Batches, Decisions, Lineage, Branches):
    """The journal at `path`, created if missing. Safe for several threads, and for several processes at once.

    Every method is one transaction, on disk when it returns. All raise `JournalError` when the file cannot be used.
    """
