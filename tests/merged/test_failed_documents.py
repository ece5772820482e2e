"""Documents of which rows fail, when others say the same, or none is left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from merged_kit import Mailing

from pressrun.doors import Doors
from pressrun.run.worker import merged_batches

TOLD = {"title": "Card", "description": "Card"}


@pytest.mark.parametrize(
    ("names", "bad", "expected"),
    [
        (("Ada", "Ben", "Ada", "Ben"), {"Ada"}, {"n1": "Ben", "n3": "Ben"}),
        (("Ada", "Ben", "Ada", "Ben"), {"Ben"}, {"n0": "Ada", "n2": "Ada"}),
        (("Ada", "Ben", "Ada", "Ben"), {"Ada", "Ben"}, {}),
        (("Ada", "Ben", "Cleo", "Dora"), {"Ada", "Ben"}, {"n2": "Cleo", "n3": "Dora"}),
    ],
)
def test_each_document_tells_of_its_own_rows(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], bad: set[str], expected: dict[str, str]
) -> None:
    layout = mailing.root / "templates/layouts/card.yaml"
    lines = layout.read_text().splitlines()
    layout.write_text("\n".join(line for line in lines if "id: code" not in line and "id: number" not in line))
    people = (f"n{number},{name},1 Quay,10000,Town,1,r" for number, name in enumerate(names))
    (mailing.root / "jobs/people.csv").write_text("\n".join(["id,name,street,postcode,town,copies,route", *people]))
    plain, in_workers = merged_batches._composed, Doors.in_workers

    def failing(bench: Any, task: Any) -> Any:
        if task.content.layers["name"]["text"] in bad:
            raise ValueError("planted")
        return plain(bench, task)

    def all_at_once(doors: Doors, bench: Any, kit: Any, tasks: Iterator[Any], *rest: Any) -> Any:
        return in_workers(doors, bench, kit, list(tasks), *rest)  # as many workers have them

    monkeypatch.setattr(merged_batches, "_composed", failing)
    monkeypatch.setattr(Doors, "in_workers", all_at_once)
    mailing.set(metadata=TOLD).output(chunk=2)
    for _ in range(2):  # the second has what the first made
        ran = mailing.run()
        words = [page.split("\n")[0] for name in ran.files for page in ran.words(name)]
        assert dict(zip([row for one in ran.documents for row in one["index"]], words, strict=True)) == expected
        assert {row for code, row in ran.codes if code == "internal-error"} == {f"n{at}" for at in range(4)} - {*expected}
