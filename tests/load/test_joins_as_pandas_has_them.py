"""Joins and unpivots of tables drawn at random are those of pandas, but for rows without a key; in whatever order rows
stand."""

from __future__ import annotations

import random
from typing import Any, get_args

import pandas as pd
import pytest

from pressrun.load.shaped_tables import CannotShape, joined, unpivoted
from pressrun.model.finding import Place
from pressrun.model.tables import Join, Pairs, Unpivot
from pressrun.readers.frame_table import read_frame
from pressrun.readers.written_table import WrittenTable

KEYS = ("A", "a", "A ", " B", "B", "", " ", "0012", "12", "1.0", "é", "Ä", "nan", "None", "x_y")
DRAWS = 10


def at(_: object) -> Place:
    return Place("job.yaml")


def drawn(rng: random.Random, *columns: str) -> pd.DataFrame:
    rows = rng.randint(1, 6)
    return pd.DataFrame({name: [rng.choice(KEYS) for _ in range(rows)] for name in columns}, dtype=object)


def table(frame: pd.DataFrame, name: str) -> WrittenTable:
    read, findings = read_frame(frame, name)
    assert read is not None, findings
    return read


def rows_of(frame: pd.DataFrame, other: pd.DataFrame, said: Join) -> list[tuple[Any, ...]] | str:
    try:
        return sorted(zip(*joined(table(frame, "own"), table(other, "other"), said, at)[0].columns, strict=True))
    except CannotShape as fault:
        return fault.finding.code


def by_pandas(frame: pd.DataFrame, other: pd.DataFrame, said: Join) -> list[tuple[Any, ...]] | str:
    own, theirs = (
        one.assign(key=[cell.strip() or f"{which} {row}" for row, cell in enumerate(one["k"])])
        for which, one in (("own", frame), ("other", other))
    )
    how = "inner" if said.matched else "left"
    try:
        pairs = own.merge(theirs.drop(columns="k"), on="key", how=how, validate=said.validate_as)
    except pd.errors.MergeError:
        return "join-not-unique"
    return sorted(map(tuple, pairs[["k", "x", "y"]].fillna("").values.tolist()))


@pytest.mark.parametrize("pairs", get_args(Pairs))
@pytest.mark.parametrize("matched", [False, True])
def test_a_join_has_the_rows_that_pandas_has(pairs: Pairs, matched: bool) -> None:
    rng, told = random.Random(7), set()
    said = Join(file="other.csv", on=("k",), pairs=pairs, matched=matched)
    for _ in range(DRAWS):
        frame, other = drawn(rng, "k", "x"), drawn(rng, "k", "y")
        expected = by_pandas(frame, other, said)
        assert rows_of(frame, other, said) == expected
        shuffled = frame.sample(frac=1, random_state=1), other.sample(frac=1, random_state=2)
        assert rows_of(*shuffled, said) == expected
        told.add(expected == "join-not-unique")
    assert told == ({False} if pairs == "many-to-many" else {True, False})


def test_an_unpivot_has_the_rows_that_pandas_has() -> None:
    rng = random.Random(7)
    said = Unpivot(columns=("de-DE", "fr-FR"), name="locale", value="text")
    for _ in range(DRAWS):
        frame = drawn(rng, "k", "de-DE", "fr-FR")
        long = frame.melt(id_vars="k", var_name="locale", value_name="text")
        expected = sorted(map(tuple, long[long["text"].str.strip() != ""].values.tolist()))
        for one in (frame, frame.sample(frac=1, random_state=1)):
            assert sorted(zip(*unpivoted(table(one, "own"), said, at).columns, strict=True)) == expected
