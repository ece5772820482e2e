"""Sessions with a PostgreSQL server: opened with patience, given up in time, their errors told in our words."""

from __future__ import annotations

import contextlib
import functools
import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pressrun.model.errors import MissingTool
from pressrun.model.journal import JournalError

if TYPE_CHECKING:
    import psycopg

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 10
WAITS = (1.0, 3.0, 9.0)  # seconds before each further try to reach a server that does not answer
BUSY_SECONDS = 60  # as long as one run waits for another, and a stopped one may keep others waiting
AGAIN = "run the same command again: what is done is kept"
# A cut line is noticed by both ends within 40 seconds, also while nobody says anything.
ALIVE = {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 10, "keepalives_count": 3}
SERVER_SETTINGS = (
    "SET tcp_keepalives_idle = 10", "SET tcp_keepalives_interval = 10", "SET tcp_keepalives_count = 3",
    "SET synchronous_commit = on", f"SET lock_timeout = '{BUSY_SECONDS}s'",
)  # fmt: skip


class Session:
    """One connection, which commits each statement outside of a transaction, and understands ``?``."""

    def __init__(self, url: str, where: str) -> None:
        self.where = where
        self.connection = _connected(url, where)
        with telling(where):
            for statement in SERVER_SETTINGS:
                self.execute(statement)
            encoding = self.connection.info.parameter_status("server_encoding")
            if encoding != "UTF8":
                self.close()
                raise JournalError(
                    f"the database of the journal {where} writes {encoding}, not every language",
                    "make one for it: createdb --encoding=UTF8 --template=template0",
                )

    def execute(self, statement: str, values: Sequence[Any] = ()) -> psycopg.Cursor[Any]:
        return self.connection.execute(_translated(statement), values)

    def one(self, statement: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of an answer, if there is one."""
        row: tuple[Any, ...] | None = self.execute(statement, values).fetchone()
        return row

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(_translated(statement), rows)

    @property
    def is_gone(self) -> bool:
        return self.connection.closed or self.connection.broken

    def close(self) -> None:
        with contextlib.suppress(Exception):  # whatever it says: it is over
            self.connection.close()


def where_of(url: str, schema: str) -> str:
    """An address for people and for names: without user and password. Raises JournalError."""
    psycopg = _driver()
    try:
        said = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise JournalError(
            "the journal's address cannot be read", "write postgresql://user@host:5432/database, as libpq has them"
        ) from None
    port = f":{said['port']}" if said.get("port") else ""
    host = quote(str(said.get("host") or "localhost"), safe=".:[],-_")
    return f"postgresql://{host}{port}/{said.get('dbname') or said.get('user') or ''}#{schema}"


@contextlib.contextmanager
def telling(where: str) -> Iterator[None]:
    """Turn what the driver raises into a line that says what to do; its own words go to the log."""
    psycopg = _driver()
    try:
        yield
    except psycopg.Error as error:
        logger.info("%s: %s", where, error)
        raise JournalError(f"the journal {where} cannot be used: {_told(error)}", _hint(error)) from error


def is_direct(session: Session) -> bool:
    """Whether the process that answers is the one that greeted us. What stands between may be a pooler."""
    return session.one("SELECT pg_backend_pid()") == (session.connection.info.backend_pid,)


def keeps_sessions(one: Session, other: Session) -> bool:
    """Whether two sessions are of two processes of the server, each the same all the time: not so where a pooler gives
    a session away between two transactions."""
    for _ in range(3):
        before = one.one("SELECT pg_backend_pid()")
        with other.connection.transaction():
            beside = other.one("SELECT pg_backend_pid()")
            after = one.one("SELECT pg_backend_pid()")
        if before != after or beside == before:
            return False
    return True


@functools.cache
def _translated(statement: str) -> bytes:
    return statement.replace("%", "%%").replace("?", "%s").encode()


def _driver() -> Any:
    try:
        import psycopg
        import psycopg.conninfo
    except ImportError:
        raise MissingTool("a journal in PostgreSQL needs psycopg", "pip install 'pressrun[postgres]'") from None
    return psycopg


def _connected(url: str, where: str) -> psycopg.Connection[Any]:
    driver = _driver()
    waits = iter(WAITS)
    while True:
        try:
            connection: psycopg.Connection[Any] = driver.connect(
                url, autocommit=True, connect_timeout=CONNECT_SECONDS, application_name="pressrun",
                client_encoding="utf8", tcp_user_timeout=30_000, **ALIVE,
            )  # fmt: skip
            return connection
        except driver.Error as error:
            wait = None if _is_final(str(error)) else next(waits, None)
            if wait is None:
                logger.info("%s: %s", where, error)
                told = f"the journal {where} cannot be reached: {_told(error)}"
                raise JournalError(told, _hint(error)) from error
            time.sleep(wait)


def _is_final(problem: str) -> bool:
    """Whether asking again is no use."""
    return any(word in problem for word in ("authentication failed", "does not exist", "no password", "no pg_hba"))


def _told(error: Exception) -> str:
    """Our words for what happened."""
    problem = str(error)
    state = getattr(error, "sqlstate", None) or ""
    for told, words, states in (
        ("its server refuses the password", ("authentication failed", "no password"), ("28",)),
        ("its server does not let us in from here", ("no pg_hba",), ()),
        ("there is no such database", ("database",), ("3D",)) if "does not exist" in problem else ("", (), ()),
        ("there is no such user", ("role",), ()) if "does not exist" in problem else ("", (), ()),
        ("the server has no room left", ("No space left",), ("53100",)),
        ("the server takes no more connections", ("too many connections", "remaining connection slots"), ("53300",)),
        ("you may not write there", ("permission denied",), ("42501",)),
        ("the server is read-only", ("read-only transaction",), ("25006",)),
        ("another run keeps it busy", ("lock timeout",), ("55P03",)),
        ("a value is none of its kind", (), ("22",)),
        ("the server does not answer", ("connection", "Connection", "timeout", "resolve"), ("08", "57P")),
    ):
        if any(word in problem for word in words) or any(state.startswith(one) for one in states):
            return told
    return " ".join(problem.split())[:200]


def _hint(error: Exception) -> str:
    return {
        "its server refuses the password": "set PGPASSWORD, or a line in ~/.pgpass, or the address's own password",
        "its server does not let us in from here": "its pg_hba.conf has to name this machine",
        "there is no such database": "createdb makes one; or correct the name after the last / of the address",
        "there is no such user": "createuser makes one; or correct the name before the @ of the address",
        "the server has no room left": f"make room there, then {AGAIN}",
        "the server takes no more connections": "wait, or raise its max_connections: a run takes two",
        "you may not write there": "GRANT CREATE ON DATABASE … TO …: a campaign has a schema of its own",
        "the server is read-only": "give the address of the one that is written to, not of its copy",
        "another run keeps it busy": "wait for it, or end it",
        "the server does not answer": f"see that it runs; then {AGAIN}",
    }.get(_told(error), AGAIN)
