"""What holds of the rows of each table, as conditions in the words of a database."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from pressrun.stores.tables.dialect import Dialect


class Soundness(Struct, frozen=True):
    """What holds of every sound row of a table, what tells a row of it, and what is done to one that is not."""

    condition: str
    name: str
    mending: str


def soundness_in(dialect: Dialect) -> Mapping[str, Soundness]:
    """What holds of the rows of each table, in the words of a database."""
    is_object = dialect.is_object
    verdict = "verdict IN ('approve', 'reject', 'withdraw')"
    subject = f"(subject NOT LIKE '[%' OR coalesce({dialect.items('subject')}, 0) = 4)"
    return {
        "results": Soundness(is_object("facts"), "kind || ' ' || substr(key, 1, 12)", "DELETE FROM results"),
        "attempts": Soundness(
            f"({is_object('detail')} AND (usage IS NULL OR {is_object('usage')}))", "'call ' || id",
            f"UPDATE attempts SET detail = CASE WHEN {is_object('detail')} THEN detail ELSE '{{}}' END,"
            f" usage = CASE WHEN {is_object('usage')} THEN usage END",
        ),
        "batches": Soundness(is_object("shard"), "'batch ' || id", "UPDATE batches SET state = 'lost', shard = '{}'"),
        "decisions": Soundness(f"({verdict} AND {subject})", "'decision ' || id", "DELETE FROM decisions"),
    }  # fmt: skip
