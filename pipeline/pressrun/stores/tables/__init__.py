"""The tables of a journal that is kept in a database: one set of methods, whichever database it is.

Each table has its file here; what a database says in words of its own is in `database.py`.
"""

from pressrun.stores.tables.attempts import AttemptTable
from pressrun.stores.tables.batches import BatchTable
from pressrun.stores.tables.branches import BranchTable
from pressrun.stores.tables.claims import ClaimTable
from pressrun.stores.tables.damage import DamageTable
from pressrun.stores.tables.decisions import DecisionTable
from pressrun.stores.tables.fingerprint import FingerprintOfTables
from pressrun.stores.tables.lineage import LineageTable
from pressrun.stores.tables.results import ResultTable
from pressrun.stores.tables.runs import RunTable


class Tables(
    ResultTable, AttemptTable, ClaimTable, BatchTable, RunTable, DecisionTable, LineageTable, BranchTable, DamageTable,
    FingerprintOfTables,
):  # fmt: skip
    """All of them. Every method is one transaction, on disk when it returns."""
