"""What every journal keeps, whatever it is made of: what one process wrote, the next one reads."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal

import pytest
from journals import Opener

from pressrun.model.journal import PICTURE, Decision, Descent, Journal, Quote, Result, Settlement

ONE, OTHER, THIRD = ("1" * 64, "2" * 64, "3" * 64)


def again(journal: Journal, opener: Opener) -> Journal:
    journal.close()
    return opener()


def test_results_are_kept_and_pictures_never_replaced(opener: Opener) -> None:
    journal = opener()
    assert journal.record([]) == {}
    first = [Result(ONE, PICTURE, "a", 1), Result(OTHER, "file", "b", 2, '{"x":1}')]
    assert journal.record(first) == {ONE: first[0], OTHER: first[1]}
    later = [Result(ONE, PICTURE, "c", 3), Result(OTHER, "file", "d", 4)]
    assert journal.record(later) == {ONE: first[0], OTHER: later[1]}
    journal = again(journal, opener)
    assert journal.lookup(iter([ONE, OTHER, THIRD])) == {ONE: first[0], OTHER: later[1]}
    assert journal.pictures_beginning("1") == [ONE]
    assert journal.pictures_beginning("2") == []
    assert not journal.forget(ONE, "another digest")
    assert journal.forget(ONE, "a")
    assert journal.lookup([ONE]) == {}
    journal.close()


def test_money_is_booked_once_and_open_calls_outlive_their_process_as_unknown(opener: Opener) -> None:
    journal = opener()
    one, other = journal.begin_attempts([Quote(ONE, "p", "m", Decimal("0.04"), run="r"), Quote(OTHER, "p", "m", None)])
    kept = Result(ONE, PICTURE, "a", 1)
    assert [attempt.standing for attempt in journal.open_attempts()] == ["in_flight", "in_flight"]
    settlement = Settlement(one, "charged", Decimal("0.041"), {"tokens": 7}, result=kept)
    assert journal.finish_attempts([settlement]) == [one]
    assert journal.finish_attempts([settlement]) == []
    with pytest.raises(KeyError):
        journal.finish_attempts([Settlement(other + 1000, "failed")])
    journal = again(journal, opener)
    assert journal.lookup([ONE]) == {ONE: kept}
    assert journal.spent("r") == journal.spent() == Decimal("0.041")
    assert [attempt.picture for attempt in [one for one in journal.open_attempts() if one.standing == "unknown"]] == [OTHER]
    assert journal.spending().unpriced == 1
    assert {key: len(attempts) for key, attempts in journal.paid_attempts([ONE, OTHER, THIRD]).items()} == {
        ONE: 1, OTHER: 1,
    }  # fmt: skip
    assert [attempt.usage for attempt in journal.attempts("r")] == [{"tokens": 7}]
    journal.close()


def test_a_claim_is_held_against_every_other_journal_until_it_is_closed(opener: Opener) -> None:
    journal, other = opener(), opener()
    assert journal.claim_all([ONE, OTHER]) == {ONE, OTHER}
    assert other.claim_all([OTHER, THIRD]) == {THIRD}
    assert journal.claim_all([ONE]) == set()
    journal.release_all([OTHER])
    assert other.claim_all([ONE, OTHER]) == {OTHER}
    journal.close()
    assert other.claim_all([ONE]) == {ONE}
    with closing(opener()) as third:
        assert other.address == third.address
    other.close()


def test_a_batch_and_its_pictures_are_settled_together(opener: Opener) -> None:
    journal = opener()
    journal.begin_batch("b", {"address": "x"}, [Quote(ONE, "p", "m", Decimal(1), batch="b")])
    journal.update_batch("b", "submitted", "remote")
    journal = again(journal, opener)
    [attempt] = journal.open_attempts([ONE])
    assert attempt.standing == "in_batch"
    [batch] = journal.batches("submitted")
    assert (batch.remote, batch.shard, batch.alive) == ("remote", {"address": "x"}, False)
    with pytest.raises(KeyError):
        journal.end_batch("none", "settled", [Settlement(attempt.id, "charged", Decimal(1))])
    assert journal.open_attempts()
    journal.end_batch("b", "settled", [Settlement(attempt.id, "charged", Decimal(1))])
    assert not journal.open_attempts()
    assert journal.batches("submitted") == []
    journal.close()


def test_the_latest_decision_counts_and_none_is_lost(opener: Opener) -> None:
    journal = opener()
    said = [Decision("s", "approve", "A", "", "c1", "2027"), Decision("s", "reject", "B", "dull", "c2", "2028")]
    journal.decide(said)
    journal = again(journal, opener)
    assert journal.decisions() == {"s": said[1]}
    assert journal.decision_history() == said
    journal.close()


def test_no_picture_is_its_own_ancestor(opener: Opener) -> None:
    journal = opener()
    journal.descend([Descent(OTHER, ONE, "fork", "warmer"), Descent(THIRD, OTHER, "final")])
    journal.descend([Descent(OTHER, ONE, "fork", "said otherwise")])
    with pytest.raises(ValueError, match="ancestor"):
        journal.descend([Descent(ONE, THIRD, "fork")])
    journal = again(journal, opener)
    assert journal.parents(OTHER) == journal.children(ONE) == [Descent(OTHER, ONE, "fork", "warmer")]
    assert journal.parents_by("final") == {THIRD: OTHER}
    journal.close()


def test_branches_have_heads_until_they_end(opener: Opener) -> None:
    journal = opener()
    journal.set_head(ONE, "warm", OTHER)
    journal.set_head(ONE, "cold", THIRD)
    journal.set_head(ONE, "cold", "")
    journal.choose(ONE, "cold")
    journal.choose(ONE, "warm")
    journal = again(journal, opener)
    assert journal.branches() == {ONE: {"warm": OTHER}}
    assert journal.branch_of(OTHER) == (ONE, "warm")
    assert journal.branch_of(ONE) is None
    assert journal.choices() == {ONE: "warm"}
    journal.close()
