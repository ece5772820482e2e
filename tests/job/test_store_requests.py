"""A store is asked for many at once: an unchanged run makes a few requests, whatever the number of files; and the
environment names the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from job_campaign import Campaign
from PIL import Image

from pressrun import registry
from pressrun.manifest import contact_sheet
from pressrun.model.errors import InputError
from pressrun.model.store import Store
from pressrun.model.store_options import StoreOptions
from pressrun.run.kept import kept_lines, lines_read
from pressrun.stores.folder import FolderStore

MOST = 20
asked: Counter[str] = Counter()


class CountingStore:
    """A folder store behind a counter."""

    def __init__(self, root: Path) -> None:
        self.behind = FolderStore(root)

    def __getattr__(self, name: str) -> Any:
        asked[name] += 1
        return getattr(self.behind, name)


class CountingOptions(StoreOptions):
    type: Literal["counting"] = "counting"

    def opener(self, folder: Path) -> Callable[[], Store]:
        return lambda: CountingStore(folder)  # type: ignore[return-value]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    monkeypatch.setitem(registry.STORES, "counting", CountingOptions)
    monkeypatch.setenv("PRESSRUN_STORE", "counting")
    asked.clear()
    return asked


def add_products(campaign: Campaign, count: int) -> None:
    """So many more products, each with a packshot of its own."""
    data = campaign.root / "jobs" / "data"
    for number in range(count):
        shot = campaign.root / "brands" / "testa" / "packshots" / f"shot-{number}.png"
        jar = Image.new("RGB", (40, 60), (number * 20, 90, 140))
        jar.paste((250, 240, 220), (10, 20, 30, 50))
        jar.save(shot)
        with (data / "products.csv").open("a") as products:
            products.write(f"P{number},Pot {number},a plain wall,packshots/{shot.name}\n")
        with (data / "prices.csv").open("a") as prices:
            prices.write(f"P{number},GBP,5.00\nP{number},EUR,6.00\n")


def test_an_unchanged_run_makes_a_few_requests_whatever_the_number_of_files(
    fresh: Campaign, counted: Counter[str]
) -> None:
    found = []
    for more in (0, 9):
        add_products(fresh, more)
        fresh.run()
        counted.clear()
        counts = fresh.run().counts
        assert counts.reused == counts.planned
        found.append((counts.planned, dict(counted)))
    (few, requests_of_few), (many, requests_of_many) = found
    assert many == 4 * few
    assert requests_of_many == requests_of_few
    assert sum(requests_of_many.values()) <= MOST, requests_of_many


def test_a_run_that_is_kept_or_carried_over_makes_as_few(
    fresh: Campaign, counted: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lines are kept some thousands together: here a few, which there are more of with more files."""
    monkeypatch.setattr(contact_sheet, "BY_MAIL", 0)
    for module in (kept_lines, lines_read):
        monkeypatch.setattr(module, "LINES_AT_ONCE", 3)
    found = []
    for more in (0, 9):
        add_products(fresh, more)
        for number in range(3):  # its pictures are taken in; it is kept; it is carried over
            counted.clear()
            assert fresh.run().exit == 0
            found.append((number, sum(counted.values())))
            counts = dict(counted)
        assert "put_many" not in counts, "nothing is worked out"
    assert [of_few == of_many for of_few, of_many in zip(found[1:3], found[4:6], strict=True)] == [True, True], found
    assert max(count for number, count in found if number) <= MOST


@pytest.mark.parametrize(
    ("said", "about"),
    [("floppy", "PRESSRUN_STORE"), ('{"type": "folder", "disc": 1}', "PRESSRUN_STORE"), ("{type", "PRESSRUN_STORE")],
)
def test_a_store_that_cannot_be_meant_is_told_by_its_variable(
    fresh: Campaign, monkeypatch: pytest.MonkeyPatch, said: str, about: str
) -> None:
    monkeypatch.setenv("PRESSRUN_STORE", said)
    with pytest.raises(InputError) as caught:
        fresh.run()
    assert {(finding.code, finding.place.file if finding.place else "") for finding in caught.value.findings} == {
        ("bad-setting", about)
    }


def test_store_and_journal_lie_where_the_environment_says(fresh: Campaign, tmp_path: Path) -> None:
    (fresh.root / ".env").write_text(
        f'PRESSRUN_STORE={{"type": "folder", "path": "{tmp_path}/elsewhere"}}\n'
        f'PRESSRUN_JOURNAL={{"type": "sqlite", "path": "{tmp_path}/elsewhere.db"}}\n'
    )
    report = fresh.run()
    assert (tmp_path / "elsewhere.db").is_file()
    assert not (fresh.root / ".pressrun" / "objects").exists()
    assert FolderStore(tmp_path / "elsewhere").present([str(asset.sha256) for asset in report.assets])
    assert fresh.run().counts.made == 0
