"""A journal in PostgreSQL: whose session ends is dead, whoever else lives; and what is wrong is told in one line."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import needed
import psycopg
import pytest
from postgres_server import AS_ROOT, PostgresServer
from warm_process import WarmProcess

from pressrun.model.journal import (
    PICTURE,
    Journal,
    JournalError,
    JournalOptions,
    Limit,
    OverLimit,
    Quote,
    Result,
    Settlement,
)
from pressrun.stores.postgres import PostgresJournal, PostgresOptions, sessions

ONE = "1" * 64


@pytest.fixture
def options(postgres: PostgresServer) -> PostgresOptions:
    return PostgresOptions.model_validate(postgres.options())


@pytest.fixture
def opened(options: PostgresOptions, tmp_path: Path) -> Iterator[Callable[[], PostgresJournal]]:
    """Opens the journal, as often as one likes."""
    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(options.opener(tmp_path)())  # type: ignore[arg-type, return-value]


SPENDER = """
import json, sys
from decimal import Decimal
from pathlib import Path
from pressrun import registry
from pressrun.model.journal import Limit, OverLimit, Quote, Settlement
said = json.loads(sys.argv[1])
options = registry.JOURNALS[said["options"]["type"]].model_validate(said["options"])
journal = options.opener(Path(said["folder"]))()
journal.begin_run(f"run {said['number']}", "spring", "2027")
print("ready", flush=True)
sys.stdin.readline()
booked = 0
for number in range(said["most"]):
    try:
        quotes = [Quote(f"{said['number']} {number} {take}", "p", "m", Decimal("0.14"), run=f"run {said['number']}") for take in range(2)]
        attempts = journal.begin_attempts(quotes, Limit("spring", Decimal("5")))
    except OverLimit:
        break
    booked += len(attempts)
    if number % 2:
        journal.finish_attempts([Settlement(one, "charged", Decimal("0.14")) for one in attempts])
print(booked, flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def started() -> Iterator[Callable[..., WarmProcess]]:
    """Starts a program with what it is told, and ends it with the test."""
    with contextlib.ExitStack() as stack:

        def start(program: str, **said: object) -> WarmProcess:
            process = WarmProcess(["-c", program, json.dumps(said)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield start


def told(process: WarmProcess) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def say(process: WarmProcess, word: str = "") -> None:
    assert process.stdin is not None
    process.stdin.write(f"{word}\n")
    process.stdin.flush()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_eight_processes_that_share_a_cap_book_no_cent_more(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, started: Callable[..., WarmProcess]
) -> None:
    options = request.getfixturevalue("postgres").options() if kind == "postgres" else {"type": "sqlite", "path": str(tmp_path / "j.db")}
    spenders = [started(SPENDER, options=options, folder=str(tmp_path), number=number, most=9) for number in range(8)]
    assert [told(spender) for spender in spenders] == ["ready"] * 8
    for spender in spenders:
        say(spender)
    booked = sum(int(told(spender)) for spender in spenders)
    for spender in spenders:
        say(spender)
        assert spender.wait() == 0
    assert booked == 34  # 0.28 at a time: 17 times 0.28 are 4.76, and once more is over
    with open_journal(options, tmp_path) as journal:
        assert journal.committed("spring") == Decimal("4.76")
        assert len(journal.attempts()) == booked


@contextlib.contextmanager
def open_journal(said: dict[str, str], folder: Path) -> Iterator[Journal]:
    from pressrun import registry

    options: JournalOptions = registry.JOURNALS[said["type"]].model_validate(said)
    with contextlib.closing(options.opener(folder)()) as journal:
        yield journal


HOLDER = """
import json, sys
from decimal import Decimal
from pathlib import Path
from pressrun.model.journal import JournalError, Quote, Result, Settlement
from pressrun.stores.postgres import PostgresOptions
said = json.loads(sys.argv[1])
journal = PostgresOptions.model_validate(said["options"]).opener(Path(said["folder"]))()
journal.claim_all(["1" * 64])
(number,) = journal.begin_attempts([Quote("1" * 64, "p", "m", Decimal("0.04"))])
print(number, flush=True)
sys.stdin.readline()
journal.finish_attempts([Settlement(number, "charged", Decimal("0.04"), result=Result("1" * 64, "picture", "a", 1))])
print("settled", flush=True)
sys.stdin.readline()
"""


def standings(journal: Journal) -> list[str | None]:
    return [attempt.standing for attempt in journal.open_attempts()]


def until(holds: Callable[[], bool]) -> None:
    for _ in range(1000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to that")


def test_a_killed_process_leaves_unknown_calls_and_free_claims(
    tmp_path: Path, opened: Callable[[], PostgresJournal], options: PostgresOptions, started: Callable[..., WarmProcess]
) -> None:
    journal = opened()
    process = started(HOLDER, options=options.model_dump(by_alias=True, mode="json"), folder=str(tmp_path))
    told(process)
    assert journal.claim_all([ONE]) == set()
    assert standings(journal) == ["in_flight"]
    process.kill()
    process.wait()
    until(lambda: standings(journal) == ["unknown"])
    assert journal.claim_all([ONE]) == {ONE}


def test_a_process_that_only_sleeps_keeps_what_is_its_own(
    tmp_path: Path, opened: Callable[[], PostgresJournal], options: PostgresOptions, started: Callable[..., WarmProcess]
) -> None:
    journal = opened()
    process = started(HOLDER, options=options.model_dump(by_alias=True, mode="json"), folder=str(tmp_path))
    told(process)
    process.send_signal(signal.SIGSTOP)
    time.sleep(0.3)
    assert standings(journal) == ["in_flight"]
    assert journal.claim_all([ONE]) == set()
    process.send_signal(signal.SIGCONT)
    say(process)
    assert told(process) == "settled"
    assert journal.spent() == Decimal("0.04")
    say(process)
    assert process.wait() == 0
    until(lambda: journal.claim_all([ONE]) == {ONE})  # the server hears of a process that ended a little later


@pytest.mark.parametrize("how", ["restarted", "cut"])
def test_what_came_in_is_booked_though_the_session_was_lost_and_nothing_new_is_begun(
    postgres: PostgresServer, opened: Callable[[], PostgresJournal], how: str
) -> None:
    ours = opened()
    assert ours.claim_all([ONE]) == {ONE}
    (number,) = ours.begin_attempts([Quote(ONE, "p", "m", Decimal("0.04"))])
    if how == "restarted":
        postgres.stop()
        postgres.start()
    else:
        postgres.sessions_cut()
    other = opened()
    until(lambda: standings(other) == ["unknown"])
    for begin in (
        lambda: ours.begin_attempts([Quote("2" * 64, "p", "m", Decimal("0.04"))]),
        lambda: ours.claim_all(["2" * 64]),
        lambda: ours.begin_batch("b", {}),
        lambda: ours.begin_run("r", "spring", "2027"),
    ):
        with pytest.raises(JournalError, match="was lost") as caught:
            begin()
        assert "same command again" in (caught.value.hint or "")
    kept = Result(ONE, PICTURE, "a", 1)
    assert ours.finish_attempts([Settlement(number, "charged", Decimal("0.04"), result=kept)]) == [number]
    assert other.lookup([ONE]) == {ONE: kept}
    assert other.spent() == Decimal("0.04")
    assert len(other.attempts()) == 1


def test_a_server_that_is_gone_is_told_in_a_line_and_nothing_is_lost(
    postgres: PostgresServer, opened: Callable[[], PostgresJournal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "WAITS", (0.01, 0.01))
    journal = opened()
    journal.record([Result(ONE, "file", "a", 1)])
    postgres.stop()
    try:
        for look in (lambda: journal.lookup([ONE]), lambda: journal.record([]), opened):
            with pytest.raises(JournalError, match="does not answer") as caught:
                look()
            assert "\n" not in str(caught.value)
    finally:
        postgres.start()
    assert journal.lookup([ONE]).keys() == {ONE}


def test_who_looks_leaves_nothing_behind(options: PostgresOptions, tmp_path: Path) -> None:
    with contextlib.closing(options.reader(tmp_path)()) as reader:
        reader.record([Result(ONE, "file", "a", 1)])
        reader.begin_attempts([Quote(ONE, "p", "m", None)])
        assert standings(reader) == ["in_flight"]
        assert reader.lookup([ONE]).keys() == {ONE}
    assert not options.is_there(tmp_path)


def test_damaged_rows_are_told_and_set_aside(postgres: PostgresServer, opened: Callable[[], PostgresJournal]) -> None:
    journal = opened()
    journal.record([Result(ONE, "file", "a", 1), Result("2" * 64, "file", "b", 1, '{"x":NaN,"y":"\\u0000"}')])
    (number,) = journal.begin_attempts([Quote(ONE, "p", "m", None, {"kind": "still"})])
    journal.finish_attempts([Settlement(number, "charged", Decimal(1), digest="d")])
    assert journal.proven() == {"still"}
    with psycopg.connect(postgres.url) as connection:
        connection.execute(f'UPDATE "{journal.schema}".results SET facts = \'[]\' WHERE key LIKE \'1%\''.encode())
        connection.execute(f'UPDATE "{journal.schema}".attempts SET detail = \'{{"\''.encode())
    assert journal.damaged() == [f"file {'1' * 12}", f"call {number}"]
    assert journal.lookup([ONE, "2" * 64]).keys() == {"2" * 64}
    assert journal.proven() == set()
    assert journal.set_aside() == 2
    assert journal.damaged() == []
    assert journal.spent() == 1


def test_a_journal_of_another_version_is_refused_and_left_as_it_is(
    postgres: PostgresServer, opened: Callable[[], PostgresJournal]
) -> None:
    schema = opened().schema
    with psycopg.connect(postgres.url) as connection:
        connection.execute(f'UPDATE "{schema}".pressrun_journal SET version = 99'.encode())
    with pytest.raises(JournalError, match="newer Pressrun") as caught:
        opened()
    assert caught.value.hint == "upgrade Pressrun, or choose another schema"


def test_what_is_no_place_for_a_journal_is_told_with_the_way_out(
    postgres: PostgresServer, options: PostgresOptions, tmp_path: Path
) -> None:
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA theirs")
        connection.execute("CREATE TABLE theirs.orders (id int)")
        connection.execute("CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0")
        connection.execute("CREATE ROLE guest LOGIN")
    elsewhere = {
        "some other program's": {"schema": "theirs"},
        "no such database": {"url": postgres.url.replace("/postgres", "/sprng")},
        "not every language": {"url": postgres.url.replace("/postgres", "/ascii")},
        "no such user": {"url": postgres.url.replace("pressrun@", "nobody@")},
        "may not write": {"url": postgres.url.replace("pressrun@", "guest@")},
        "cannot be read": {"url": "postgresql://host:port:x/y z"},
    }
    for words, said in elsewhere.items():
        with pytest.raises(JournalError, match=words) as caught:
            PostgresOptions.model_validate(options.model_dump(by_alias=True) | said).opener(tmp_path)()
        assert caught.value.hint
        assert "\n" not in str(caught.value)


def test_an_address_tells_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "WAITS", ())
    assert sessions.where_of("postgresql://ann:geheim@db.example:6543/shop", "spring") == "postgresql://db.example:6543/shop#spring"
    with pytest.raises(JournalError) as caught:
        PostgresOptions(url="postgresql://ann:geheim@127.0.0.1:1/shop?connect_timeout=1").is_there(tmp_path)
    assert "geheim" not in str(caught.value)


def test_a_campaign_has_the_schema_of_its_name() -> None:
    said = PostgresOptions(url="postgresql:///x")
    assert said._schema(Path("/shop/Spring 2027/.pressrun")) == "pressrun_spring_2027"
    long = said._schema(Path("/shop") / ("spring " * 20) / ".pressrun")
    assert len(long) == 63
    assert long != said._schema(Path("/shop") / ("spring " * 21) / ".pressrun")


@pytest.fixture
def pooler(postgres: PostgresServer, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Starts pgbouncer in a mode, and answers with its address."""
    program = Path("/usr/sbin/pgbouncer")
    if not program.exists():
        needed.absent("pgbouncer")
    with contextlib.ExitStack() as stack:

        def start(mode: str) -> str:
            port = postgres.free_port()
            file = postgres.folder / f"{mode}.ini"
            file.write_text(
                f"[databases]\npostgres = host=127.0.0.1 port={postgres.port} user=pressrun\n[pgbouncer]\n"
                f"listen_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\npool_mode = {mode}\nunix_socket_dir =\n"
            )
            process = subprocess.Popen([program, file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **AS_ROOT)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            url = f"postgresql://pressrun@127.0.0.1:{port}/postgres"
            until(lambda: answers(url))
            return url

        yield start


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_pooler_that_shares_sessions_by_transaction_is_refused(
    options: PostgresOptions, pooler: Callable[[str], str], tmp_path: Path
) -> None:
    for mode, refused in (("transaction", True), ("session", False)):
        said = options.model_dump(by_alias=True) | {"url": pooler(mode)}
        with open_journal(said, tmp_path) as journal:
            if refused:
                with pytest.raises(JournalError, match="pooler") as caught:
                    journal.begin_attempts([Quote(ONE, "p", "m", None)])
                assert "own address" in (caught.value.hint or "")
                assert journal.attempts() == []
            else:
                assert journal.begin_attempts([Quote(ONE, "p", "m", None)])
                assert standings(journal) == ["in_flight"]


def test_two_that_ask_at_one_instant_are_not_both_let_in(opened: Callable[[], PostgresJournal]) -> None:
    first, second = opened(), opened()
    for name, journal in (("a", first), ("b", second)):
        journal.begin_run(name, "spring", "2027")
    assert first.begin_attempts([Quote(ONE, "p", "m", Decimal(3), run="a")], Limit("spring", Decimal(5)))
    with pytest.raises(OverLimit):
        second.begin_attempts([Quote("2" * 64, "p", "m", Decimal(3), run="b")], Limit("spring", Decimal(5)))
    assert len(second.attempts()) == 1
