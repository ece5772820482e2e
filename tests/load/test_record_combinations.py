"""Which rows meet: a row set that is asked for alone says nothing of the one beside it in its axis."""

from __future__ import annotations

from pressrun.load.record_combinations import Combinations
from pressrun.model.packed_records import records_of
from pressrun.model.project import Rows
from pressrun.model.record import Header


def rows(name: str, *keys: str) -> Rows:
    header = Header(("id",), f"{name}.csv")
    return Rows(name, header.file, "id", ("id",), records_of([keys], [header], range(2, 2 + len(keys))), keys)


def test_of_an_axis_of_several_those_alone_that_are_asked_for() -> None:
    sets = {
        "product": rows("product", "tea", "cocoa"),
        "price": rows("price", "4", "5"),
        "region": rows("region", "de"),
    }
    met = Combinations(sets, [("product", "price"), ("region",)], None)
    assert [sorted(meeting) for meeting in met.of(["product"])] == [["product"]] * 2
    assert [meeting["price"][1] for meeting in met.of(["price"])] == ["4", "5"]
    assert [sorted(meeting) for meeting in met.of(["region", "product"])] == [["product", "region"]] * 2
