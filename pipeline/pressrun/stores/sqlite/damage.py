"""Rows that do not say what they should: found, told, and kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pressrun.stores.sqlite.database import Database


def is_object(column: str) -> str:
    """The condition that a column holds an object in JSON, in which Python writes two numbers that SQLite does not
    read."""
    words = " OR ".join(f"{column} GLOB '{{*{word}*}}'" for word in ("Infinity", "NaN"))
    return f"(CASE WHEN json_valid({column}) THEN json_type({column}) = 'object' ELSE {words} END)"


_VERDICT = "verdict IN ('approve', 'reject', 'withdraw')"
_SUBJECT = "(subject NOT LIKE '[%' OR (json_valid(subject) AND json_array_length(subject) = 4))"


@dataclass(frozen=True, slots=True)
class Soundness:
    """What holds of every sound row of a table, what tells a row of it, and what is done to one that is not."""

    condition: str
    name: str
    mending: str


SOUND: Mapping[str, Soundness] = {
    "results": Soundness(is_object("facts"), "kind || ' ' || substr(key, 1, 12)", "DELETE FROM results"),
    "attempts": Soundness(
        f"({is_object('detail')} AND (usage IS NULL OR {is_object('usage')}))", "'call ' || id",
        f"UPDATE attempts SET detail = CASE WHEN {is_object('detail')} THEN detail ELSE '{{}}' END,"
        f" usage = CASE WHEN {is_object('usage')} THEN usage END",
    ),
    "batches": Soundness(is_object("shard"), "'batch ' || id", "UPDATE batches SET state = 'lost', shard = '{}'"),
    "decisions": Soundness(f"({_VERDICT} AND {_SUBJECT})", "'decision ' || id", "DELETE FROM decisions"),
}  # fmt: skip


class DamageTable(Database):
    """The table of rows that were set aside: each as the SQL that would write it."""

    def damaged(self) -> list[str]:
        return [
            str(row[0])
            for table, sound in SOUND.items()
            for row in self._query(f"SELECT {sound.name} FROM {table} WHERE NOT {sound.condition} ORDER BY 1")
        ]

    def set_aside(self) -> int:
        count = 0
        with self._transaction() as connection:
            for table, sound in SOUND.items():
                columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
                values = " || ', ' || ".join(f"quote({column})" for column in columns)
                written = f"'INSERT INTO {table} ({', '.join(columns)}) VALUES (' || {values} || ')'"
                where = f"WHERE NOT {sound.condition}"
                count += connection.execute(f"INSERT INTO damaged (row) SELECT {written} FROM {table} {where}").rowcount
                connection.execute(f"{sound.mending} {where}")
        return count
