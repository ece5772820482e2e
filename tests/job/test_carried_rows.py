"""A run in which a row says something else makes that row alone, and nobody can tell it by what the run leaves: whatever
is changed, it is compared byte for byte with a run that works all of it out."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from carried_kit import FEW, Worked, left, the_whole_way, worked
from job_campaign import Campaign, Ended, by_status, digests

from pressrun.manifest import contact_sheet
from pressrun.manifest.contact_sheet.page_data import page_ends
from pressrun.model.errors import InputError
from pressrun.run import job
from pressrun.run.kept import kept_lines, lines_read

__all__ = ["worked"]

DATA = "jobs/data"
LINES = 5  # in an object, so that a small record is in several


@pytest.fixture(autouse=True, scope="module")
def long_runs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contact_sheet, "BY_MAIL", FEW)
        patch.setattr(kept_lines, "LINES_AT_ONCE", LINES)
        patch.setattr(lines_read, "LINES_AT_ONCE", LINES)
        patch.setattr(contact_sheet, "page_ends", lambda places: page_ends(places, 4))
        yield


@pytest.fixture(scope="module")
def of_which_one_is_kept(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    campaign = Campaign.new(tmp_path_factory.mktemp("rows") / "campaign")
    card = "templates/layouts/card.yaml"
    bad = "{{ 1 / 0 if product.tag == 'bad' else serial }}"
    campaign.edit(card, "{{ copy.headline }}", "{{ copy.headline }} {{ product.tag }} " + bad)
    campaign.edit("jobs/spring.yaml", "[product, region]", "[region, product]")  # pages have them by product
    campaign.edit("jobs/spring.yaml", "theme: calm", "theme: calm\nwhere: product.tag != 'out'")
    more = "sku,name,scene,packshot,tag\n" + "".join(
        f"{sku},{name},{scene},packshots/{shot}.svg,{tag}\n"
        for sku, name, scene, shot, tag in (
            ("MUG", "Camp Mug", "morning light", "mug", "new"), ("TIN", "Tea Tin", "a quiet shelf", "tin", "old"),
            ("BAG", "Bean Bag", "a mountain at dusk", "mug", "last"),
        )
    )  # fmt: skip
    (campaign.root / DATA / "products.csv").write_text(more)
    assert campaign.run().exit == 0
    return campaign


@pytest.fixture
def kept(of_which_one_is_kept: Campaign, tmp_path: Path) -> Campaign:
    return of_which_one_is_kept.copy(tmp_path / "kept")


Edit = tuple[str, str, str]


@dataclass(frozen=True)
class Change:
    """Files that are edited, or what else is done; ``made`` are the files that are made where rows are carried over
    singly, None where the run goes the whole way."""

    edits: tuple[Edit, ...] = ()
    made: set[str] | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    does: Callable[[Campaign], object] = lambda campaign: None

    def __call__(self, campaign: Campaign) -> None:
        for edit in self.edits:
            campaign.edit(*edit)
        self.does(campaign)


def cards(*skus: str, locales: tuple[str, ...] = ("en-GB", "de-DE")) -> set[str]:
    return {f"{sku}/{locale}/card{end}" for sku in skus for locale in locales for end in (".pdf", "-proof.png")}


def _row_more(campaign: Campaign) -> None:
    path = campaign.root / DATA / "products.csv"
    path.write_text(path.read_text() + "JAR,Jar,a shelf,packshots/tin.svg,more\n")


def _swapped(campaign: Campaign) -> None:
    path = campaign.root / DATA / "products.csv"
    header, first, second, *rest = path.read_text().splitlines(keepends=True)
    path.write_text("".join([header, second, first, *rest]))


def _overridden(campaign: Campaign) -> None:
    (campaign.root / "jobs/overrides.yaml").write_text(
        "overrides:\n  - {row: en-GB/MUG, layout: card, change: {headline: {color: flame}}}\n"
    )
    campaign.edit("jobs/spring.yaml", "layouts: [post, card]", "layouts: [post, card]\noverrides: overrides.yaml")


PRODUCTS, COPY, PRICES = f"{DATA}/products.csv", f"{DATA}/copy.csv", f"{DATA}/prices.csv"
CHANGES: dict[str, Change] = {
    "a cell": Change(((PRODUCTS, ",old", ",older"),), cards("TIN")),
    "a cell of the last row": Change(((PRODUCTS, ",last", ',"la, “st”"'),), cards("BAG")),
    "a cell that is emptied, which is told": Change(((PRODUCTS, ",new", ","),), cards("MUG")),
    "straight quotes, which are told": Change(((PRODUCTS, ",old", ',"the ""old"" one"'),), cards("TIN")),
    "a double blank, which is told": Change(((PRODUCTS, ",old", ",the  old one"),), cards("TIN")),
    "a blank at the end, which is told": Change(((PRODUCTS, ",old", ",old "),), cards("TIN")),
    "straight quotes in the copy": Change(
        ((COPY, "Der Tee zieht", "Der „Tee\" zieht"),), cards("TIN", locales=("de-DE",)) | {"TIN/de-DE/post.png"},
    ),
    "copy of one product": Change(
        ((COPY, "Der Tee zieht", "Tee"),),
        cards("TIN", locales=("de-DE",)) | {"TIN/de-DE/post.png"},
    ),
    "copy of half the rows": Change(
        ((COPY, "Guten Morgen", "Moin"),),
        cards("MUG", "BAG", locales=("de-DE",)) | {f"{sku}/de-DE/post.png" for sku in ("MUG", "BAG")},
    ),
    "a column that nothing reads": Change(
        ((PRODUCTS, "sku,name", "sku,note,name"), (PRODUCTS, "MUG,", "MUG,,"), (PRODUCTS, "TIN,", "TIN,,"),
         (PRODUCTS, "BAG,", "BAG,,")),
    ),
    "a line more above": Change(((PRODUCTS, "MUG,", "\nMUG,"),)),
    "a line more between": Change(((PRODUCTS, "BAG,", "\nBAG,"),), set()),
    "a cell that words a picture": Change(((PRODUCTS, "a quiet shelf", "a loud shelf"),)),
    "a cell that names a picture": Change(((PRODUCTS, "shelf,packshots/tin", "shelf,packshots/mug"),)),
    "a key, and so a name": Change(((PRODUCTS, "TIN,", "TUB,"),)),
    "the order of two": Change(does=_swapped),
    "a row more": Change(does=_row_more),
    "a row less": Change(((PRODUCTS, "BAG,Bean Bag,a mountain at dusk,packshots/mug.svg,last\n", ""),)),
    "a cell that fails": Change(((PRODUCTS, ",old", ",bad"),)),
    "a cell that leaves its row out": Change(((PRODUCTS, ",old", ",out"),)),
    "a cell of a table": Change(((PRICES, "TIN,EUR,8.20", "TIN,EUR,8.30"),), cards("TIN", locales=("de-DE",))),
    "a line more above in a table": Change(((PRICES, "MUG,GBP", "\nMUG,GBP"),), set()),
    "an entry more in a table": Change(((PRICES, "MUG,GBP", "JAR,EUR,3\nMUG,GBP"),), set()),
    "an entry less in a table": Change(((PRICES, "TIN,EUR,8.20\n", ""),), cards("TIN", locales=("de-DE",))),
    "a column more in a table": Change(((PRICES, ",amount", ",amount,was"),)),
    "a cell of a table, and what asks it": Change(
        ((PRICES, "TIN,EUR,8.20", "TIN,EUR,8.30"), ("jobs/spring.yaml", "region.currency].amount", "'EUR'].amount"))
    ),
    "a packshot": Change((("brands/testa/packshots/tin.svg", "#1F3A2E", "#1A1A1A"), (PRODUCTS, ",old", ",older"))),
    "the brand": Change((("brands/testa/brand.yaml", "weight: 700, leading: 1.1", "weight: 400, leading: 1.1"),)),
    "a price cap": Change(((PRODUCTS, ",old", ",older"),), settings={"max_cost": 1.0}),
    "the language": Change(((PRODUCTS, ",old", ",older"),), settings={"language": "de"}),
    "an override": Change(((PRODUCTS, ",old", ",older"),), does=_overridden),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_leaves_what_working_it_out_leaves(kept: Campaign, tmp_path: Path, worked: Worked, name: str) -> None:
    change = CHANGES[name]
    change(kept)
    other = kept.copy(tmp_path / "other")
    report = kept.run(**change.settings)
    assert len(worked) == (change.made is None)
    assert change.made is None or by_status(report, "made") == change.made
    assert left(kept, report) == left(other, the_whole_way(other, **change.settings))
    worked.clear()
    again = kept.run(**change.settings)
    assert worked == ([] if report.exit == 0 else worked)
    assert left(kept, again) == left(other, the_whole_way(other, **change.settings))


def test_one_change_after_the_other(kept: Campaign, tmp_path: Path, worked: Worked) -> None:
    """Each is carried over from the one before; one that is taken back makes nothing."""
    made = []
    for old, new in ((",old", ",older"), (",last", ",least"), (",older", ",old")):
        kept.edit(PRODUCTS, old, new)
        made.append(by_status(kept.run(), "made"))
    assert (made, worked) == ([cards("TIN"), cards("BAG"), set()], [])
    other = Campaign.new(tmp_path / "other")
    for name in (PRODUCTS, "jobs/spring.yaml", "templates/layouts/card.yaml"):
        shutil.copy(kept.root / name, other.root / name)
    other.run()
    assert kept.assets() == other.assets()
    pages = [digests(campaign.latest / "contact-sheet") for campaign in (kept, other)]
    assert pages[0].pop("index.js") != pages[1].pop("index.js")  # which has what became of each file
    assert pages[0] == pages[1]


def test_what_was_odd_before_is_told_of_the_rows_that_have_it_still(
    kept: Campaign, tmp_path: Path, worked: Worked
) -> None:
    """The first rows are named, and the others counted: whichever is mended or becomes odd."""
    path = kept.root / PRODUCTS
    more = (f"X{at},Thing,a shelf,packshots/mug.svg,'odd' {at}\n" for at in range(3))
    path.write_text(path.read_text().replace(",new", ",'new'").replace(",last", ",the  last") + "".join(more))
    assert kept.run().exit == 0
    worked.clear()
    edits = {",'new'": ("MUG", ",new"), ",old": ("TIN", ",the  'old'"), ",'odd' 2": ("X2", ",odd 2 ")}
    for old, (sku, new) in edits.items():
        kept.edit(PRODUCTS, old, new)
        other = kept.copy(tmp_path / sku)
        report = kept.run()
        assert worked == [], old
        assert set() < by_status(report, "made") <= cards(sku), old
        assert left(kept, report) == left(other, the_whole_way(other)), old
        worked.clear()


def test_what_is_left_out_of_a_file_stays_told_of_the_row_that_names_it_first(
    kept: Campaign, tmp_path: Path, worked: Worked
) -> None:
    layer = '  - {type: image, id: shot, file: "{{ product.packshot }}", box: {x: 30mm, y: 21mm, width: 5mm, height: 5mm}}'
    kept.edit("templates/layouts/card.yaml", "layers:", f"layers:\n{layer}")
    kept.edit("brands/testa/packshots/tin.svg", "</svg>", '<animate attributeName="x" dur="1s"/></svg>')
    kept.edit(PRODUCTS, "mountain at dusk,packshots/mug", "mountain at dusk,packshots/tin")
    assert kept.run().exit == 0
    told = [one for one in kept.manifest()["notes"] if one["code"] == "svg-unheeded"]
    assert [one["row"] for one in told] == ["en-GB/TIN"]
    worked.clear()
    for old, new, sku in ((",last", ",least", "BAG"), (",old", ",older", "TIN"), (",least", ",last", "BAG")):
        kept.edit(PRODUCTS, old, new)
        other = kept.copy(tmp_path / new)
        report = kept.run()
        assert (worked, {path[:3] for path in by_status(report, "made")}) == ([], {sku} if new != ",last" else set())
        assert left(kept, report) == left(other, the_whole_way(other))
        worked.clear()


def test_a_decision_in_between_stays(kept: Campaign, tmp_path: Path, say: Callable[..., Ended]) -> None:
    for sheet in ("TIN/en-GB/card.pdf", "MUG/en-GB/card.pdf"):
        assert say(kept, "approve", sheet).code == 0
    kept.run()
    kept.edit(PRODUCTS, ",old", ",older")
    other = kept.copy(tmp_path / "other")
    assert left(kept, kept.run()) == left(other, the_whole_way(other))


def test_texts_that_share_a_size_go_the_whole_way(kept: Campaign, tmp_path: Path, worked: Worked) -> None:
    kept.edit("templates/layouts/card.yaml", "size: [5pt, 9pt]}", "size: [5pt, 9pt], fit_group: words}")
    kept.run()
    worked.clear()
    kept.edit(PRODUCTS, ",old", ",old and of many more words than the others have")
    other = kept.copy(tmp_path / "other")
    report = kept.run()
    assert len(worked) == 1
    assert left(kept, report) == left(other, the_whole_way(other))


def test_a_name_that_collides_is_told(kept: Campaign) -> None:
    path = kept.root / PRODUCTS
    path.write_text(path.read_text().replace("TIN,", "mug,").replace("MUG,", "Mug,"))
    with pytest.raises(InputError) as caught:
        kept.run()
    assert {one.code for one in caught.value.findings if one.is_error} == {"same-file"}


def test_of_kept_records_the_last_one_stays(kept: Campaign, worked: Worked) -> None:
    """Of a thousand changed cells the store has the files, and one record."""
    objects = kept.root / ".pressrun/objects"

    def there() -> set[str]:
        return {path.parent.name + path.name for path in objects.glob("*/*")}

    before, delivered = there(), set()
    for tag in ("older", "oldest", "old"):
        kept.edit(PRODUCTS, f"tin.svg,{'old' if tag == 'older' else 'older' if tag == 'oldest' else 'oldest'}",
                  f"tin.svg,{tag}")  # fmt: skip
        report = kept.run()
        shown = {
            digest for path, digest in digests(Path(report.folder)).items() if path.startswith(("assets/", "cont"))
        }
        delivered |= shown
    assert worked == []
    assert there() - before <= delivered  # the record is the first one again
    assert by_status(kept.run(), "made") == set()


def test_of_rows_in_the_job_another_key_of_the_job_is_not_passed_over(
    kept: Campaign, tmp_path: Path, worked: Worked
) -> None:
    with (kept.root / PRODUCTS).open(encoding="utf-8", newline="") as file:
        items = json.dumps(list(csv.DictReader(file)))
    kept.edit("jobs/spring.yaml", "{file: data/products.csv, key: sku}", f"{{key: sku, items: {items}}}")
    assert kept.run().exit == 0
    worked.clear()
    kept.edit("jobs/spring.yaml", '"old"', '"older"')
    kept.edit("jobs/spring.yaml", "date: 2027", "date: 2028")
    other = kept.copy(tmp_path / "other")
    report = kept.run()
    assert len(worked) == 1
    assert left(kept, report) == left(other, the_whole_way(other))


def test_a_file_of_rows_that_is_also_of_a_table_is_of_all_rows(kept: Campaign, tmp_path: Path, worked: Worked) -> None:
    kept.edit("jobs/spring.yaml", "tables:", "tables:\n  every: {file: data/prod*.csv, key: sku}")
    text = (kept.root / PRODUCTS).read_text("utf-8")
    (kept.root / DATA / "products-of-others.csv").write_text(text.replace("\n", "\nX", 3), "utf-8")
    each = """
  - type: group
    id: others
    box: {y: 26mm, height: 3mm}
    layers:
      - {type: text, id: other, repeat: {of: every, as: other}, text: "{{ other.tag }}", role: headline, size: 5pt}"""
    kept.edit("templates/layouts/card.yaml", "layers:", "layers:" + each)
    assert kept.run().exit == 0
    worked.clear()
    kept.edit(PRODUCTS, ",old", ",older")
    other = kept.copy(tmp_path / "other")
    report = kept.run()
    assert len(worked) == 1
    assert left(kept, report) == left(other, the_whole_way(other))


NOTES, FEES = f"{DATA}/notes.csv", f"{DATA}/fees.csv"
ASKS: dict[str, tuple[tuple[Edit, ...], dict[str, Any], Edit, set[str] | None]] = {
    "columns beside those of rows": (
        (("jobs/spring.yaml", "key: sku}", "key: sku, join: [{file: data/notes.csv, on: sku}]}"),
         ("templates/layouts/card.yaml", "{{ product.tag }}", "{{ product.note }}")),
        {}, (NOTES, "TIN,two", "TIN,second"), cards("TIN"),
    ),
    "a whole entry": (
        (("jobs/spring.yaml", "values: {", 'values: {more: "notes[product.sku]", '),
         ("jobs/spring.yaml", "tables:", "tables:\n  notes: {file: data/notes.csv, key: sku}"),
         ("templates/layouts/card.yaml", "{{ product.tag }}", "{{ more.note }}")),
        {}, (NOTES, "TIN,two", "TIN,second"), cards("TIN"),
    ),
    "a currency": (
        (("jobs/spring.yaml", "values: {", 'values: {fee: "fees[product.sku].amount", '),
         ("jobs/spring.yaml", "tables:", "tables:\n  fees: {file: data/fees.csv, key: sku, types: {amount: decimal}}"),
         ("templates/layouts/card.yaml", "{{ product.tag }}",
          "{{ fee | money if region.currency == 'EUR' else '' }}")),
        {}, (FEES, "TIN,EUR", "TIN,GBP"), None,  # an error
    ),
    "a list of the whole table": (
        (("jobs/spring.yaml", "tables:", "tables:\n  notes: {file: data/notes.csv, key: sku}"),
         ("templates/layouts/card.yaml", "layers:", """layers:
  - type: group
    id: others
    box: {y: 26mm, height: 3mm}
    layers:
      - {type: text, id: other, repeat: {of: notes}, text: "{{ item.note }}", role: headline, size: 5pt}""")),
        {}, (NOTES, "TIN,two", "TIN,second"), None,
    ),
    "a condition on sheets": (
        (), {"only": "layout.name == 'post' or prices[product.sku, region.currency].amount > 8.25"},
        (PRICES, "TIN,EUR,8.20", "TIN,EUR,8.30"), None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKS)
def test_a_cell_that_is_looked_up_is_of_the_rows_that_ask_for_it(
    kept: Campaign, tmp_path: Path, worked: Worked, name: str
) -> None:
    edits, settings, cell, made = ASKS[name]
    (kept.root / NOTES).write_text("sku,note\nMUG,one\nTIN,two\nBAG,three\n")
    (kept.root / FEES).write_text("sku,currency,amount\nMUG,EUR,1\nTIN,EUR,2\nBAG,EUR,3\n")
    for edit in edits:
        kept.edit(*edit)
    assert kept.run(**settings).exit == 0
    worked.clear()
    kept.edit(*cell)
    other = kept.copy(tmp_path / "other")
    report = kept.run(**settings)
    assert len(worked) == (made is None)
    assert made is None or by_status(report, "made") == made
    assert left(kept, report) == left(other, the_whole_way(other, **settings))


def test_what_is_saved_between_two_looks_is_in_all_rows(
    kept: Campaign, tmp_path: Path, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody saves the brand when the run knows already that only a row is another, and has not read it yet."""
    opens, brand = job.open_job, ("brands/testa/brand.yaml", "weight: 700, leading: 1.1", "weight: 400, leading: 1.1")

    def saved_before(*said: Any, **named: Any) -> Any:
        kept.edit(*brand)
        return opens(*said, **named)

    kept.edit(PRODUCTS, ",old", ",older")
    other = kept.copy(tmp_path / "other")
    other.edit(*brand)
    with monkeypatch.context() as patch:
        patch.setattr(job, "open_job", saved_before)
        report = kept.run()
    assert len(worked) == 1
    assert left(kept, report) == left(other, the_whole_way(other))
