"""Rows that do not say what they should: found, told, and kept apart."""

from __future__ import annotations

from pressrun.stores.tables.database import Database


class DamageTable(Database):
    """The table of rows that were set aside: each as the SQL that would write it."""

    def damaged(self) -> list[str]:
        return [
            str(row[0])
            for table, rule in self.sound.items()
            for row in self._query(f"SELECT {rule.name} FROM {table} WHERE NOT {rule.condition} ORDER BY 1")
        ]

    def set_aside(self) -> int:
        count = 0
        with self._transaction() as connection:
            for table, rule in self.sound.items():
                columns = [column[0] for column in connection.execute(f"SELECT * FROM {table} LIMIT 0").description]
                values = " || ', ' || ".join(map(self.dialect.quoted, columns))
                written = f"'INSERT INTO {table} ({', '.join(columns)}) VALUES (' || {values} || ')'"
                where = f"WHERE NOT {rule.condition}"
                count += connection.execute(f"INSERT INTO damaged (row) SELECT {written} FROM {table} {where}").rowcount
                connection.execute(f"{rule.mending} {where}")
        return count
