"""The rows of a query to a database, which is only read."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.columnar_file import missing_extra
from pressrun.readers.json_text import AS_WRITTEN
from pressrun.readers.text_file import unreadable
from pressrun.readers.typed_cells import table_of_columns
from pressrun.readers.written_table import WrittenTable

FROM_ENVIRONMENT = "env:"
_PASSWORD = re.compile(r"://[^/@:]*:[^/@]*@")


def read_query(
    query: str, url: str, file: str, environment: Mapping[str, str], place: Place, folder: Path = Path()
) -> tuple[WrittenTable | None, list[Finding]]:
    """What a query answers. ``url`` is ``env:NAME``, or an address without a password; the file of an SQLite database
    is looked up from ``folder``. Nothing is written. Codes: ``missing-key``, ``secret-in-job``, ``missing-extra``,
    ``missing-file``, ``query-failed``, and those of `table_of_columns`."""
    if is_named := url.startswith(FROM_ENVIRONMENT):
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
        target = sqlalchemy.make_url(address)
        if target.drivername == "postgres":  # as hosts hand it out
            target = target.set(drivername="postgresql")
        is_sqlite = target.get_backend_name() == "sqlite"
        if is_sqlite and (path := _sqlite_file(target.database or "", folder)):
            if not path.is_file():  # SQLite would make an empty one
                shown = path.name if is_named else target.database or ""
                missing = IsADirectoryError() if path.is_dir() else FileNotFoundError()
                return None, [unreadable(path, shown, missing, asked_at=place)]
            if not (target.database or "").startswith("file:"):
                target = target.set(database=os.fspath(path))
        of_kind = {"json_deserializer": _json} if target.get_backend_name() == "postgresql" else {}
        engine = sqlalchemy.create_engine(target, poolclass=sqlalchemy.NullPool, **of_kind)
        with engine.connect() as connection:
            _only_read(connection, is_sqlite)
            connection.execution_options(no_parameters=True)  # a % or a :name in it is what it says
            answer = connection.exec_driver_sql(query)
            headers, rows = list(answer.keys()), [tuple(row) for row in answer] if answer.returns_rows else []
            connection.rollback()
    except (sqlalchemy.exc.SQLAlchemyError, ImportError, ValueError) as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
        message = f"the query could not be answered: {said[0].replace(address, url)}"
        has_driver = not isinstance(error, (ImportError, sqlalchemy.exc.NoSuchModuleError))
        cure = None if has_driver else "install a driver of the database, and name it: mysql+pymysql://…"
        return None, [Finding(Severity.ERROR, "query-failed", message, place, cure)]
    columns = ([row[at] for row in rows] for at in range(len(headers)))
    return table_of_columns(file, headers, columns)


def _json(text: str | bytes) -> Any:
    return json.loads(text, **AS_WRITTEN)


def _sqlite_file(database: str, folder: Path) -> Path | None:
    """The file of a database; None of one that is in memory."""
    name, _, options = database.partition("?")
    if database.startswith("file:"):
        if "mode=memory" in options:
            return None
        name = unquote(name.removeprefix("file:"))
        name = "/" + name.lstrip("/") if name.startswith("//") else name  # file:///shop.db
    else:
        name = database
    return None if name in ("", ":memory:") else folder / name


def _only_read(connection: Any, is_sqlite: bool) -> None:
    """Have the database refuse whatever would change it, where it can."""
    if is_sqlite:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    elif connection.dialect.name == "postgresql":
        connection.execution_options(postgresql_readonly=True)
