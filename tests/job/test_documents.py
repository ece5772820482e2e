"""A layout of several pages: one press file has them all, pictures are one a page, and the record knows each."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import yaml
from job_campaign import Campaign, Ended
from PIL import Image

from pressrun.model.page import Page
from pressrun.model.settings import Settings
from pressrun.run.dry.dry_sheets import dry_findings
from pressrun.run.looks.preview import Preview, Wanted
from pressrun.run.planned_job import prepare

LEAFLET = """
page: {trim: [40mm, 30mm], bleed: 2mm, safe: 3mm}
target: print
formats: [press-pdf, proof-png]
resolution: {floor: 40, target: 50}
layers:
  - {type: text, id: folio, text: "{{ page.number }}/{{ page.total }}", role: price, box: {y: 20mm, height: 4mm}, size: 6pt}
pages:
  - id: front
    layers:
      - {type: image, id: scene, picture: hero, box: {in: bleed, height: 20mm}}
      - {type: text, id: headline, text: "{{ copy.headline }}", role: headline, box: {y: 12mm, height: 5mm}, size: [5pt, 9pt]}
  - id: sole
    when: product.sku == 'TIN'
    page: {trim: [30mm, 30mm]}
    layers: []
  - id: back
    ground: sand
    layers:
      - {type: text, id: price, text: "{{ price | money }}", when: page.is_left, role: price, color: ink, box: {height: 5mm}, size: 8pt}
"""


def laid_out(campaign: Campaign, layout: str, *, where: str = "region.locale == 'en-GB' and product.sku in ['MUG', 'TIN']") -> Campaign:
    (campaign.root / "templates" / "layouts" / "leaflet.yaml").write_text(layout)
    campaign.edit("jobs/spring.yaml", "layouts: [post, card]", "layouts: [leaflet]")
    campaign.edit("jobs/spring.yaml", "locale: region.locale", f"where: {where}\nlocale: region.locale")
    return campaign


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    campaign = laid_out(Campaign.new(tmp_path_factory.mktemp("pages") / "campaign"), LEAFLET)
    campaign.run()
    return campaign


def pdf_of(campaign: Campaign, name: str) -> pikepdf.Pdf:
    return pikepdf.open(campaign.latest / "assets" / name)


def test_all_pages_are_in_one_press_file_each_with_its_own_boxes(printed: Campaign) -> None:
    with pdf_of(printed, "MUG/en-GB/leaflet.pdf") as mug, pdf_of(printed, "TIN/en-GB/leaflet.pdf") as tin:
        assert (len(mug.pages), len(tin.pages)) == (2, 3)
        widths = [round(float(page.obj.TrimBox[2] - page.obj.TrimBox[0]) * 25.4 / 72) for page in tin.pages]
        assert widths == [40, 30, 40]
        assert {str(pdf.docinfo["/GTS_PDFXVersion"]) for pdf in (mug, tin)} == {"PDF/X-4"}


def test_figures_of_pages_are_written_once_they_are_counted(printed: Campaign) -> None:
    (file,) = [line for line in printed.lines() if line["path"].endswith("TIN/en-GB/leaflet.pdf")]
    assert [text["text"] for text in file["text"] if text["id"] == "folio"] == ["1/3", "2/3", "3/3"]


def test_a_layer_stands_only_where_its_condition_of_the_page_holds(printed: Campaign) -> None:
    texts = {line["path"]: [text["id"] for text in line["text"]] for line in printed.lines()}
    assert "price" in texts["assets/MUG/en-GB/leaflet-2-proof.png"]  # the second is a left one, the third is not
    assert "price" not in texts["assets/TIN/en-GB/leaflet-3-proof.png"]


def test_each_page_has_a_ground_of_its_own(printed: Campaign) -> None:
    def corner(page: int) -> tuple[int, ...]:
        with Image.open(printed.latest / f"assets/TIN/en-GB/leaflet-{page}-proof.png") as picture:
            return picture.convert("RGB").getpixel((picture.width - 3, picture.height - 3))

    assert corner(2) == (255, 255, 255) != corner(3)


def test_a_second_run_has_all_files_of_a_document_from_the_store(printed: Campaign, tmp_path: Path) -> None:
    again = printed.copy(tmp_path / "again")
    report = again.run()
    assert report.counts.made == 0
    assert [line["sha256"] for line in again.lines()] == [line["sha256"] for line in printed.lines()]


def test_a_document_of_which_a_page_is_lost_is_made_again(printed: Campaign, tmp_path: Path) -> None:
    again = printed.copy(tmp_path / "again")
    (lost,) = [line for line in again.lines() if line["path"].endswith("TIN/en-GB/leaflet-2-proof.png")]
    (file,) = (again.root / ".pressrun").rglob(f"*{lost['sha256'][2:]}*")
    file.unlink()
    again.run()
    remade = {line["path"] for line in again.lines() if line["status"] == "made"}
    assert {path.rpartition("/")[2] for path in remade} == {f"leaflet-{page}-proof.png" for page in (1, 2, 3)}


def test_pictures_are_one_a_page_and_the_record_has_each(printed: Campaign) -> None:
    lines = {line["path"]: line for line in printed.lines()}
    assert set(lines) == {
        *(f"assets/TIN/en-GB/leaflet{end}" for end in (".pdf", "-1-proof.png", "-2-proof.png", "-3-proof.png")),
        *(f"assets/MUG/en-GB/leaflet{end}" for end in (".pdf", "-1-proof.png", "-2-proof.png")),
    }
    assert all((printed.latest / path).is_file() for path in lines)
    assert [lines[f"assets/TIN/en-GB/leaflet{end}"]["size"]["pages"] for end in (".pdf", "-1-proof.png")] == [3, 1]
    assert not [one for line in lines.values() for one in line["findings"] if one.get("check") == "written-files"]


def test_what_is_found_names_its_page(printed: Campaign) -> None:
    (file,) = [line for line in printed.lines() if line["path"].endswith("MUG/en-GB/leaflet.pdf")]
    assert {(one["code"], one["layer"], one["page"]) for one in file["findings"] if one["code"] == "low-contrast"} == {
        ("low-contrast", "headline", 1)
    }


@pytest.mark.parametrize(
    "when", ["region.locale != 'en-GB'", "page.number > 1"], ids=["of-its-rows", "of-its-pages"]
)
def test_a_row_of_which_every_page_is_left_out_is_told(fresh: Campaign, here: Callable[..., Ended], when: str) -> None:
    sole = "pages:\n  - {id: sole, when: WHEN, layers: [{type: logo, id: logo, logo: default}]}\n".replace("WHEN", when)
    campaign = laid_out(fresh, FOLDED.partition("pages:")[0] + sole, where="product.sku == 'MUG'")
    assert any("no-page-left" in line for line in here(campaign, "check", "--json").found)
    campaign.run()
    told = {line["row"]: [one["code"] for one in line["findings"]] for line in campaign.lines()}
    assert "no-page-left" in told["MUG/en-GB"]
    assert ("no-page-left" in told["MUG/de-DE"]) == when.startswith("page")


FOLDED = """
page: {trim: [60mm, 30mm], bleed: 2mm, safe: 2mm, panels: [19mm, 20mm, 21mm]}
target: print
formats: [press-pdf]
crop_marks: true
pages:
  - {id: outside, layers: [{type: text, id: name, text: "{{ product.sku }}", role: price, size: 6pt, box: {in: panel-3}}]}
  - {id: inside, page: {panels: [21mm, 20mm, 19mm]}}
"""


def test_a_folded_page_has_marks_where_it_is_folded(fresh: Campaign) -> None:
    laid_out(fresh, FOLDED, where="region.locale == 'en-GB' and product.sku == 'MUG'").run()
    with pdf_of(fresh, "MUG/en-GB/leaflet.pdf") as pdf:
        for page, folds in zip(pdf.pages, ([19, 39], [21, 41]), strict=True):
            content = b"".join(stream.read_bytes() for stream in page.obj.Contents).decode()
            dashed = content[content.index("] 0 d") :].split(" S Q")[0].split()
            places = {round((float(dashed[at - 2]) * 25.4 / 72) - 2) for at, word in enumerate(dashed) if word == "m"}
            assert places == set(folds)
    (text,) = fresh.lines()[0]["text"]
    assert text["id"] == "name"


@pytest.mark.parametrize(("panel", "left", "right"), [(1, 0, 21), (2, 21, 41), (3, 41, 64)])
def test_a_ground_of_a_panel_reaches_from_fold_to_fold_and_into_the_bleed(panel: int, left: int, right: int) -> None:
    page = Page.model_validate({"trim": ["60mm", "30mm"], "bleed": "2mm", "panels": ["19mm", "20mm", "21mm"]})
    ground = page.boxes().frame(f"panel-{panel}-bleed")
    assert [at / 72 * 25.4 for at in (ground.x, ground.right, ground.y, ground.bottom)] == pytest.approx(
        [left, right, 0, 34]
    )


DOWN = """
page: {trim: [60mm, 90mm], bleed: 2mm, safe: 2mm, panels: [20mm, 30mm, 40mm], panels_run: down}
target: print
formats: [press-pdf]
crop_marks: true
pages:
  - {id: outside, layers: [{type: text, id: name, text: "{{ product.sku }}", role: price, size: 6pt, box: {in: panel-3}}]}
  - {id: inside}
"""


def test_a_page_whose_panels_run_down_has_its_marks_at_the_sides(fresh: Campaign) -> None:
    laid_out(fresh, DOWN, where="region.locale == 'en-GB' and product.sku == 'MUG'").run()
    with pdf_of(fresh, "MUG/en-GB/leaflet.pdf") as pdf:
        for page in pdf.pages:
            content = b"".join(stream.read_bytes() for stream in page.obj.Contents).decode()
            dashed = content[content.index("] 0 d") :].split(" S Q")[0].split()
            starts = [(float(dashed[at - 2]), float(dashed[at - 1])) for at, word in enumerate(dashed) if word == "m"]
            assert {round(92 - y * 25.4 / 72) for _, y in starts} == {20, 50}
            left, right = -2.0, 64 / 25.4 * 72 + 2
            assert sorted({x for x, _ in starts}) == pytest.approx([left, right], abs=0.001)
    (line,) = fresh.lines()
    assert not [one for one in line["findings"] if one["severity"] != "note"]


@pytest.mark.parametrize(("panel", "top", "bottom"), [(1, 0, 22), (2, 22, 52), (3, 52, 94)])
def test_a_ground_of_a_panel_that_runs_down_reaches_from_fold_to_fold(panel: int, top: int, bottom: int) -> None:
    boxes = Page.model_validate(yaml.safe_load(DOWN)["page"]).boxes()
    ground, words = boxes.frame(f"panel-{panel}-bleed"), boxes.frame(f"panel-{panel}")
    assert [at / 72 * 25.4 for at in (ground.x, ground.right, ground.y, ground.bottom)] == pytest.approx([0, 64, top, bottom])
    least = [max(top, 2) + 2, min(bottom, 92) - 2]
    assert [at / 72 * 25.4 for at in (words.x, words.right, words.y, words.bottom)] == pytest.approx([4, 60, *least])


@pytest.mark.parametrize(("old", "new", "found"), [
    ("panels: [20mm, 30mm, 40mm]", "panels: [20mm, 30mm, 41mm]", "bad-fold templates/layouts/leaflet.yaml:2"),
    ("panels: [20mm, 30mm, 40mm]", "panels: [20mm, 40mm]", "bad-fold templates/layouts/leaflet.yaml:2"),
    ("id: inside", "id: inside, page: {panels: [40mm, 30mm, 20mm]}", "bad-fold templates/layouts/leaflet.yaml:8"),
    ("id: inside", "id: inside, page: {panels: [20mm, 20mm, 20mm], panels_run: across}", "bad-fold templates/layouts/leaflet.yaml:8"),
    ("in: panel-3", "in: panel-4", "unknown-panel templates/layouts/leaflet.yaml:7"),
])  # fmt: skip
def test_what_is_wrong_with_panels_that_run_down(
    fresh: Campaign, here: Callable[..., Ended], old: str, new: str, found: str
) -> None:
    ended = here(laid_out(fresh, DOWN.replace(old, new)), "check", "--json")
    assert ended.code == 2
    assert any(found in line for line in ended.found), ended.found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("[21mm, 20mm, 19mm]", "[19mm, 20mm, 21mm]", "bad-fold templates/layouts/leaflet.yaml:8"),
        ("[21mm, 20mm, 19mm]", "[21mm, 20mm, 18mm]", "bad-fold templates/layouts/leaflet.yaml:8"),
        ("in: panel-3", "in: panel-4", "unknown-panel templates/layouts/leaflet.yaml:7"),
        ("in: panel-3", "in: panel-4-bleed", "unknown-panel templates/layouts/leaflet.yaml:7"),
        ("id: inside", "id: inside, flow: nme", "unknown-layer templates/layouts/leaflet.yaml:8"),
        ("id: name,", "id: name, on_page: outsid,", "unknown-page templates/layouts/leaflet.yaml:7"),
        (
            "- {id: inside",
            "- {id: more, layers: [{type: logo, id: l, logo: default, when: page.is_left}, "
            "{type: logo, id: l, logo: default, when: page.is_right}]}\n  - {id: inside",
            "alternatives-by-page templates/layouts/leaflet.yaml:8",
        ),
        ("id: name,", "id: name, continues: nam,", "unknown-layer templates/layouts/leaflet.yaml:7"),
        (
            "layers: [{type: text, id: name,",
            "flow: name, layers: [{type: stack, id: s, repeat: \"('a', 'b')\"}, {type: text, inside: s, id: name,",
            "cannot-flow templates/layouts/leaflet.yaml:7",
        ),
        (
            "layers: [{type: text, id: name,",
            "flow: name, layers: [{type: text, repeat: \"('a', 'b')\", id: name,",
            "cannot-flow templates/layouts/leaflet.yaml:7",
        ),
        (
            "type: text, id: name,",
            "type: table, id: t, rows: \"(1, 2)\", size: 6pt, columns: [{header: \"{{ page.number }}\", text: x}]}, "
            "{type: text, id: name,",
            "unknown-name templates/layouts/leaflet.yaml:7",
        ),
        ("id: name,", "id: name, repeat: {of: \"(1, 2)\", where: item == page.number},", "unknown-name"),
        ("text: \"{{ product.sku }}\"", "text: \"{% if page.number > 1 %}x{% endif %}\"", "not-counted-yet"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_pages_is_told_at_its_place(
    fresh: Campaign, here: Callable[..., Ended], old: str, new: str, found: str
) -> None:
    ended = here(laid_out(fresh, FOLDED.replace(old, new)), "check", "--json")
    assert ended.code != 0
    assert any(found in line for line in ended.found), ended.found


FLOW = """
page: {trim: [40mm, 20mm], safe: 2mm}
target: screen
formats: [png]
pages:
  - id: story
    flow: body
    layers:
      - {type: text, id: body, text: "{% for n in range(120) %}{{ product.sku }} {% endfor %}", role: price, size: 6pt}
  - {id: end, when: page.is_right}
"""


def test_the_plan_counts_pages_and_the_files_that_they_have(fresh: Campaign, here: Callable[..., Ended]) -> None:
    told = here(laid_out(fresh, FLOW), "plan", "--json").json
    report = fresh.run()
    assert told["pages"] == {"leaflet": len(report.assets)}
    assert told["files"] == len(report.assets) > 4


def test_a_page_is_changed_and_left_out_by_hand(fresh: Campaign) -> None:
    laid_out(fresh, LEAFLET, where="region.locale == 'en-GB' and product.sku in ['MUG', 'TIN']")
    (fresh.root / "jobs" / "overrides.yaml").write_text("""overrides:
- {row: MUG/en-GB, change: {back: {ground: flame}}}
- {row: TIN/en-GB, change: {front: {hidden: true}}}
""")
    fresh.edit("jobs/spring.yaml", "layouts: [leaflet]", "layouts: [leaflet]\noverrides: overrides.yaml")
    fresh.run()
    paths = {line["path"] for line in fresh.lines()}
    assert "assets/TIN/en-GB/leaflet-2-proof.png" in paths
    assert "assets/TIN/en-GB/leaflet-3-proof.png" not in paths
    with Image.open(fresh.latest / "assets/MUG/en-GB/leaflet-2-proof.png") as back:
        red, green, _ = back.convert("RGB").getpixel((back.width - 3, back.height - 3))
        assert red > green + 80


def test_a_preview_shows_all_pages_or_one(fresh: Campaign, here: Callable[..., Ended]) -> None:
    laid_out(fresh, FLOW)
    every = here(fresh, "preview", "--json").json
    (one,) = here(fresh, "preview", "--page", "2", "--json").json
    assert [look["page"] for look in every] == list(range(1, len(every) + 1))
    assert one["file"] == every[1]["file"]
    (found,) = here(fresh, "preview", "--page", str(len(every) + 1), "--json").json
    assert (found["code"], found["severity"]) == ("no-such-page", "error")


def test_the_sample_of_a_leaflet_is_sound(tmp_path: Path) -> None:
    project = Path(__file__).parents[2]
    for name in ("brands/northlight", "templates", "jobs"):
        shutil.copytree(project / name, tmp_path / name)
    job = tmp_path / "jobs" / "brewing-guide.yaml"
    prepared = prepare(job, Settings(inline=True, only="region.locale == 'de-DE'"))
    with prepared.doors:
        assert dry_findings(prepared) == []
    preview = Preview(job, Settings())
    try:
        looks = preview.looks(Wanted(rows=("de-DE",)))
    finally:
        preview.close()
    assert [look.page for look in looks] == [1, 2]
    assert [finding for look in looks for finding in look.findings] == []


def test_a_file_that_is_called_as_a_page_would_be_is_told(fresh: Campaign, here: Callable[..., Ended]) -> None:
    laid_out(fresh, FLOW)
    (fresh.root / "templates" / "layouts" / "leaflet-2.yaml").write_text(
        "page: {trim: [40mm, 20mm]}\ntarget: screen\nformats: [png]\nlayers: [{type: shape, fill: sand}]\n"
    )
    fresh.edit("jobs/spring.yaml", "layouts: [leaflet]", "layouts: [leaflet, leaflet-2]")
    assert any("same-file" in line for line in here(fresh, "check", "--json").found)
