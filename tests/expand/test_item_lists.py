"""Lists that layouts go through: items in order, cut off where it is said, and clear words where there is no list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from pressrun.expand.item_lists import CompiledList, Items
from pressrun.language.lookup import EvaluationError, Lookup
from pressrun.model.errors import InputError
from pressrun.model.finding import Place
from pressrun.model.item_list import ItemList, ItemListField
from pressrun.model.project import KeyedRecords
from pressrun.model.record import Header, Record


def record(**cells: Any) -> Record:
    return Record(Header(tuple(cells), "jobs/job.yaml"), tuple(cells.values()), 7)


SIZES = (record(name="Ölfass", litres=Decimal(9)), record(name="oboe", litres=Decimal("0.75")),
         record(name="Zober", litres=""))  # fmt: skip
NAMES = {"product": record(sizes=SIZES, tags="red, dry", empty="", count=Decimal(3))}
MAKERS = KeyedRecords("makers.csv", ("id",), ("id", "tier"), (record(id="b", tier="gold"), record(id="a", tier="")))
TABLES = {"makers": Lookup("makers", MAKERS)}


def items_of(said: object) -> Items:
    read: ItemList = TypeAdapter(ItemListField).validate_python(said)
    return CompiledList(read, ("repeat",), lambda path: Place("layout.yaml", 4)).items(NAMES, TABLES)


def named(said: dict[str, Any], column: str = "name") -> list[str]:
    return [item[column] for item in items_of(said).items]


def test_a_list_is_in_its_own_order_unless_it_is_sorted() -> None:
    assert [item["name"] for item in items_of("product.sizes").items] == ["Ölfass", "oboe", "Zober"]
    assert named({"of": "product.sizes", "sort": "item.name"}) == ["oboe", "Ölfass", "Zober"]
    assert named({"of": "product.sizes", "sort": "item.litres"}) == ["oboe", "Ölfass", "Zober"]
    assert named({"of": "product.sizes", "sort": "(item.litres, item.name)", "descending": True})[0] == "Zober"


def test_what_a_limit_leaves_over_is_counted() -> None:
    cut = items_of({"of": "product.sizes", "limit": 2})
    assert (len(cut.items), cut.left_over) == (2, 1)
    assert items_of({"of": "product.sizes", "limit": 3}).left_over == 0


def test_items_are_known_by_their_name_and_number() -> None:
    cut = items_of({"of": "product.tags.split(', ')", "as": "tag"})
    assert [(names["tag"], names["loop"].index, names["loop"].first, names["loop"].last, names["product"])
            for names in cut.names(NAMES)] == [("red", 1, True, False, NAMES["product"]),
                                               ("dry", 2, False, True, NAMES["product"])]  # fmt: skip


def test_a_list_may_be_of_a_table() -> None:
    assert named({"of": "makers", "sort": "item.id"}, "id") == ["a", "b"]
    assert named({"of": "makers", "where": "item.tier == 'gold'"}, "id") == ["b"]


def test_an_empty_cell_is_an_empty_list() -> None:
    assert items_of("product.empty") == Items("item", ())


@pytest.mark.parametrize(
    "said", ["product.count", "product.tags", "product", "makers['a']", {"of": "product.sizes", "sort": "item"},
             {"of": "(1, 'two')", "sort": "item"}],
)  # fmt: skip
def test_what_is_no_list_or_has_no_order_is_said(said: object) -> None:
    with pytest.raises(EvaluationError):
        items_of(said)


def test_an_expression_that_may_not_run_is_told_at_its_place() -> None:
    with pytest.raises(InputError) as caught:
        items_of("product.sizes(")
    assert [finding.place for finding in caught.value.findings] == [Place("layout.yaml", 4)]


@pytest.mark.parametrize("said", [{"of": "rows", "as": "loop"}, {"of": "rows", "as": "_x"}, {"of": "rows", "limit": 0}])
def test_names_and_limits_that_cannot_be(said: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(ItemListField).validate_python(said)
