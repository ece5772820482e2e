"""What stays of a form as artwork, and forms that cannot be imported."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from form_kit import Form
from form_reading import AT, codes, read, switch, text
from pikepdf import Array, Dictionary, Name, String
from reportlab.pdfgen.canvas import Canvas

from pressrun.model.design import ArtworkPart, TextPart
from pressrun.model.errors import InputError
from pressrun.run.design_import.campaign import DesignWanted, import_design

# ------------------------------------------------------------------------------------------------------ the artwork


def test_the_page_without_its_fields_is_the_artwork() -> None:
    form = Form()
    style = Dictionary(BG=Array([0, 0, 0.2, 0]), BC=Array([1]))
    form.text(AT, "Ada", T=String("name"), MK=style)
    switch(form, (20, 100, 32, 112), "Yes", True, T=String("agree"), FT=Name.Btn, V=Name.Yes)
    artwork = read(form).files["designs/form/page.pdf"]
    with pikepdf.open(io.BytesIO(artwork)) as pdf:
        page = pdf.pages[0]
        assert "/AcroForm" not in pdf.Root
        assert "/Annots" not in page.obj
        content = b"\n".join(stream.read_bytes() for stream in page.obj.Contents)
        assert b".8 .4 0 .1 k" in content.replace(b"0.", b".")  # the page's own
        assert b"0.0000 0.0000 0.2000 0.0000 k 20.000 150.000 120.000 20.000 re f" in content
        assert b"1.0000 G 1.000 w" in content
        [shown] = [name for name in page.obj.Resources.XObject if name.startswith("/Field")]
        assert b"0 0 5 9 re" in page.obj.Resources.XObject[shown].read_bytes()  # as it is when it is off


def test_of_several_pages_one_is_taken_and_the_others_are_told() -> None:
    form, second = Form(), Form()
    form.text(AT, "front", T=String("name"))
    second.text(AT, "back", T=String("name"))
    form.pdf.add_pages_from(second.pdf)
    assert codes(read(form)) == [("page-left-out", None)]
    back = read(form, page=2)
    with pikepdf.open(io.BytesIO(back.files["designs/form/page.pdf"])) as pdf:
        assert len(pdf.pages) == 1


def test_the_same_form_gives_the_same_bytes() -> None:
    form = Form()
    form.text(AT, "Ada", T=String("name"))
    data = form.bytes()
    assert read(data).files == read(data).files


# ------------------------------------------------------------------------------------------------ another's forms


def test_a_form_of_reportlab() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 200))
    form = canvas.acroForm
    form.textfield(name="name", x=20, y=150, width=120, height=20, value="Ada", fontName="Times-Bold", fontSize=11)
    form.textfield(name="words", x=20, y=60, width=120, height=60, value="One two", fieldFlags="multiline")
    form.checkbox(name="agree", x=200, y=150, checked=True)
    form.choice(name="pick", value="B", options=[("Apple", "A"), ("Bear", "B")], x=200, y=100, width=60, height=20)
    for value in ("S", "M"):
        form.radio(name="size", value=value, selected=value == "M", x=200 if value == "S" else 230, y=60)
    canvas.showPage()
    canvas.save()
    design = read(out.getvalue())
    assert {column.name: column.sample for column in design.columns} == {
        "name": "Ada", "words": "One two", "agree": "yes", "pick": "Bear", "size": "M",
    }  # fmt: skip
    name, pick = (one for one in design.parts if one.id in ("name", "pick"))
    assert isinstance(name, TextPart)
    assert isinstance(pick, TextPart)
    assert (name.type.family, name.type.weight, name.box.x) == ("Times", 700, pytest.approx(24))
    assert name.box.y + name.box.height / 2 + 0.26 * 11 == pytest.approx(200 - 157)  # where reportlab sets its line
    assert [one.when for one in design.parts if isinstance(one, ArtworkPart)][1:] == [
        "sheet.agree", "sheet.size == 'S'", "sheet.size == 'M'",
    ]  # fmt: skip


# --------------------------------------------------------------------------------------------------------- bad input


def saved(form: Form, **options: object) -> bytes:
    out = io.BytesIO()
    form.pdf.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def with_field() -> Form:
    form = Form()
    form.text(AT, "Ada", T=String("name"))
    return form


def without_pages() -> bytes:
    form = Form()
    del form.pdf.pages[0]
    return form.bytes()


@pytest.mark.parametrize(
    ("data", "page", "code"),
    [
        (lambda: b"%PDF-1.7 and then nothing", 1, "broken-design"),
        (lambda: b"", 1, "broken-design"),
        (lambda: with_field().bytes()[:900], 1, "broken-design"),
        (lambda: saved(with_field(), encryption=pikepdf.Encryption(owner="a", user="b")), 1, "locked-design"),
        (lambda: saved(with_field(), encryption=pikepdf.Encryption(owner="a")), 1, "locked-design"),
        (without_pages, 1, "missing-design-page"),
        (lambda: with_field().bytes(), 2, "missing-design-page"),
        (lambda: Form().bytes(), 1, "no-fields"),
    ],
    ids=["no-pdf", "empty", "cut-short", "password", "restricted", "no-page", "other-page", "no-fields"],
)
def test_what_cannot_be_imported_is_one_line_with_a_hint(data: object, page: int, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read(data(), page)  # type: ignore[operator]
    [finding] = refused.value.findings
    assert finding.code == code
    assert finding.hint
    assert finding.place is not None
    assert "\n" not in str(finding)


def test_pages_that_have_fields_are_named_where_this_one_has_none() -> None:
    form, second = Form(), with_field()
    form.pdf.add_pages_from(second.pdf)
    with pytest.raises(InputError) as refused:
        read(form)
    assert "--page 2" in str(refused.value.findings[0].hint)


@pytest.mark.parametrize("font", ["Helv", "F0"])
@pytest.mark.parametrize(("height", "size"), [(20, 10), (40, 12), (20, 14)])
def test_a_field_that_nobody_drew_is_set_where_a_viewer_would_set_it(font: str, height: float, size: float) -> None:
    """Chromium's, here: with forms of office programs, which leave it to whoever opens them."""
    form = Form(size=(300, 100))
    at = (20, 40, 200, 40 + height)
    form.widget(at, FT=Name.Tx, T=String("name"), V=String("xxxx"), DA=String(f"/{font} {size:g} Tf 0 g"))
    form.form["/NeedAppearances"] = True
    data = form.bytes()
    viewed = pypdfium2.PdfDocument(data)
    viewed.init_forms()
    drawn = viewed[0].render(scale=8).to_pil().convert("L").crop((160, 0, 1600, 640))
    foot = drawn.point(lambda level: 255 * (level < 100)).getbbox()
    viewed.close()
    found = text(read(data))
    assert foot
    middle = found.box.y + found.box.height / 2
    assert middle + 0.26 * size == pytest.approx(foot[3] / 8, abs=0.3 * 72 / 25.4)


def test_a_page_that_is_a_hair_off_has_the_size_that_was_meant(tmp_path: Path) -> None:
    form = Form(size=(419.56, 297.9))  # A6 on its side, as an office program rounds it, and no size at all
    form.text(AT, "Ada", T=String("name"))
    (tmp_path / "card.pdf").write_bytes(form.bytes())
    import_design(DesignWanted(tmp_path / "card.pdf", tmp_path))
    assert "page: {trim: 148mm x 105.092mm}" in (tmp_path / "templates/layouts/card.yaml").read_text("utf-8")
