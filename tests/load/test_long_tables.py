"""Long tables are kept by column in few bytes: what is read from them is what a short one says."""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
import tracemalloc
from array import array
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.bench.campaigns import campaign

from pressrun import registry
from pressrun.expand import expand_rows
from pressrun.load import load_project
from pressrun.model import long_bytes, packed_cells
from pressrun.model.packed_cells import (
    PackedIndex,
    PackedNumbers,
    PackedTexts,
    first_places,
    in_order_of,
    packed,
    repeated,
)
from pressrun.model.packed_records import records_of
from pressrun.model.record import Amount, Header
from pressrun.readers.cells import Figure
from pressrun.readers.written_table import GrowingColumn

TEXTS = st.text(max_size=4)
DECIMALS = st.decimals(allow_nan=False)
AMOUNTS = st.builds(Amount, DECIMALS, st.sampled_from(["EUR", "JPY"]))
COLUMNS = st.one_of(
    st.lists(TEXTS),
    st.lists(st.sampled_from(["a", "bc"]), min_size=8),
    st.lists(st.one_of(DECIMALS, st.none())),
    st.lists(st.one_of(AMOUNTS, st.none())),
    st.lists(st.one_of(st.dates(), st.none())),
    st.lists(st.one_of(st.booleans(), st.none()), min_size=12),
    st.lists(st.one_of(TEXTS, st.integers(), DECIMALS, AMOUNTS, st.booleans(), st.tuples(TEXTS), st.none())),
)


@pytest.fixture
def every_table_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_cells, "SHORT", 0)


def said(cells: Sequence[Any]) -> list[tuple[type, str, str]]:
    return [(type(cell), repr(cell), getattr(cell, "currency", "")) for cell in cells]


@given(COLUMNS)
def test_packed_cells_are_the_same_values_of_the_same_kinds(cells: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed_cells, "SHORT", 0)
        kept = packed(cells)
    assert said(kept) == said(cells) == said([kept[at - len(cells)] for at in range(len(cells))])
    assert said(kept[1:3]) == said(cells[1:3])
    with pytest.raises(IndexError):
        kept[len(cells)]
    with pytest.raises(IndexError):
        kept[-len(cells) - 1]


@given(st.lists(TEXTS), TEXTS, st.sampled_from([1, 2, packed_cells.AT_ONCE]))
def test_a_text_is_found_where_it_is_a_whole_cell(cells: list[str], wanted: str, at_once: int) -> None:
    kept = PackedTexts.of(cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed_cells, "AT_ONCE", at_once)
        for text in (wanted, *cells):
            assert (text in kept) == (text in cells)
            if text in cells:
                assert kept.index(text) == cells.index(text)
    assert 12 not in kept


def test_a_text_that_is_within_many_others_is_found_among_them_together(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 3 * packed_cells.AT_ONCE
    kept, read = PackedTexts.of([f"1{number}1" for number in range(count)] + ["1"]), []
    find = long_bytes.LongBytes.find
    monkeypatch.setattr(long_bytes.LongBytes, "find", lambda *asked: (read.append(asked), find(*asked))[1])
    assert kept.index("1") == count
    assert len(read) == 4


@given(st.lists(st.lists(st.one_of(TEXTS, st.builds(Figure, st.sampled_from(["1.5", "20"]))), max_size=5)))
def test_a_column_that_comes_some_at_a_time_has_all_its_cells(batches: list[list[str]]) -> None:
    column = GrowingColumn()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed_cells, "SHORT", 3)
        for some in batches:
            column.add(some)
    assert said(column.cells()) == said([cell for some in batches for cell in some])


@given(st.lists(st.integers(-3, 3)))
def test_numbers_are_put_in_order_and_found_where_they_repeat(numbers: list[int]) -> None:
    for short in (0, len(numbers)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(packed_cells, "SHORT", short)
            kept = array("q", numbers)
            assert list(in_order_of(kept)) == sorted(range(len(numbers)), key=numbers.__getitem__)
            assert list(first_places(kept)) == list(map(numbers.index, numbers))
            assert repeated(kept) == {one for one in numbers if numbers.count(one) > 1}


@given(st.lists(st.integers(0, 2**64 - 1)), st.integers(0, 2**64 - 1))
def test_a_number_is_in_a_set_if_it_was_added(numbers: list[int], other: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed_cells, "SHORT", 3)
        kept = PackedNumbers()
        for number in (*numbers, *numbers[::2]):
            kept.add(number)
    assert all(number in kept for number in numbers)
    assert (other in kept) == (other in numbers)


@given(st.lists(st.tuples(TEXTS, st.integers(0, 3))))
def test_an_index_finds_the_first_of_each_key_and_no_other(keys: list[tuple[str, int]]) -> None:
    index = PackedIndex(range(len(keys)), keys.__getitem__)
    assert all(index[key] == keys.index(key) for key in keys)
    assert list(index) == keys
    assert index.get(("none", 9)) is None
    with pytest.raises(TypeError):
        index.get(([], 1))


def test_keys_of_one_hash_are_told_apart() -> None:
    index = PackedIndex(range(3), [-1, -2, -1].__getitem__)  # -1 and -2 have one hash in CPython
    assert (index[-1], index[-2]) == (0, 1)


def test_an_index_is_found_in_where_texts_have_other_hashes() -> None:
    sent = pickle.dumps(PackedIndex(range(3), ["a", "b", "a"].__getitem__))
    code = "import pickle, sys; index = pickle.load(sys.stdin.buffer); print([index[key] for key in 'ab'])"
    for seed in ("1", "2"):
        ended = subprocess.run(
            [sys.executable, "-c", code], input=sent, stdout=subprocess.PIPE, env={**os.environ, "PYTHONHASHSEED": seed}
        )
        assert ended.stdout.split() == [b"[0,", b"1]"]


def test_a_record_is_one_object_while_somebody_has_it_and_travels_alone(every_table_is_long: None) -> None:
    header = Header(("sku", "price"), "a.csv")
    records = records_of([["a", "b"], [Decimal(1), None]], [header], [2, 3])
    first = records[0]
    assert records[0] is first is next(iter(records))
    assert records[1] is not first
    sent = pickle.loads(pickle.dumps(first))
    assert (sent.sku, sent.price, sent._line, type(sent._cells)) == ("a", Decimal(1), 2, tuple)
    assert [one.sku for one in pickle.loads(pickle.dumps(records))] == ["a", "b"]


def test_threads_read_records_beside_each_other(every_table_is_long: None) -> None:
    """While one lets go of what nobody has any more, others come to new ones."""
    numbers = range(20_000)
    records = records_of([[str(number) for number in numbers]], [Header(("sku",), "a.csv")], list(numbers))
    held = records[7]
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(lambda first: [records[at].sku for at in numbers[first::4]], range(4)))
    assert read == [[str(at) for at in numbers[first::4]] for first in range(4)]
    assert records[7] is held


def test_rows_of_a_long_campaign_are_those_of_a_short_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = campaign(tmp_path, "bench/small", 40)

    def told() -> list[tuple[Any, ...]]:
        project = load_project(job, registry)
        book = project.copy
        assert book is not None
        return [
            (row.id, row.locale, row.sources, row.key_values, said([row.values["price"], row.values["product"].name]),
             book.find("headline", row.keys, row.locale), book.place_of("name", row.keys))
            for row in expand_rows(project, "product.price > 10")
        ]  # fmt: skip

    short = told()
    monkeypatch.setattr(packed_cells, "SHORT", 0)
    assert told() == short
    assert short


@pytest.mark.parametrize(("in_groups", "held", "most"), [(False, None, 300), (True, None, 300), (False, 1 << 12, 100)])
def test_a_row_more_is_few_bytes(
    tmp_path: Path, in_groups: bool, held: int | None, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts that are many lie in a file, and take none."""
    if held is not None:
        monkeypatch.setattr(long_bytes, "HELD", held)
        monkeypatch.setattr(long_bytes, "PART", held)

    def kept(rows: int) -> int:
        job = campaign(tmp_path / str(rows), "bench/small", rows)
        if in_groups:
            job.write_text(job.read_text().replace("key: sku", "key: sku, group_by: product.name", 1))
        tracemalloc.start()
        try:
            project = load_project(job, registry)
            under_way = iter(expand_rows(project))
            first = next(under_way)
            gc.collect()
            assert len(project.row_sets["product"]) == rows
            assert bool(first.members) == in_groups
            return tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()

    few, many = packed_cells.SHORT + 1, packed_cells.SHORT + 4_001
    for rows in (few, many):
        kept(rows)  # what is kept once, and of each folder's fonts
    assert (kept(many) - kept(few)) / (many - few) < most


def test_a_long_table_takes_little_while_it_is_read(tmp_path: Path) -> None:
    def most(rows: int) -> int:
        job = campaign(tmp_path / str(rows), "bench/small", rows)
        tracemalloc.start()
        try:
            load_project(job, registry)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few, many = 4 * packed_cells.SHORT, 8 * packed_cells.SHORT
    most(few)
    a_row = (most(many) - most(few)) / (many - few)
    assert a_row < 400  # of eleven cells: five, and three in each of two lines of copy
