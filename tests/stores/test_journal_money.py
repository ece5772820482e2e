"""The ledger: nothing is paid without being written down, nothing is booked twice, no cent is lost to rounding."""

from collections.abc import Callable
from contextlib import closing
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from journals import Opener

from pressrun.model.journal import Journal, JournalOptions, Quote, Result, Settlement

PRICES = st.none() | st.decimals(0, 500, places=9)


@given(
    attempts=st.lists(
        st.tuples(
            PRICES,
            st.sampled_from(["open", "charged", "refused", "failed", "not_charged", "written_off"]),
            PRICES,
            st.sampled_from(["one", "two"]),
        ),
        max_size=12,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
def test_sums_are_exact(
    new_options: Callable[[], JournalOptions], tmp_path_factory: pytest.TempPathFactory, attempts: list[tuple]
) -> None:
    with closing(new_options().opener(tmp_path_factory.mktemp("ledger"))()) as journal:
        for quoted, state, cost, run in attempts:
            number = journal.begin_attempts([Quote("key", "provider", "model", quoted, run=run)])[0]
            if state != "open":
                assert journal.finish_attempts([Settlement(number, state, cost if state == "charged" else None)])
        for run in ("one", "two", None):
            ours = [one for one in attempts if run in (None, one[3])]
            paid = [cost for _, state, cost, _ in ours if state == "charged"]
            waiting = [quoted for quoted, state, _, _ in ours if state == "open"]
            perhaps = [quoted for quoted, state, _, _ in ours if state == "written_off"]
            spending = journal.spending(run)
            assert journal.spent(run) == spending.spent == sum(filter(None, paid))
            assert spending.in_flight == sum(filter(None, waiting))
            assert spending.unknown == sum(filter(None, perhaps))
            assert spending.unpriced == (paid + waiting + perhaps).count(None)
            assert spending.committed == spending.spent + spending.in_flight + spending.unknown
            assert len(journal.attempts(run)) == len(ours)


def test_floats_are_taken_as_they_are_written(journal: Journal) -> None:
    for _ in range(10):
        journal.finish_attempts([Settlement(journal.begin_attempts([Quote("key", "provider", "model", 0.1)])[0], "charged", 0.1)])
    assert journal.spent() == Decimal(1)
    assert journal.spent("no such run") == 0


def test_an_attempt_keeps_what_was_said_of_it(journal: Journal) -> None:
    number = journal.begin_attempts([Quote("key", "openai", "gpt-image-2", Decimal("0.041"), {"prompt": "ein Bär"}, run="r1")])[0]
    (attempt,) = journal.open_attempts(["key", "other"])
    assert (attempt.id, attempt.picture, attempt.provider, attempt.model) == (number, "key", "openai", "gpt-image-2")
    assert (attempt.quoted_usd, attempt.detail, attempt.run) == (Decimal("0.041"), {"prompt": "ein Bär"}, "r1")
    assert (attempt.state, attempt.standing, attempt.usage) == ("open", "in_flight", None)
    assert journal.open_attempts(["other"]) == []
    journal.finish_attempts([Settlement(number, "charged", Decimal("0.0425"), {"output_tokens": 1056}, "digest")])
    (attempt,) = journal.attempts()
    assert (attempt.state, attempt.standing, attempt.cost_usd) == ("charged", None, Decimal("0.0425"))
    assert (attempt.usage, attempt.digest) == ({"output_tokens": 1056}, "digest")


def test_a_picture_and_its_bill_are_kept_together(journal: Journal) -> None:
    number = journal.begin_attempts([Quote("key", "provider", "model", 0.04)])[0]
    picture = Result.of("key", "picture", "digest", 9)
    with pytest.raises(KeyError):
        journal.finish_attempts([Settlement(number, "charged", 0.04, result=picture), Settlement(999, "charged")])
    assert journal.lookup(["key"]) == {}
    assert len(journal.open_attempts()) == 1
    assert journal.finish_attempts([Settlement(number, "charged", 0.04, result=picture)])
    assert journal.lookup(["key"]) == {"key": picture}
    assert journal.attempts()[0].digest == "digest"


def test_settling_twice_books_once(journal: Journal) -> None:
    number = journal.begin_attempts([Quote("key", "provider", "model", 0.04)])[0]
    first, second = Result.of("key", "picture", "first", 9), Result.of("other", "picture", "second", 9)
    assert journal.finish_attempts([Settlement(number, "charged", 0.04, result=first)])
    assert not journal.finish_attempts([Settlement(number, "charged", 0.05, result=second)])
    assert not journal.finish_attempts([Settlement(number, "failed")])
    assert journal.spent() == Decimal("0.04")
    assert set(journal.lookup(["key", "other"])) == {"key"}


def test_several_takes_are_begun_and_settled_together(journal: Journal) -> None:
    quotes = [Quote(f"take {take}", "provider", "model", 0.04, run="r") for take in range(3)]
    numbers = journal.begin_attempts(quotes)
    assert len(set(numbers)) == 3
    assert journal.spending("r").in_flight == Decimal("0.12")
    assert journal.finish_attempts([Settlement(number, "charged", 0.04) for number in numbers]) == numbers
    assert journal.begin_attempts([]) == []


def test_what_a_closed_journal_left_open_is_unknown_until_written_off(journal: Journal, opener: Opener) -> None:
    with closing(opener()) as other:
        other.begin_attempts([Quote("key", "provider", "model", 0.04)])[0]
        assert [one for one in journal.open_attempts() if one.standing == "unknown"] == []
    (attempt,) = [one for one in journal.open_attempts() if one.standing == "unknown"]
    assert journal.spending().unknown == Decimal("0.04")
    assert journal.finish_attempts([Settlement(attempt.id, "written_off")])
    assert [one for one in journal.open_attempts() if one.standing == "unknown"] == []
    assert journal.spending().unknown == Decimal("0.04")  # it may have been charged all the same


def test_attempts_in_a_batch_the_provider_has_are_not_unknown(journal: Journal, opener: Opener) -> None:
    with closing(opener()) as other:
        for name in ("sent", "lost"):
            other.begin_batch(name, {"rows": ["a", "b"]})
            other.begin_attempts([Quote(f"{name} {row}", "provider", "model", 0.02, batch=name) for row in "ab"])
        other.update_batch("sent", "in_progress", remote="batch_123")
        assert {attempt.standing for attempt in journal.open_attempts(["lost a"])} == {"in_flight"}
    assert [attempt.picture for attempt in [one for one in journal.open_attempts() if one.standing == "unknown"]] == ["lost a", "lost b"]
    assert [attempt.standing for attempt in journal.open_attempts(["sent a", "sent b"])] == ["in_batch"] * 2
    assert journal.spending().in_batch == journal.spending().unknown == Decimal("0.04")


def test_batches_keep_their_state_and_shard(journal: Journal, opener: Opener) -> None:
    journal.begin_batch("one", {"rows": [1]})
    journal.begin_batch("two", {"rows": [2]})
    journal.update_batch("one", "in_progress", remote="batch_1")
    journal.update_batch("one", "completed", shard={"rows": [1], "output": "file-1"})
    one, two = journal.batches()
    assert (one.id, one.state, one.remote, one.shard) == (
        "one",
        "completed",
        "batch_1",
        {"rows": [1], "output": "file-1"},
    )
    assert (two.state, two.remote, two.alive) == ("begun", None, True)
    assert [batch.id for batch in journal.batches("begun", "in_progress")] == ["two"]
    with pytest.raises(KeyError):
        journal.update_batch("three", "completed")
    with closing(opener()) as other:
        assert [batch.alive for batch in other.batches()] == [True, True]
        journal.close()
        assert [batch.alive for batch in other.batches()] == [False, False]
