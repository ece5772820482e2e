"""Bytes beyond the first million lie in a file: what is read from them is what was added."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pressrun.model import long_bytes
from pressrun.model.long_bytes import LongBytes, LongNumbers
from pressrun.model.packed_cells import PackedTexts

PIECES = st.lists(st.binary(max_size=20), max_size=12)


@pytest.fixture(autouse=True)
def little_is_held() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_bytes, "HELD", 16)
        patch.setattr(long_bytes, "PART", 8)
        yield


def added(pieces: list[bytes]) -> LongBytes:
    kept = LongBytes()
    for piece in pieces:
        kept.add(piece)
    return kept


@given(PIECES, st.integers(-5, 90), st.integers(-5, 90), st.binary(min_size=1, max_size=3))
@example([bytes(range(47))], 41, 39, b"a")  # the end before the beginning, on either side of what is held
def test_a_slice_and_a_place_are_those_of_bytes(pieces: list[bytes], begin: int, end: int, wanted: bytes) -> None:
    kept, whole = added(pieces), b"".join(pieces)
    assert (len(kept), kept[:], kept[begin:end]) == (len(whole), whole, whole[begin:end])
    for one in (wanted, whole[3:12] or b"a"):
        assert kept.find(one) == whole.find(one)
        assert kept.find(one, 5) == whole.find(one, 5)
    assert pickle.loads(pickle.dumps(kept))[:] == whole


@given(st.lists(st.integers(0, 2**64 - 1)), st.integers(0, 60), st.integers(0, 60))
def test_numbers_are_those_that_were_added(numbers: list[int], first: int, behind: int) -> None:
    kept = LongNumbers(numbers[:3])
    kept.extend(numbers[3:])
    assert list(kept) == numbers
    assert list(kept.span(first, behind)) == numbers[first:behind]


@given(st.lists(st.text(max_size=3), min_size=1), st.data())
def test_texts_are_the_same_in_whatever_order_they_are_asked_for(texts: list[str], data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pressrun.model.packed_cells.TOGETHER", 3)
        kept = PackedTexts.of(texts)
        for index in data.draw(st.lists(st.integers(0, len(texts) - 1))):
            assert kept[index] == texts[index]
    assert list(kept) == list(pickle.loads(pickle.dumps(kept))) == texts


def test_a_file_is_closed_with_the_last_bytes_in_it() -> None:
    def opened() -> int:
        return sum(isinstance(one, long_bytes._File) for one in gc.get_objects())

    before = opened()
    first, second = added([bytes(40)]), added([bytes(40)])
    assert opened() <= before + 1  # both are in one
    del first
    assert second[30:50] == bytes(10)
    del second
    assert opened() == before


def test_threads_add_beside_each_other() -> None:
    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(lambda number: added([bytes([number]) * 9] * 200), range(20)))
    assert [one[:] for one in kept] == [bytes([number]) * 1800 for number in range(20)]


def test_a_process_that_is_forked_reads_what_was_added_and_adds_to_a_file_of_its_own() -> None:
    kept = added([b"one of the parent's, which is long"])
    forked = multiprocessing.get_context("fork")
    ours, theirs = forked.Pipe()

    def child() -> None:
        own = added([b"another, the child's own, as long"])
        theirs.send((kept[:], own[:]))

    process = forked.Process(target=child)
    process.start()
    told = ours.recv()
    process.join()
    more = added([b"more of the parent's that is long"])
    assert told == (b"one of the parent's, which is long", b"another, the child's own, as long")
    assert (kept[:], more[:]) == (b"one of the parent's, which is long", b"more of the parent's that is long")


@pytest.mark.parametrize("broken", ["opening", "writing"])
def test_where_the_disk_has_no_room_they_are_held(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(long_bytes, "_last", long_bytes._Last())
    monkeypatch.setattr(*((tempfile, "TemporaryFile", full) if broken == "opening" else (os, "pwrite", full)))
    whole = bytes(range(60))
    kept = added([whole[:30], whole[30:]])
    assert (kept[:], kept[3:29]) == (whole, whole[3:29])
