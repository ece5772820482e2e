"""One thing changed makes exactly what depends on it anew; everything else is taken from the store."""

from __future__ import annotations

from pathlib import Path

import pytest
from job_campaign import Campaign, by_status

from pressrun.model.run_record import RunReport

SKUS = ("MUG", "TIN", "BAG")
LOCALES = ("en-GB", "de-DE")
POST, CARD = ("post.png",), ("card.pdf", "card-proof.png")
BOTH = POST + CARD

Files = set[str]


def files(skus: tuple[str, ...] = SKUS, locales: tuple[str, ...] = LOCALES, names: tuple[str, ...] = BOTH) -> Files:
    return {f"{sku}/{locale}/{name}" for sku in skus for locale in locales for name in names}


def made_pictures(report: RunReport) -> int:
    return len({picture.key for asset in report.assets for picture in asset.pictures if not picture.reused})


DATA = "jobs/data"
# what is changed: (file, old, new), the files that are made, and how many pictures
CHANGES: dict[str, tuple[tuple[str, str, str], Files, int]] = {
    "a German headline": (
        (f"{DATA}/copy.csv", "Guten Morgen", "Moin"),
        files(("MUG", "BAG"), ("de-DE",)),
        0,
    ),
    "a German headline of one product": (
        (f"{DATA}/copy.csv", "Der Tee zieht", "Tee ist fertig"),
        files(("TIN",), ("de-DE",)),
        0,
    ),
    "a price": (
        (f"{DATA}/prices.csv", "MUG,EUR,12.90", "MUG,EUR,13.40"),
        files(("MUG",), ("de-DE",), CARD),
        0,
    ),
    "a price that prints alike": (
        (f"{DATA}/prices.csv", "MUG,EUR,12.90", "MUG,EUR,12.9"),
        set(),
        0,
    ),
    "a palette colour": (
        ("brands/testa/brand.yaml", "[0, 79, 88, 2]", "[0, 78, 88, 2]"),
        files(),
        0,
    ),
    "a palette colour that pictures show": (
        ("brands/testa/brand.yaml", "#EBD7B9", "#EBD7B0"),
        files(),
        6,
    ),
    "a role of the typography": (
        ("brands/testa/brand.yaml", "weight: 700, leading: 1.1", "weight: 400, leading: 1.1"),
        files(),
        0,
    ),
    "a logo": (
        ("brands/testa/logo.svg", 'r="9"', 'r="8"'),
        files(),
        0,
    ),
    "a layout": (
        ("templates/layouts/card.yaml", "y: 21mm", "y: 21.5mm"),
        files(names=CARD),
        0,
    ),
    "a comment in a layout": (
        ("templates/layouts/card.yaml", "target: print", "target: print  # for the till"),
        set(),
        0,
    ),
    "a word of the prompt": (
        ("templates/prompts/scene.j2", "a place for", "a home for"),
        files(),
        6,
    ),
    "a cell that one product's prompt reads": (
        (f"{DATA}/products.csv", "a quiet shelf", "a busy shelf"),
        files(("TIN",)),
        2,
    ),
    "a style term of the brand": (
        ("brands/testa/brand.yaml", "terms: [warm]", "terms: [cool]"),
        files(),
        6,
    ),
    "a packshot": (
        ("brands/testa/packshots/tin.svg", "#1F3A2E", "#1A1A1A"),
        files(("TIN",)),  # it is on the post, and a reference of both pictures
        2,
    ),
    "a retouching step": (
        ("jobs/spring.yaml", "[{type: tone}]", "[{type: tone, contrast: 1.2}]"),
        files(),
        0,
    ),
    "the date": (
        ("jobs/spring.yaml", "2027-03-01", "2027-03-02"),
        files(),
        0,
    ),
    "a name in save_as": (
        ("jobs/spring.yaml", "{{ product.sku }}/", "{{ product.sku }}-2027/"),
        set(),
        0,
    ),
    "a column that nothing reads": (
        (f"{DATA}/regions.csv", "locale,currency\nen-GB,GBP\nde-DE,EUR", "locale,currency,x\nen-GB,GBP,1\nde-DE,EUR,2"),
        set(),
        0,
    ),
    "the order of the rows": (
        (f"{DATA}/regions.csv", "en-GB,GBP\nde-DE,EUR", "de-DE,EUR\nen-GB,GBP"),
        set(),
        0,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_change_makes_anew(warm: Campaign, change: str) -> None:
    edit, expected, pictures = CHANGES[change]
    warm.edit(*edit)
    report = warm.run()
    assert (by_status(report, "made"), made_pictures(report)) == (expected, pictures)
    assert report.counts.made + report.counts.reused == report.counts.planned == 18
    assert warm.run().counts.made == 0


def test_what_is_made_anew_is_what_a_fresh_run_makes(warm: Campaign, tmp_path: Path) -> None:
    edits = [CHANGES[name][0] for name in ("a German headline", "a price", "a layout", "a packshot")]
    for edit in edits:
        warm.edit(*edit)
        warm.run()
    fresh = Campaign.new(tmp_path / "fresh")
    for edit in edits:
        fresh.edit(*edit)
    fresh.run()
    assert warm.assets() == fresh.assets()


def test_a_change_taken_back_makes_nothing(warm: Campaign) -> None:
    before = warm.assets()
    warm.edit(f"{DATA}/copy.csv", "Guten Morgen", "Moin")
    warm.run()
    assert warm.assets() != before
    warm.edit(f"{DATA}/copy.csv", "Moin", "Guten Morgen")
    assert warm.run().counts.made == 0
    assert warm.assets() == before


def test_a_layout_more_asks_for_no_picture(warm: Campaign) -> None:
    layout = (warm.root / "templates/layouts/post.yaml").read_text()
    (warm.root / "templates/layouts/story.yaml").write_text(layout.replace("120px x 120px", "140px x 130px"))
    warm.edit("jobs/spring.yaml", "[post, card]", "[post, card, story]")
    report = warm.run()
    assert by_status(report, "made") == files(names=("story.png",))
    assert made_pictures(report) == 0


def test_words_for_pictures_are_nothing_to_a_layout_without_any(warm: Campaign) -> None:
    (warm.root / "templates/layouts/tag.yaml").write_text(PICTURELESS)
    warm.edit("jobs/spring.yaml", "[post, card]", "[post, card, tag]")
    warm.run()
    warm.edit("brands/testa/brand.yaml", "terms: [warm]", "terms: [cool]")
    warm.edit("brands/testa/brand.yaml", "terms: [home]", "terms: [away]")
    report = warm.run()
    assert by_status(report, "reused") == files(names=("tag.png",))


PICTURELESS = """
page: {trim: 60px x 20px}
target: screen
formats: [png]
layers: [{type: text, text: "{{ copy.headline }}", role: headline, color: ink, box: {in: trim}, size: [4px, 8px]}]
"""


def test_a_product_more_makes_its_files(warm: Campaign) -> None:
    warm.edit(f"{DATA}/products.csv", "BAG,", "CUP,Small Cup,rain,packshots/mug.svg\nBAG,")
    warm.edit(f"{DATA}/prices.csv", "MUG,GBP", "CUP,GBP,1.00\nCUP,EUR,1.20\nMUG,GBP")
    report = warm.run()
    assert by_status(report, "made") == files(("CUP",))
    assert (made_pictures(report), report.counts.reused) == (2, 18)


def test_a_locale_more_makes_its_files_and_no_picture(warm: Campaign) -> None:
    warm.edit(f"{DATA}/regions.csv", "de-DE,EUR", "de-DE,EUR\nfr-FR,EUR")
    (warm.root / f"{DATA}/copy.csv").write_text(
        "key,product,en-GB,de-DE,fr-FR\nheadline,,Good morning,Guten Morgen,Bonjour\n"
        "headline,TIN,Tea is ready,Der Tee zieht,Le thé infuse\n"
    )
    report = warm.run()
    assert by_status(report, "made") == files(locales=("fr-FR",))
    assert (made_pictures(report), report.counts.reused) == (0, 18)


def test_a_row_less_makes_nothing(warm: Campaign) -> None:
    warm.edit(f"{DATA}/products.csv", "TIN,Tea Tin,a quiet shelf,packshots/tin.svg\n", "")
    (warm.root / f"{DATA}/copy.csv").write_text("key,product,en-GB,de-DE\nheadline,,Good morning,Guten Morgen\n")
    report = warm.run()
    assert (report.counts.made, report.counts.reused) == (0, 12)
    assert set(warm.assets()) == files(("MUG", "BAG"))
