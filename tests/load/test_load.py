"""What a project is once it is loaded, and what loading refuses before it reads anything."""

from __future__ import annotations

import hashlib
import pickle
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from pressrun import registry
from pressrun.load import load_project
from pressrun.model import packed_cells
from pressrun.model.errors import InputError
from pressrun.model.project import OutsideCampaign
from pressrun.model.record import Amount

JOB = "jobs/job.yaml"
FRAUNCES = Path(__file__).parents[2] / "brands/northlight/fonts/Fraunces-Regular.ttf"
Campaign = Callable[..., Path]


def codes(job: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    return [finding.code for finding in caught.value.findings if finding.is_error]


def test_a_good_campaign_loads_without_a_word(campaign: Campaign) -> None:
    project = load_project(campaign(), registry)
    assert project.notes == ()
    assert (project.job_name, project.brand_id) == ("job", "plain")
    assert list(project.layouts) == ["social/card", "print/flyer"]
    assert project.row_sets["product"].keys == ("K1", "M1")
    assert [record._line for record in project.row_sets["product"]] == [2, 3]
    assert set(project.prompts) == {"hero.j2", "base.j2"}


def test_every_file_read_is_among_the_inputs_with_its_digest(campaign: Campaign) -> None:
    project = load_project(campaign(), registry)
    assert list(project.inputs) == [
        "brands/plain/brand.yaml",
        "brands/plain/logo.svg",
        "brands/plain/packshots/kettle.svg",
        "brands/plain/packshots/mug.svg",
        "jobs/data/copy.csv",
        "jobs/data/prices.csv",
        "jobs/data/products.csv",
        "jobs/data/regions.csv",
        "jobs/job.yaml",
        "templates/layouts/print/flyer.yaml",
        "templates/layouts/social/card.yaml",
        "templates/prompts/base.j2",
        "templates/prompts/hero.j2",
    ]
    for name, digest in project.inputs.items():
        assert hashlib.sha256((project.root / name).read_bytes()).hexdigest() == digest


def test_amounts_know_the_currency_of_their_line(campaign: Campaign) -> None:
    prices = load_project(campaign(), registry).tables["prices"]
    index = prices.index_of(("K1", "EUR"))
    assert index is not None
    amount = prices.row(index)["amount"]
    assert isinstance(amount, Amount)
    assert (amount.currency, str(amount)) == ("EUR", "59.00")


@pytest.mark.parametrize(
    ("edit", "changes"),
    [
        ({"brands/plain/brand.yaml": {"calm": "quiet"}}, False),
        ({"brands/plain/brand.yaml": {"dotted line": "dashed line"}}, False),
        ({"brands/plain/brand.yaml": {"noon sun": "evening sun"}}, False),
        ({"brands/plain/brand.yaml": {"weight: 700": "weight: 600"}}, True),
        ({"brands/plain/brand.yaml": {"[0, 79, 88, 2]": "[0, 79, 88, 3]"}}, True),
        ({"brands/plain/logo.svg": {"#101010": "#FFFFFF"}}, True),
        ({"brands/plain/brand.yaml": {"themes:": "locales: {de: {typography: {body: {leading: 2}}}}\nthemes:"}}, True),
        ({"brands/plain/brand.yaml": {"themes:": "print: {total_ink: 310}\nthemes:"}}, True),
        ({"brands/plain/brand.yaml": {"themes:": "rich_black: ink\nthemes:"}}, True),
        ({"brands/plain/brand.yaml": {"themes:": "legible: {panel: paper}\nthemes:"}}, True),
    ],
)
def test_the_brand_digest_covers_what_composing_reads(
    tmp_path: Path, campaign: Campaign, edit: dict[str, dict[str, str]], changes: bool
) -> None:
    first = load_project(campaign(), registry).brand_digest
    second = load_project(campaign(edit), registry).brand_digest
    assert (first != second) is changes


@pytest.mark.parametrize(
    ("logos", "found"),
    [
        ("{default: logo.svg}", []),
        ("{word: logo.svg}", []),
        ("{reversed: logo.svg, word: logo.svg}", []),
        ("{mark: logo.svg, word: logo.svg}", [("social/card.yaml", "known: mark, word")]),
        ("{}", [("social/card.yaml", None)]),
    ],
)
def test_a_layer_that_names_no_logo_has_what_the_brand_has(
    campaign: Campaign, logos: str, found: list[tuple[str, str | None]]
) -> None:
    edits = {
        "brands/plain/brand.yaml": {"logos: {default: logo.svg}": f"logos: {logos}"},
        "templates/layouts/social/card.yaml": {"type: logo, logo: default": "type: logo"},
    }
    job = campaign(edits)
    try:
        load_project(job, registry)
        told = []
    except InputError as error:
        told = [one for one in error.findings if one.is_error]
    assert [(one.place.file.removeprefix("templates/layouts/"), one.hint) for one in told if one.place] == found
    assert {one.message for one in told} <= {"the layer names no `logo`, and the brand has none called 'default'"}


def test_a_layout_digest_ignores_comments_but_not_words(campaign: Campaign) -> None:
    file = "templates/layouts/social/card.yaml"
    digests = [
        load_project(campaign(edit), registry).layouts["social/card"].digest
        for edit in (None, {file: {"layers:": "# a comment\nlayers:  # another"}}, {file: {"safe: 20px": "safe: 21px"}})
    ]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("named", "figures"),
    [
        ("instagram-story", "{trim: 1080px x 1920px, safe: [270px, 65px, 380px, 65px]}"),
        ("{size: Instagram-Story, safe: 20px}", "{trim: 1080px x 1920px, safe: 20px}"),
        ("{trim: roll-up}", "{trim: 850mm x 2000mm}"),
    ],
)
def test_a_page_by_name_is_its_figures(campaign: Campaign, named: str, figures: str) -> None:
    file = "templates/layouts/social/card.yaml"
    written = "{trim: 400px x 400px, safe: 20px}"
    one, other = (
        load_project(campaign({file: {written: page}}), registry).layouts["social/card"] for page in (named, figures)
    )
    assert one.layout.page == other.layout.page
    assert one.digest == other.digest


@pytest.mark.parametrize("short", [0, packed_cells.SHORT])
def test_records_travel_between_processes(campaign: Campaign, monkeypatch: pytest.MonkeyPatch, short: int) -> None:
    monkeypatch.setattr(packed_cells, "SHORT", short)
    project = load_project(campaign(), registry)
    rows, prices = pickle.loads(pickle.dumps((project.row_sets["product"], project.tables["prices"])))
    assert tuple(rows.keys) == ("K1", "M1")
    assert next(iter(rows)).name == "Kettle"
    assert prices.row(1)["amount"].currency == "EUR"


def test_no_job_and_no_campaign(tmp_path: Path, campaign: Campaign) -> None:
    job = campaign()
    assert codes(job.with_name("jobb.yaml")) == ["missing-job"]
    lonely = tmp_path / "lonely.yaml"
    lonely.write_text(job.read_text())
    assert codes(lonely) == ["no-campaign"]


def test_a_symlink_out_of_the_campaign_is_refused(tmp_path: Path, campaign: Campaign) -> None:
    job = campaign()
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg/>")
    packshot = job.parent.parent / "brands/plain/packshots/mug.svg"
    packshot.unlink()
    packshot.symlink_to(secret)
    assert codes(job) == ["outside-campaign"]


@pytest.mark.parametrize("written", ["/etc/passwd", "../../secret", "C:\\secret", "\\\\host\\share", "a/../../../b"])
def test_no_path_leads_out(campaign: Campaign, written: str) -> None:
    project = load_project(campaign(), registry)
    with pytest.raises(OutsideCampaign):
        project.find_file(written)


def test_paths_are_found_beside_the_job_before_the_brand(campaign: Campaign) -> None:
    job = campaign()
    beside = job.parent / "packshots" / "mug.svg"
    beside.parent.mkdir()
    beside.write_text("<svg/>")
    project = load_project(job, registry)
    assert project.find_file("packshots/mug.svg") == beside.resolve()
    assert project.find_file("packshots/kettle.svg") == project.brand_folder.resolve() / "packshots/kettle.svg"
    assert project.find_file("packshots/none.svg") is None


def test_a_layer_with_when_may_lack_copy_and_an_unused_row_a_picture(campaign: Campaign) -> None:
    card = "templates/layouts/social/card.yaml"
    job = campaign(
        {
            "jobs/data/copy.csv": {"Zum Festhalten": "", "Gemacht für lange": ""},
            card: {'"{{ copy.headline }}",': '"{{ copy.headline }}", when: copy.headline,'},
            "templates/layouts/print/flyer.yaml": {"{{ copy.headline }}": "{{ copy.headline | default('Hello') }}"},
            JOB: {"where: season.start >= product.launch": "where: product.sku == 'K1'"},
            "jobs/data/products.csv": {"packshots/mug.svg": "packshots/none.svg"},
        }
    )
    assert [note.code for note in load_project(job, registry).notes] == ["unused-columns"]


HANDLED = (
    "copy.headline or 'Hello'",
    "copy.headline or copy.headline | default('Hello')",
    "(copy.headline or copy.headline) | default('Hello')",
    "(copy.headline and copy.headline ~ '!') or 'Hello'",
    "copy.headline if copy.headline else 'Hello'",
    "'Hello' if not copy.headline else copy.headline",
    "copy.headline if copy.headline is defined else 'Hello'",
    "(copy.headline if product.sku == 'K1' else copy.headline) | default('Hello')",
)


@pytest.mark.parametrize("words", HANDLED)
def test_copy_is_not_asked_for_where_other_words_stand_for_it(campaign: Campaign, words: str) -> None:
    edits = {"jobs/data/copy.csv": {"Zum Festhalten": "", "Gemacht für lange": ""}}
    layouts = ("templates/layouts/print/flyer.yaml", "templates/layouts/social/card.yaml")
    job = campaign(edits | {one: {"{{ copy.headline }}": f"{{{{ {words} }}}}"} for one in layouts})
    assert not [note.message for note in load_project(job, registry).notes if note.code == "missing-copy"]


@pytest.mark.parametrize(
    "words",
    ["'Hello' or copy.headline", "copy.headline ~ ' or'", "copy.headline if product.sku else 'Hello'",
     "copy.headline and 'Hello'", "(copy.headline ~ '!') | default('Hello')"],
)  # fmt: skip
def test_copy_is_asked_for_where_no_other_words_stand_for_it(campaign: Campaign, words: str) -> None:
    flyer = "templates/layouts/print/flyer.yaml"
    edits = {"jobs/data/copy.csv": {"Zum Festhalten": "", "Gemacht für lange": ""}}
    assert "missing-copy" in codes(campaign(edits | {flyer: {"{{ copy.headline }}": f"{{{{ {words} }}}}"}}))


def test_a_guarded_column_may_be_missing(campaign: Campaign) -> None:
    job = campaign({"templates/prompts/hero.j2": {"product.material": "product.finish | default('matt')"}})
    assert "unknown-column" not in [finding.code for finding in load_project(job, registry).notes]


def test_unused_columns_are_one_note_a_file(campaign: Campaign) -> None:
    job = campaign({"templates/prompts/hero.j2": {", {{ product.material }}": ""}})
    notes = load_project(job, registry).notes
    assert [(note.code, str(note.place)) for note in notes] == [("unused-columns", "jobs/data/products.csv:1")]
    assert "material" in notes[0].message


@pytest.mark.parametrize("brand", ["northlight", "cairnway"])
def test_the_sample_brands_have_no_faults(brand: str) -> None:
    root = Path(__file__).parents[2]
    for job in sorted((root / "jobs").glob("*.yaml")):
        if f"brand: {brand}\n" in job.read_text(encoding="utf-8"):
            project = load_project(job, registry)
            assert not [note for note in project.notes if note.severity != "note"]


def test_items_may_hold_lists_and_parts(campaign: Campaign) -> None:
    items = "[{id: spring, start: 2027-03-01, theme: bright, words: [a, b], light: {from: left}}, {id: winter, "
    job = campaign({JOB: {"[{id: spring, start: 2027-03-01, theme: bright}, {id: winter, ": items}})
    season = load_project(job, registry).row_sets["season"].records[0]
    assert (season.words, season.light["from"]) == (("a", "b"), "left")
    assert "bad-cell" in codes(campaign({JOB: {"start: 2027-03-01, theme": "start: [1], theme"}}))


@pytest.mark.parametrize(("on_disk", "written"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_the_brand_and_what_it_names_are_found_with_accents_apart_or_not(
    campaign: Campaign, on_disk: Literal["NFC", "NFD"], written: Literal["NFC", "NFD"]
) -> None:
    def said(name: str) -> str:
        return unicodedata.normalize(written, name)

    edits = {
        "brands/plain/brand.yaml": {
            "default: logo.svg": f"default: {said('bilder/blüte.svg')}",
            "typography:": f"fonts: [{said('schöne.ttf')}]\ntypography:",
        },
        JOB: {"brand: plain": f"brand: {said('käse')}"},
        "jobs/data/products.csv": {"packshots/kettle": said("packshots/kännchen")},
    }
    job = campaign(edits)
    brands = job.parents[1] / "brands"
    brands.joinpath("plain").rename(brand := brands / unicodedata.normalize(on_disk, "käse"))
    for old, new in {"logo.svg": "bilder/blüte.svg", "packshots/kettle.svg": "packshots/kännchen.svg"}.items():
        path = brand / unicodedata.normalize(on_disk, new)
        path.parent.mkdir(exist_ok=True)
        brand.joinpath(old).rename(path)
    shutil.copy(FRAUNCES, brand / unicodedata.normalize(on_disk, "schöne.ttf"))
    project = load_project(job, registry)
    assert (project.notes, project.brand_id) == ((), "käse")
    assert [path.parent for path in (*project.font_files, *project.logos.values())] == [brand, brand / "bilder"]
    assert project.campaign.find("packshots/kännchen.svg") == next((brand / "packshots").glob("k*.svg"))


@pytest.mark.parametrize("written", ["../../secret.csv", "/etc/hosts"])
@pytest.mark.parametrize("kept", ["file: data/products.csv", "file: data/prices.csv", "copy: {file: data/copy.csv"])
def test_no_table_is_read_from_outside_of_the_campaign(campaign: Campaign, tmp_path: Path, kept: str, written: str) -> None:
    (tmp_path / "secret.csv").write_text("sku,name\nA,secret\n")
    found = codes(campaign({JOB: {kept: kept.split("file: ")[0] + f"file: {written}"}}))
    assert "outside-campaign" in found
    assert "missing-file" not in found


def test_blanks_around_copy_are_no_copy(campaign: Campaign) -> None:
    job = campaign({"jobs/data/copy.csv": {"Hold it,Zum": '"  Hold it\t",   \nblank,,"\u00a0 ", Zum'}})
    book = load_project(job, registry).copy
    assert book is not None
    found = [book.find(key, {"product": "M1"}, locale) for key in ("headline", "blank") for locale in ("en-GB", "de-DE")]
    assert found == ["Hold it", "Gemacht für lange", None, "Zum Festhalten"]


@pytest.mark.parametrize("key", ["store", "journal"])
def test_what_a_campaign_keeps_is_not_said_in_a_job(campaign: Campaign, key: str) -> None:
    job = campaign()
    job.write_text(f"{key}: s3://prints/spring\n{job.read_text()}")
    with pytest.raises(InputError) as told:
        load_project(job, registry)
    (one,) = [one for one in told.value.findings if one.code == "unknown-key"]
    assert f"PRESSRUN_{key.upper()}=" in (one.hint or "")


@pytest.mark.parametrize(
    ("said", "hints"),
    [
        ("{{ product.from }}", ["the column 'from' is called from_ in templates and expressions"]),
        ("{{ product.note-de }}", ["write product.note_de: - is a minus here"]),
        ("{{ product.text-en }}", ["write product.text_en: - is a minus here"] * 2),
    ],
)
def test_a_header_that_is_no_name_is_told_as_templates_call_it(
    campaign: Campaign, said: str, hints: list[str]
) -> None:
    job = campaign()
    products, card = job.parent / "data/products.csv", job.parents[1] / "templates/layouts/social/card.yaml"
    head, *rows = products.read_text("utf-8").splitlines()
    products.write_text("\n".join([f"{head},from,note,note-de,text-en", *(f"{row},a,b,c,d" for row in rows), ""]), "utf-8")
    card.write_text(card.read_text("utf-8").replace("{{ price | money }}", said), "utf-8")
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    assert [one.hint for one in caught.value.findings if one.is_error] == hints


def test_keys_of_a_list_beside_a_table_are_told_where_they_belong(campaign: Campaign) -> None:
    job = campaign()
    card = job.parents[1] / "templates/layouts/social/card.yaml"
    table = "  - {type: table, rows: product, sort: item.name, size: 9px, columns: [{text: a}]}\n"
    card.write_text(card.read_text("utf-8").rstrip("\n") + "\n" + table, "utf-8")
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    [hint] = [one.hint for one in caught.value.findings if one.code == "unknown-key"]
    assert hint == "it belongs into the list: `rows: {of: …, sort: …}`"


@pytest.mark.parametrize(("said", "told"), [("copy.headline", "layouts alone see it"), ("layout.name", "layouts alone see it")])
def test_a_value_that_asks_for_what_layouts_see_is_told_so(campaign: Campaign, said: str, told: str) -> None:
    edits = {JOB: {"prices[product.sku, region.currency].amount": said}}
    with pytest.raises(InputError) as caught:
        load_project(campaign(edits), registry)
    assert [(one.code, told in (one.hint or "")) for one in caught.value.findings if one.is_error] == [("unknown-name", True)]
