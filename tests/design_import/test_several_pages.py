"""Designs of several pages, which become one layout of as many; and what a printer would send back of a design."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
import yaml
from form_kit import Form
from form_reading import AT, codes, read
from pikepdf import Dictionary, Name, String

from pressrun import run_job
from pressrun.model.design import ArtworkPart
from pressrun.model.errors import InputError
from pressrun.run.design_import.campaign import DesignWanted, Imported, import_design


@pytest.fixture(autouse=True)
def inline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")


def leaflet(x: float = 20.0, back: bool = True) -> bytes:
    """A front and a back with fields of one name and of another, and between them a page without any."""
    front, plain, behind = Form(), Form(size=(200.0, 300.0)), Form()
    front.text((x, 150, x + 120, 170), "Ada", T=String("name"))
    behind.text(AT, "Ada", T=String("name"))
    behind.text((20, 100, 140, 120), "London", T=String("city"))
    front.pdf.add_pages_from(plain.pdf)
    if back:
        front.pdf.add_pages_from(behind.pdf)
        for annotation in front.pdf.pages[-1].obj.Annots:
            if str(annotation.T).startswith("name"):  # it was told apart from that of the front
                annotation.T = String("name")
    return front.bytes()


def taken_in(folder: Path, data: bytes, **wanted: object) -> Imported:
    file = folder / "leaflet.pdf"
    file.write_bytes(data)
    return import_design(DesignWanted(file, folder, **wanted))  # type: ignore[arg-type]


def pages(folder: Path) -> list[dict[str, object]]:
    return list(yaml.safe_load((folder / "templates/layouts/leaflet.yaml").read_text())["pages"])


def ids(page: dict[str, object]) -> list[str]:
    return [layer["id"] for layer in page["layers"]]  # type: ignore[attr-defined]


def test_all_pages_of_a_form_are_parts_of_one_design() -> None:
    design = read(leaflet(), page=None)
    assert codes(design) == []
    every = [design.parts, *(page.parts for page in design.further)]
    assert [len(parts) for parts in every] == [2, 1, 3]
    assert [column.name for column in design.columns] == ["name", "city"]  # one for all of a field's places
    assert len({part.id for parts in every for part in parts}) == 6
    grounds = [part for parts in every for part in parts if isinstance(part, ArtworkPart)]
    assert [part.page for part in grounds] == [1, 2, 3]
    assert (design.further[0].width, design.further[0].height) == (200, 300)
    with pikepdf.open(io.BytesIO(design.files["designs/form/page.pdf"])) as pdf:
        assert [("/Annots" in page.obj) for page in pdf.pages] == [False] * 3


def test_they_become_a_layout_whose_press_file_has_them_all(tmp_path: Path) -> None:
    imported = taken_in(tmp_path, leaflet())
    assert imported.layers == 6
    assert [page["id"] for page in pages(tmp_path)] == ["page-1", "page-2", "page-3"]
    assert ["page" in page for page in pages(tmp_path)] == [False, True, False]
    report = run_job(tmp_path / imported.job)
    assert [one.code for asset in report.assets for one in asset.findings if one.is_error] == []
    (file,) = (Path(report.folder) / asset.path for asset in report.assets if asset.path.endswith(".pdf"))
    with pikepdf.open(file) as pdf:
        sizes = [tuple(round(float(edge)) for edge in page.trimbox) for page in pdf.pages]
    assert [(right - left, top - bottom) for left, bottom, right, top in sizes] == [(300, 200), (200, 300), (300, 200)]


def test_importing_again_brings_each_page_up_to_date_and_keeps_edits(tmp_path: Path) -> None:
    taken_in(tmp_path, leaflet(back=False))
    file = tmp_path / "templates/layouts/leaflet.yaml"
    file.write_text(file.read_text().replace("{{ sheet.name }}", "{{ sheet.name | upper }}"))
    again = taken_in(tmp_path, leaflet(x=30.0))
    assert [ids(page) for page in pages(tmp_path)] == [["artwork", "name"], ["artwork-2"], ["artwork-3", "name-2", "city"]]
    name = pages(tmp_path)[0]["layers"][1]  # type: ignore[index]
    assert (name["text"], name["box"]["x"]) == ("{{ sheet.name | upper }}", "11.289mm")
    assert again.findings == ()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    taken_in(tmp_path, leaflet(x=30.0))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    taken_in(tmp_path, leaflet(x=30.0, back=False))
    assert [ids(page) for page in pages(tmp_path)] == [["artwork", "name"], ["artwork-2"]]


def test_one_page_of_several_stays_one(tmp_path: Path) -> None:
    taken_in(tmp_path, leaflet(), page=3)
    layout = yaml.safe_load((tmp_path / "templates/layouts/leaflet.yaml").read_text())
    assert [layer["id"] for layer in layout["layers"]] == ["artwork", "name", "city"]
    again = taken_in(tmp_path, leaflet())
    assert [finding.code for finding in again.findings] == ["page-left-out"]
    assert "pages" not in yaml.safe_load((tmp_path / "templates/layouts/leaflet.yaml").read_text())


def test_a_document_without_a_field_or_without_an_end_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        read(Form().bytes(), page=None)
    assert [finding.code for finding in refused.value.findings] == ["no-fields"]
    form = Form()
    form.text(AT, "Ada", T=String("name"))
    for _ in range(200):
        form.pdf.pages.append(form.pdf.pages[0])
    with pytest.raises(InputError) as refused:
        read(form, page=None)
    assert [finding.code for finding in refused.value.findings] == ["too-many-design-pages"]


def test_what_a_printer_would_send_back_is_told_at_once(tmp_path: Path) -> None:
    """As `check` tells it later, of every sheet: a font that does not travel along, inks of another condition; and that
    RGB has become inks."""
    form = Form()
    form.text(AT, "Ada", T=String("name"))
    form.page.contents_add(b"1 0 0 rg 0 0 9 9 re f BT /H 9 Tf 50 50 Td (Not embedded) Tj ET")
    form.page.obj.Resources["/Font"] = Dictionary(
        H=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    form.pdf.Root["/OutputIntents"] = pikepdf.Array([
        Dictionary(Type=Name.OutputIntent, S=Name("/GTS_PDFX"), OutputConditionIdentifier=String("CGATS TR 001"))
    ])
    imported = taken_in(tmp_path, form.bytes())
    assert {"rgb-in-inks", "font-not-embedded", "other-output-intent"} <= {finding.code for finding in imported.findings}
    assert "rgb" not in {finding.code for finding in imported.findings}
    assert all(finding.hint for finding in imported.findings)


def test_drawings_become_a_layout_of_as_many_pages(tmp_path: Path) -> None:
    for name, said in (("front", "{{ name }}"), ("back", "{{ city }}")):
        text = f'<rect width="85" height="55" fill="#dddddd"/><text x="10" y="20" font-size="6">{said}</text>'
        head = 'xmlns="http://www.w3.org/2000/svg" width="85mm" height="55mm" viewBox="0 0 85 55"'
        (tmp_path / f"{name}.svg").write_text(f"<svg {head}>{text}</svg>")
    front, back = tmp_path / "front.svg", tmp_path / "back.svg"
    for again in (False, True):
        made = import_design(DesignWanted(front, tmp_path, "card", more=(back,)))
        assert made.again is again
    layout = yaml.safe_load((tmp_path / "templates/layouts/card.yaml").read_text())
    assert [ids(page) for page in layout["pages"]] == [["artwork", "name"], ["artwork-2", "city"]]
    report = run_job(tmp_path / made.job)
    assert [asset.size.pages for asset in report.assets if asset.format == "press-pdf"] == [2]


def test_files_of_two_kinds_are_no_pages_of_one_layout(tmp_path: Path) -> None:
    (tmp_path / "back.svg").write_text("<svg/>")
    (tmp_path / "front.pdf").write_bytes(leaflet())
    (tmp_path / "other.pdf").write_bytes(leaflet())
    for more in ("back.svg", "other.pdf"):
        with pytest.raises(InputError) as caught:
            import_design(DesignWanted(tmp_path / "front.pdf", tmp_path, more=(tmp_path / more,)))
        assert [finding.code for finding in caught.value.findings] == ["several-designs"]


def drawing(folder: Path, name: str, said: str) -> Path:
    head = 'xmlns="http://www.w3.org/2000/svg" width="85mm" height="55mm" viewBox="0 0 85 55"'
    file = folder / f"{name}.svg"
    file.write_text(f'<svg {head}><text x="10" y="20" font-size="6">{said}</text></svg>')
    return file


def test_a_design_of_one_page_that_gets_a_second_has_two_and_keeps_edits(tmp_path: Path) -> None:
    front, back = drawing(tmp_path, "front", "{{ name }}"), drawing(tmp_path, "back", "{{ city }}")
    file = tmp_path / "templates/layouts/card.yaml"
    import_design(DesignWanted(front, tmp_path, "card"))
    edited = file.read_text().replace("{{ sheet.name }}", "{{ sheet.name | upper }}")
    file.write_text(edited.replace("type: text\n", "type: text  # loud\n"))
    both = DesignWanted(front, tmp_path, "card", more=(back,))
    assert import_design(both).findings == ()
    layout = yaml.safe_load(file.read_text())
    assert [ids(page) for page in layout["pages"]] == [["name"], ["city"]]
    assert (layout["pages"][0]["layers"][0]["text"], "layers" in layout) == ("{{ sheet.name | upper }}", False)
    assert "# loud" in file.read_text()
    assert file.read_text().count("size: [") == 2  # that of the new page on a line as well
    before = file.read_bytes()
    import_design(both)
    assert file.read_bytes() == before
    report = run_job(tmp_path / import_design(DesignWanted(front, tmp_path, "card")).job)
    assert [ids(page) for page in yaml.safe_load(file.read_text())["pages"]] == [["name"]]
    assert [asset.size.pages for asset in report.assets if asset.format == "press-pdf"] == [1]


def test_a_form_that_gets_a_second_page_has_two(tmp_path: Path) -> None:
    form = Form()
    form.text(AT, "Ada", T=String("name"))
    taken_in(tmp_path, form.bytes())
    taken_in(tmp_path, leaflet())
    assert [ids(page)[-1] for page in pages(tmp_path)] == ["name", "artwork-2", "city"]
