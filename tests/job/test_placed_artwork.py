"""A designer's PDF and a drawing in a job: told by `check`, placed by `run`, kept in the store, made once."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from job_campaign import Campaign, Ended
from pikepdf import Array, Dictionary, Name

Here = Callable[..., Ended]
JOB = """
brand: testa
date: 2027-03-01
rows:
  card: {key: id, items: [{id: front, page: 1}, {id: back, page: 2}]}
locale: "'en-GB'"
pictures: {}
layouts: [placed]
save_as: "{{ card.id }}"
provider: {type: fpo}
"""
LAYOUT = """
page: {trim: 60mm x 40mm, bleed: 3mm}
target: print
formats: [press-pdf, proof-png]
layers:
  - {type: artwork, id: design, file: design.pdf, page: "{{ card.page }}", box: {in: bleed}}
  - {type: artwork, id: badge, file: badge.svg, when: card.page == 1, box: {in: trim, width: 10mm, height: 10mm}}
"""
BADGE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">
<radialGradient id="g"><stop stop-color="#E4572E"/><stop offset="1" stop-color="#1F3A2E"/></radialGradient>
<circle cx="5" cy="5" r="5" fill="url(#g)"/></svg>"""
PACKED_BY_LZW = "q 99 0 0 99 0 0 cm BI /W 3 /H 3 /BPC 8 /CS /G /F [/A85 /LZW] ID J.#a]+q+m6!<~> EI Q"


def design(content: str = "0 1 0 0 k 0 0 300 300 re f", password: str | None = None) -> bytes:
    with pikepdf.new() as pdf:
        for _ in range(2):
            page = pdf.add_blank_page(page_size=(187, 130))
            page.obj.TrimBox = Array([8.5, 8.5, 178.5, 121.5])
            page.obj.Contents, page.obj.Resources = pdf.make_stream(content.encode()), Dictionary()
        out = io.BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user=password) if password else False)
    return out.getvalue()


@pytest.fixture
def placed(fresh: Campaign) -> Campaign:
    (fresh.root / "jobs" / "spring.yaml").write_text(JOB)
    (fresh.root / "templates" / "layouts" / "placed.yaml").write_text(LAYOUT)
    (fresh.root / "jobs" / "badge.svg").write_text(BADGE)
    (fresh.root / "jobs" / "design.pdf").write_bytes(design())
    return fresh


def test_a_design_is_placed_by_a_row(placed: Campaign, here: Here) -> None:
    assert here(placed, "check").code == 0
    assert here(placed, "run").code == 0
    files = sorted((placed.root / "runs").glob("*-spring/assets/*.pdf"))
    assert [file.stem for file in files] == ["back", "front"]
    for file, count in zip(files, (1, 2), strict=True):
        with pikepdf.open(file) as pdf:
            assert len(pdf.pages[0].obj.Resources.XObject) == count
    assert here(placed, "run").code == 0
    runs = sorted((placed.root / "runs").glob("*-spring*/assets"))  # of one second the later one is numbered
    first, second = ([(run / f"{name}.pdf").read_bytes() for name in ("back", "front")] for run in runs[-2:])
    assert first == second


@pytest.mark.parametrize("kind", ["drawing", "page"])
def test_a_design_in_a_repeated_layer_is_placed_as_in_one_that_is_there_once(placed: Campaign, here: Here, kind: str) -> None:
    """A drawing with words, or a PDF, was refused: an artwork layer should place it, which was the one that did."""
    (placed.root / "jobs/plan.svg").write_text(BADGE.replace("</svg>", '<text font-family="FiraGO">Bath</text></svg>'))
    file = {"drawing": "plan.svg", "page": "design.pdf"}[kind]
    (placed.root / "jobs/spring.yaml").write_text(JOB.replace("page: 1}", f"page: 1, plans: [{file}, {file}]}}"))
    layer = 'type: artwork, id: plan, repeat: card.plans, file: "{{ item }}", box: {in: trim, width: 10mm, height: 10mm}'
    (placed.root / "templates/layouts/placed.yaml").write_text(f"{LAYOUT}  - {{{layer}}}\n")
    done = here(placed, "check", "--json")
    assert [one["code"] for one in done.json if one["severity"] == "error"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda root: (root / "jobs/design.pdf").write_bytes(design("1 0 0 rg 0 0 300 300 re f")), "rgb"),
        (lambda root: (root / "jobs/design.pdf").write_bytes(design(PACKED_BY_LZW)), "lzw"),
        (lambda root: (root / "jobs/design.pdf").write_bytes(design(password="secret")), "encrypted"),
        (lambda root: (root / "jobs/design.pdf").write_bytes(b"%PDF-1.7 nothing"), "broken-picture"),
        (lambda root: (root / "jobs/design.pdf").unlink(), "missing-picture"),
        (lambda root: (root / "jobs/badge.svg").write_text(BADGE.replace("</svg>", "<script/></svg>")), "unusable-svg"),
        (
            lambda root: (root / "templates/layouts/placed.yaml").write_text(LAYOUT.replace('"{{ card.page }}"', "3")),
            "no-such-page",
        ),
        (
            lambda root: (root / "templates/layouts/placed.yaml").write_text(LAYOUT.replace("type: artwork, id: design, file: design.pdf, page: \"{{ card.page }}\"", "type: image, id: design, file: design.pdf")),
            "unknown-picture-kind",
        ),
    ],
    ids=["rgb", "lzw", "password", "broken", "missing", "svg", "page", "picture"],
)  # fmt: skip
def test_what_cannot_be_placed_is_told_by_check(placed: Campaign, here: Here, change: Callable[..., object], code: str) -> None:
    change(placed.root)
    done = here(placed, "check", "--json")
    assert code in {finding["code"] for finding in done.json}
    told = [finding for finding in done.json if finding["code"] == code]
    assert all("design.pdf" in one["message"] or "badge.svg" in one["message"] for one in told)


def test_what_fields_bring_along_is_told_where_they_are_drawn_alone(placed: Campaign, here: Here) -> None:
    with pikepdf.open(io.BytesIO(design())) as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        named = Dictionary(Font=Dictionary(Helv=font))
        field = pdf.make_indirect(Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="name", V="Ada", F=4, DA="/Helv 9 Tf 0 0 0 1 k",
            Rect=Array([20, 20, 120, 40]), P=pdf.pages[0].obj,
        ))  # fmt: skip
        pdf.pages[0].obj.Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), DR=named, NeedAppearances=True)
        pdf.save(placed.root / "jobs/design.pdf")
    assert {one["code"] for one in here(placed, "check", "--json").json} == {"font-not-embedded"}
    layout = placed.root / "templates/layouts/placed.yaml"
    layout.write_text(LAYOUT.replace("file: design.pdf,", "file: design.pdf, fields: false,"))
    assert here(placed, "check", "--json").json == []


def test_a_page_on_which_nothing_is_drawn_is_told_with_how_many_there_are(placed: Campaign, here: Here) -> None:
    with pikepdf.open(io.BytesIO(design())) as pdf:
        pdf.pages[0].obj.Contents = pdf.make_stream(b"")
        pdf.save(placed.root / "jobs/design.pdf")
    [found] = here(placed, "check", "--json").json
    assert (found["code"], found["severity"], found["row"]) == ("empty-page", "warning", "front")
    assert found["hint"] == "it has 2 pages: name another by `page`"


def test_a_file_that_the_layout_names_is_told_there(placed: Campaign, here: Here) -> None:
    (placed.root / "jobs/design.pdf").unlink()
    said = here(placed, "check").out
    assert "templates/layouts/placed.yaml:6:" in said
    assert "there is no picture 'design.pdf' in jobs/ or brands/testa/ (and likewise in 1 more row: back) — put it there" in said


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        ("page: 3", "templates/layouts/placed.yaml:7:11: row front, placed, layer design: design.pdf has no page 3"),
        ("page: '{{ card.page + 2 }}'", "jobs/spring.yaml:5: row front, placed, layer design: design.pdf has no page 3"),
        ("without: [fold]", "templates/layouts/placed.yaml:7:5: row front, placed, layer design: design.pdf has no element"),
        ("steps: {Die: ink}", "templates/layouts/placed.yaml:7:5: row front, placed, layer design: ink is no technical ink"),
    ],
)
def test_what_is_asked_of_a_file_is_told_where_it_is_asked(placed: Campaign, here: Here, layer: str, told: str) -> None:
    written = LAYOUT.replace('page: "{{ card.page }}", box: {in: bleed}}', f"box: {{in: bleed}},\n    {layer}}}")
    (placed.root / "templates/layouts/placed.yaml").write_text(written)
    assert told in here(placed, "check").out


def test_a_drawing_in_a_printed_image_layer_is_told_once_where_artwork_would_show_the_same(
    placed: Campaign, here: Here
) -> None:
    layout = placed.root / "templates" / "layouts" / "placed.yaml"
    plain = LAYOUT.replace("{type: artwork, id: badge,", "{type: image, id: badge, fit: contain,").replace("when: card.page == 1, ", "")
    layout.write_text(plain)
    told = [line for line in here(placed, "check").out.splitlines() if "drawing-as-pixels" in line]
    assert len(told) == 1
    assert "templates/layouts/placed.yaml:7" in told[0]
    assert "badge" in told[0]
    for said in ("fit: cover", "fit: contain, shadow: contact", "fit: contain, border: {width: 1pt, color: ink}"):
        layout.write_text(plain.replace("fit: contain", said))
        assert "drawing-as-pixels" not in (shown := here(placed, "check")).out + shown.err
    layout.write_text(plain.replace("print", "screen", 1).replace("press-pdf, proof-png", "png"))
    assert "drawing-as-pixels" not in (shown := here(placed, "check")).out + shown.err
