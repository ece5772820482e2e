"""The rows of a query to a database."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.columnar_file import missing_extra
from pressrun.readers.typed_cells import table_of_columns
from pressrun.readers.written_table import WrittenTable

FROM_ENVIRONMENT = "env:"
_PASSWORD = re.compile(r"://[^/@:]*:[^/@]*@")


def read_query(
    query: str, url: str, file: str, environment: Mapping[str, str], place: Place
) -> tuple[WrittenTable | None, list[Finding]]:
    """What a query answers. ``url`` is ``env:NAME``, or an address without a password; nothing is written. Codes:
    ``missing-key``, ``secret-in-job``, ``missing-extra``, ``query-failed``, and those of `table_of_columns`."""
    if url.startswith(FROM_ENVIRONMENT):
        name = url.removeprefix(FROM_ENVIRONMENT)
        if not (address := environment.get(name, "")):
            hint = f"write {name}=postgresql+psycopg://… into .env, or set it"
            return None, [Finding(Severity.ERROR, "missing-key", f"the environment has no {name}", place, hint)]
    else:
        address = url
        if _PASSWORD.search(address):
            hint = "put the address into .env, and write url: env:SHOP_DB"
            return None, [Finding(Severity.ERROR, "secret-in-job", "the address has a password in it", place, hint)]
    try:
        import sqlalchemy
    except ImportError:
        return None, [missing_extra("queries are asked by SQLAlchemy, which is not installed", "sql", place)]
    try:
        engine = sqlalchemy.create_engine(address)
        with engine.connect() as connection:
            answer = connection.execute(sqlalchemy.text(query))
            headers, rows = list(answer.keys()), [tuple(row) for row in answer] if answer.returns_rows else []
            connection.rollback()
        engine.dispose()
    except (sqlalchemy.exc.SQLAlchemyError, ImportError, ValueError) as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
        message = f"the query could not be answered: {said[0].replace(address, url)}"
        return None, [Finding(Severity.ERROR, "query-failed", message, place)]
    columns = ([row[at] for row in rows] for at in range(len(headers)))
    return table_of_columns(file, headers, columns)
