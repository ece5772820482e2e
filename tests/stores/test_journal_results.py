"""The journal: results, claims, decisions, lineage, and the file itself."""

import hashlib
import os
import pickle
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warm_process import WarmProcess

from pressrun.model.errors import MissingTool
from pressrun.model.journal import Decision, Descent, JournalError, Result
from pressrun.stores.sqlite import SqliteJournal, database
from pressrun.stores.tables.schema import MIGRATIONS

KEYS = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(30)]
VALUES = st.none() | st.integers(-(2**53), 2**53) | st.text(max_size=8) | st.lists(st.floats(allow_nan=False))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    with SqliteJournal(tmp_path / "store" / "journal.db") as journal:
        yield journal


def another(journal: SqliteJournal) -> SqliteJournal:
    return SqliteJournal(journal.path)


# results


@given(
    writes=st.lists(
        st.lists(
            st.builds(
                Result.of,
                st.sampled_from(KEYS[:6]),
                st.sampled_from(["picture", "plate", "file"]),
                st.sampled_from(KEYS),
                st.integers(0, 2**40),
                st.dictionaries(st.text(max_size=5), VALUES, max_size=3),
            ),
            max_size=6,
        ),
        max_size=6,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_the_first_picture_stands_and_the_last_of_everything_else(
    tmp_path_factory: pytest.TempPathFactory, writes: list[list[Result]]
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.db"
    expected: dict[str, Result] = {}
    with SqliteJournal(path) as journal:
        for batch in writes:
            for result in batch:
                if result.key not in expected or expected[result.key].kind != "picture":
                    expected[result.key] = result
            standing = journal.record(batch)
            assert standing == {result.key: expected[result.key] for result in batch}
    with SqliteJournal(path) as journal:
        assert journal.lookup(KEYS) == expected


def test_facts_come_back_and_do_not_depend_on_their_order() -> None:
    one = Result.of("k", "file", "d", 1, {"b": [1, 2.5, None], "a": "größer, أكبر"})
    assert one == Result.of("k", "file", "d", 1, {"a": "größer, أكبر", "b": [1, 2.5, None]})
    assert one.facts == {"a": "größer, أكبر", "b": [1, 2.5, None]}
    assert pickle.loads(pickle.dumps(one)) == one


def test_looking_up_more_keys_than_sqlite_takes_at_once(journal: SqliteJournal) -> None:
    keys = [hashlib.sha256(b"many %d" % number).hexdigest() for number in range(5000)]
    journal.record(Result.of(key, "file", key, 1) for key in keys[::2])
    assert set(journal.lookup(keys)) == set(keys[::2])
    assert journal.lookup(iter(keys[:3])) == journal.lookup([keys[0], keys[0], keys[2]])
    assert journal.lookup([]) == {}
    assert journal.record([]) == {}


def test_recording_is_all_or_nothing(journal: SqliteJournal) -> None:
    broken = Result(KEYS[1], "file", KEYS[1], "many")  # type: ignore[arg-type]
    with pytest.raises(JournalError):
        journal.record([Result.of(KEYS[0], "file", KEYS[0], 1), broken])
    assert journal.lookup(KEYS) == {}
    journal.record([Result.of(KEYS[0], "file", KEYS[0], 1)])
    assert set(journal.lookup(KEYS)) == {KEYS[0]}


def test_a_lost_picture_is_forgotten_only_while_it_is_the_lost_one(journal: SqliteJournal) -> None:
    journal.record([Result.of(KEYS[0], "picture", "lost", 1)])
    assert not journal.forget(KEYS[0], "some other")
    assert journal.forget(KEYS[0], "lost")
    assert not journal.forget(KEYS[0], "lost")
    journal.record([Result.of(KEYS[0], "picture", "new", 1)])
    assert not journal.forget(KEYS[0], "lost")
    assert journal.lookup(KEYS)[KEYS[0]].digest == "new"


# claims


def test_a_claimed_key_is_nobody_elses_until_released(journal: SqliteJournal) -> None:
    with another(journal) as other:
        assert journal.claim_all([KEYS[0]])
        assert not journal.claim_all([KEYS[0]])
        assert not other.claim_all([KEYS[0]])
        other.release_all([KEYS[0]])
        assert not other.claim_all([KEYS[0]])
        assert other.claim_all(KEYS[:3]) == set(KEYS[1:3])
        journal.release_all([KEYS[0]])
        assert other.claim_all([KEYS[0]])
    assert journal.claim_all(KEYS[:3]) == set(KEYS[:3])


def test_one_of_many_threads_gets_the_claim(journal: SqliteJournal) -> None:
    wins: list[str] = []
    barrier = threading.Barrier(8)

    def compete() -> None:
        barrier.wait()
        wins.extend(key for key in KEYS if journal.claim_all([key]))

    threads = [threading.Thread(target=compete) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(wins) == sorted(KEYS)


CLAIM_AND_HOLD = """
import sys, pathlib
from pressrun.model.journal import Quote
from pressrun.stores.sqlite import SqliteJournal
journal = SqliteJournal(pathlib.Path(sys.argv[1]))
print(bool(journal.claim_all(["key"])), journal.begin_attempts([Quote("key", "provider", "model", 0.04)])[0], flush=True)
sys.stdin.read()
"""


def holding_process(journal: SqliteJournal) -> WarmProcess:
    process = WarmProcess(["-c", CLAIM_AND_HOLD, journal.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("True")
    return process


def test_the_claim_and_the_attempt_of_a_killed_process(journal: SqliteJournal) -> None:
    with holding_process(journal) as process:
        assert not journal.claim_all(["key"])
        assert [attempt.standing for attempt in journal.open_attempts()] == ["in_flight"]
        assert [one for one in journal.open_attempts() if one.standing == "unknown"] == []
        process.kill()
        process.wait()
        unknown = [one for one in journal.open_attempts() if one.standing == "unknown"]
        assert [(attempt.picture, attempt.pid) for attempt in unknown] == [("key", process.pid)]
        assert journal.claim_all(["key"])


def test_a_dead_holder_stays_dead_when_its_process_number_is_used_again(journal: SqliteJournal) -> None:
    """Numbers are reused after reboots and in containers; being alive is a matter of the lock alone."""
    dead = another(journal)
    dead.claim_all(["key"])
    holder_file = dead._holder_file
    assert holder_file is not None
    os.close(holder_file)  # as the system does at the end of a process; this process, of that number, lives on
    dead._holder_file = None
    assert journal.claim_all(["key"])
    dead._connection.close()


# decisions and lineage


def test_the_latest_decision_counts_and_all_are_kept(journal: SqliteJournal) -> None:
    said = [Decision("a", "reject", "ann", "too dark"), Decision("b", "approve"), Decision("a", "approve", "bob")]
    journal.decide(said[:1])
    journal.decide(said[1:])
    assert journal.decisions() == {"a": said[2], "b": said[1]}
    assert journal.decision_history() == said


def test_lineage_goes_both_ways_and_never_in_a_circle(journal: SqliteJournal) -> None:
    first, second = Descent("b", "a", "fork", "make it snow"), Descent("c", "b", "fork", "at night")
    journal.descend([first, second, Descent("d", "b", "adopt"), first])
    assert journal.parents("c") == [second]
    assert [one.child for one in journal.children("b")] == ["c", "d"]
    assert journal.parents("a") == []
    for child, parent in (("a", "c"), ("a", "a")):
        with pytest.raises(ValueError, match="ancestor"):
            journal.descend([Descent("x", "y", "fork"), Descent(child, parent, "fork")])
    assert journal.children("y") == []


# the file


def test_a_newer_schema_is_refused_untouched(journal: SqliteJournal) -> None:
    journal.record([Result.of(KEYS[0], "file", KEYS[0], 1)])
    journal.close()
    with sqlite3.connect(journal.path) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(JournalError, match="newer Pressrun") as caught:
        SqliteJournal(journal.path)
    assert caught.value.exit_code == 2


def test_an_older_schema_is_migrated_and_keeps_its_rows(journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.record([Result.of(KEYS[0], "file", KEYS[0], 1)])
    journal.close()
    later = (*MIGRATIONS, ("CREATE TABLE later (id INTEGER)", "INSERT INTO later VALUES (7)"))
    monkeypatch.setattr("pressrun.stores.sqlite.database.MIGRATIONS", later)
    for _ in range(2):
        with SqliteJournal(journal.path) as again:
            assert set(again.lookup(KEYS)) == {KEYS[0]}
            assert again._query("SELECT id FROM later") == [(7,)]
            assert again._query("PRAGMA user_version") == [(len(later),)]


def test_a_migration_that_fails_changes_nothing(journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.close()
    with monkeypatch.context() as patch:
        patch.setattr(
            "pressrun.stores.sqlite.database.MIGRATIONS",
            (*MIGRATIONS, ("CREATE TABLE later (id INTEGER)", "NONSENSE")),
        )
        with pytest.raises(JournalError):
            SqliteJournal(journal.path)
    with SqliteJournal(journal.path) as again:
        assert again._query("SELECT name FROM sqlite_schema WHERE name = 'later'") == []


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE theirs (id INTEGER)")
    connection.close()
    text = tmp_path / "text.db"
    text.write_text("not a database, but long enough to be taken for one\n" * 100)
    for path in (foreign, text):
        before = path.read_bytes()
        with pytest.raises(JournalError) as caught:
            SqliteJournal(path)
        assert caught.value.hint
        assert path.read_bytes() == before


def test_the_settings_that_durability_rests_on(journal: SqliteJournal) -> None:
    assert journal._query("PRAGMA journal_mode") == [("wal",)]
    assert journal._query("PRAGMA synchronous") == [(2,)]


def test_a_full_disk_is_told_and_what_was_committed_stays(journal: SqliteJournal) -> None:
    journal.record([Result.of(KEYS[0], "file", KEYS[0], 1)])
    pages = journal._query("PRAGMA page_count")[0][0]
    journal._query(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(JournalError, match="full") as caught:
        journal.record(Result.of(key, "file", key, 1, {"x": "y" * 9000}) for key in KEYS)
    assert "make room" in (caught.value.hint or "")
    assert set(journal.lookup(KEYS)) == {KEYS[0]}
    journal.close()


def test_errors_survive_pickling() -> None:
    error = pickle.loads(pickle.dumps(JournalError("what", "do")))
    assert (error.message, error.hint, error.exit_code) == ("what", "do", 2)


def test_many_processes_open_a_new_journal_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "journal.db"
    processes = [
        WarmProcess(["-c", CLAIM_AND_HOLD, path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        for _ in range(6)
    ]
    answers = [process.communicate()[0].split() for process in processes]
    assert all(process.returncode == 0 for process in processes)
    assert sorted(int(answer[1]) for answer in answers) == [1, 2, 3, 4, 5, 6]
    with SqliteJournal(path) as journal:
        assert len([one for one in journal.open_attempts() if one.standing == "unknown"]) == 6


def test_a_system_without_file_locks_is_told_where_pressrun_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "fcntl", None)  # as on Windows
    with pytest.raises(MissingTool, match="WSL") as caught:
        SqliteJournal(tmp_path / "journal.db")
    assert caught.value.exit_code == 3
    assert not list(tmp_path.iterdir())
