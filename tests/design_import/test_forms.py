"""What is read of a form: each way in which programs write a field is a case."""

from __future__ import annotations

import io

import pikepdf
import pytest
from form_kit import COMB, COMBO, MULTILINE, PUSHBUTTON, RADIO, Form
from form_reading import AT, codes, part, read, samples, switch, text
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from pressrun.model.design import (
    ArtworkPart,
    CodePart,
    PaintNamed,
    PicturePart,
    TextPart,
    TypeNamed,
)
from pressrun.model.geometry import Rect

# ------------------------------------------------------------------------------------------------ what is inherited


def test_a_fields_name_is_that_of_all_its_parents() -> None:
    form = Form()
    owner = form.parent(T=String("owner"))
    person = form.parent(owner, T=String("Contact Person"))
    form.text(AT, "Ada", parent=person, T=String("firstName"))
    design = read(form)
    assert samples(design) == {"owner_contact_person_first_name": "Ada"}
    assert text(design, "owner_contact_person_first_name").text == "{{ sheet.owner_contact_person_first_name }}"


def test_what_a_widget_does_not_say_is_its_parents_or_the_forms() -> None:
    form = Form()
    parent = form.parent(
        T=String("name"), FT=Name.Tx, V=String("Ada"), DA=String("/F1 14 Tf 0 0 1 rg"), Ff=MULTILINE
    )
    form.widget(AT, parent)
    form.form["/Q"] = 2
    form.form["/DA"] = String("/F0 9 Tf 0.5 g")
    form.widget((20, 100, 140, 120), T=String("other"), FT=Name.Tx)
    design = read(form)
    assert (text(design).type.weight, text(design).sizes, text(design).color) == (700, (14, 14), PaintNamed((0, 0, 1)))
    assert text(design).align == text(design, "other").align == "right"
    assert (text(design, "other").sizes, text(design, "other").color) == ((9, 9), PaintNamed((0.5,)))
    assert samples(design) == {"name": "Ada", "other": ""}


def test_several_widgets_of_a_field_are_layers_of_one_column() -> None:
    form = Form()
    parent = form.parent(T=String("name"), FT=Name.Tx, V=String("Ada"))
    form.text(AT, "Ada", parent=parent)
    form.text((20, 100, 140, 120), "Ada", parent=parent, key="F1")
    design = read(form)
    assert [one.id for one in design.parts] == ["artwork", "name", "name-2"]
    assert text(design).text == text(design, "name-2").text == "{{ sheet.name }}"
    assert samples(design) == {"name": "Ada"}


def test_two_fields_whose_names_come_to_the_same_stay_two() -> None:
    form = Form()
    form.text(AT, "Ada", T=String("Name"))
    form.text((20, 100, 140, 120), "Bob", T=String("name!"))
    assert samples(read(form)) == {"name": "Ada", "name_2": "Bob"}


# ----------------------------------------------------------------------------------------------------- how it looks


@pytest.mark.parametrize(
    ("says", "color"),
    [
        ("0 g", (0.0,)),
        ("0.25 g", (0.25,)),
        ("1 0 0 rg", (1.0, 0.0, 0.0)),
        ("0 .79 .88 .02 k", (0.0, 0.79, 0.88, 0.02)),
        ("0 g 1 0 0 rg", (1.0, 0.0, 0.0)),
    ],
)
def test_colours_keep_their_space(says: str, color: tuple[float, ...]) -> None:
    form = Form()
    form.text(AT, "Ada", T=String("name"), color=says)
    assert text(read(form)).color == PaintNamed(color)


@pytest.mark.parametrize("says", ["/F0 huge Tf 0 g", "/F0 10 Tf a b c rg", "(", ""])
def test_a_default_appearance_that_makes_no_sense_is_passed_over(says: str) -> None:
    form = Form()
    form.text(AT, "Ada", T=String("name"), DA=String(says), drawn=False)
    assert text(read(form)).color == PaintNamed((0.0,))


def test_a_colour_of_a_space_of_its_own_is_told() -> None:
    form = Form()
    form.text(AT, "Ada", T=String("name"), DA=String("/F0 10 Tf /Spot cs 1 scn"))
    design = read(form)
    assert text(design).color == PaintNamed((0.0,))
    assert codes(design) == [("color-not-read", "name")]


@pytest.mark.parametrize(
    ("font", "found"),
    [
        ("F0", TypeNamed("FiraGO", 400, False, travels=True)),
        ("F1", TypeNamed("FiraGO", 700, False, travels=True)),
        ("Helv", TypeNamed("Helvetica")),
        ("HeBO", TypeNamed("Helvetica", 700, True)),
        ("TiRo", TypeNamed("Times")),
        ("Unheard", TypeNamed("Unheard")),
    ],
)
def test_fonts_are_known_by_their_resources_or_short_names(font: str, found: TypeNamed) -> None:
    form = Form()
    form.text(AT, "Ada", T=String("name"), drawn=False, DA=String(f"/{font} 10 Tf 0 g"))
    assert text(read(form)).type == found


def test_a_font_that_says_no_height_stands_in_the_middle_all_the_same() -> None:
    form, plain = Form(), Form()
    form.pdf.Root.AcroForm.DR.Font.Sans = Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/BAAAAA+DejaVuSans"),
        FontDescriptor=Dictionary(Type=Name.FontDescriptor, FontName=Name("/BAAAAA+DejaVuSans"), Ascent=0, Descent=0),
    )  # fmt: skip
    form.widget(AT, FT=Name.Tx, T=String("name"), DA=String("/Sans 8 Tf 0 g"))  # as LibreOffice writes its own
    plain.widget(AT, FT=Name.Tx, T=String("name"), DA=String("/Helv 8 Tf 0 g"))
    assert text(read(form)).box == text(read(plain)).box


def test_size_0_is_a_fit_from_4_points_to_the_box() -> None:
    form = Form()
    form.text(AT, "Ada", T=String("shown"), size=13, written=0)
    form.text((20, 100, 140, 120), "", T=String("bare"), written=0, drawn=False)
    form.text((20, 20, 140, 90), "", T=String("several"), written=0, drawn=False, Ff=MULTILINE)
    design = read(form)
    assert text(design, "shown").sizes == (4, 13)  # as large as the program that filled it had it
    least, most = text(design, "bare").sizes
    assert least == 4
    assert 10 < most < 18
    assert text(design, "bare").box.height >= 0.96 * most
    assert text(design, "several").sizes == (4, 12)


@pytest.mark.parametrize(("quadding", "align"), [(0, "start"), (1, "center"), (2, "right")])
def test_alignment(quadding: int, align: str) -> None:
    form = Form()
    form.text(AT, "Ada", T=String("name"), align=quadding)
    assert text(read(form)).align == align


def test_lines_of_a_multiline_field_have_the_leading_that_they_show() -> None:
    form = Form()
    form.text((20, 90, 140, 150), "a b", lines=("a", "b"), T=String("name"), Ff=MULTILINE)
    found = text(read(form))
    assert (found.leading, found.lines, found.anchor) == (13, 4, "top")


def test_a_field_that_holds_lines_is_one_of_several_though_it_does_not_say_so() -> None:
    form = Form()
    form.text((20, 90, 140, 150), "one\ntwo", T=String("name"), drawn=False)
    found = text(read(form))
    assert (found.lines, found.anchor) == (5, "top")


def test_the_cells_of_a_comb_that_has_a_border_are_parted() -> None:
    """As Acrobat parts them; across, where it is turned."""
    form = Form()
    for at, turn in (((20, 150, 140, 170), 0), ((200, 20, 220, 140), 90)):
        field = form.text(at, "AB1", comb=4, MaxLen=4, Ff=COMB, T=String(f"name{turn}"), turn=turn)
        field.MK = Dictionary(BC=[0], R=turn)
    with pikepdf.open(io.BytesIO(read(form).files["designs/form/page.pdf"])) as pdf:
        moves = [
            tuple(float(one) for one in operands)
            for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]) if str(operator) in ("m", "l")
        ]  # fmt: skip
    assert moves == [
        (50, 150), (50, 170), (80, 150), (80, 170), (110, 150), (110, 170),
        (200, 50), (220, 50), (200, 80), (220, 80), (200, 110), (220, 110),
    ]  # fmt: skip


def test_a_comb_is_a_layer_for_each_cell_and_cuts_nothing_off() -> None:
    form = Form()
    form.text(AT, "AB1", comb=4, MaxLen=4, Ff=COMB, T=String("name"))
    design = read(form)
    cells = [one for one in design.parts if isinstance(one, TextPart)]
    assert [one.text for one in cells] == [
        "{{ sheet.name[0:1] }}", "{{ sheet.name[1:2] }}", "{{ sheet.name[2:3] }}", "{{ sheet.name[3:] }}",
    ]  # fmt: skip
    assert [(one.box.x, one.box.width, one.align) for one in cells] == [
        (20 + 30 * at, 30, "center") for at in range(4)
    ]  # fmt: skip
    assert codes(design) == []


def test_a_comb_that_is_set_to_the_right_is_filled_from_there() -> None:
    form = Form()
    form.text(AT, "AB", comb=3, MaxLen=3, Ff=COMB, T=String("name"), align=2)
    cells = [one.text for one in read(form).parts if isinstance(one, TextPart)]
    assert cells == ["{{ sheet.name[:-2] }}", "{{ sheet.name[-2:-1] }}", "{{ sheet.name[-1:] }}"]
    assert ["AB"[:-2], "AB"[-2:-1], "AB"[-1:]] == ["", "A", "B"]


def test_a_limit_of_characters_is_told() -> None:
    form = Form()
    form.text(AT, "Ada", T=String("name"), MaxLen=5)
    assert codes(read(form)) == [("most-characters", "name")]


# --------------------------------------------------------------------------------------------------- where it stands


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_field_has_a_turned_layer(turn: int) -> None:
    form = Form()
    form.text((100, 40, 160, 160), "Ada", T=String("name"), turn=turn)
    found = text(read(form))
    assert found.turn % 360 == -turn % 360
    long, wide = (120, 60) if turn % 180 else (60, 120)
    assert found.box.width == pytest.approx(long - 2, abs=0.1)
    middle = found.box.x + found.box.width / 2, found.box.y + found.box.height / 2
    assert middle == pytest.approx((130, 100), abs=wide / 10)


@pytest.mark.parametrize(
    ("turn", "box"),
    [(0, (22, 31)), (90, (150, 20)), (180, (160, 150)), (270, (30, 160))],
)
def test_a_turned_page_turns_what_is_on_it(turn: int, box: tuple[float, float]) -> None:
    form = Form(turn=turn)
    form.text(AT, "Ada", T=String("name"))
    design = read(form)
    assert (design.width, design.height) == ((200, 300) if turn % 180 else (300, 200))
    found = text(design)
    assert found.turn % 360 == turn
    upright = found.box if not turn % 180 else Rect(
        found.box.x + (found.box.width - found.box.height) / 2, found.box.y + (found.box.height - found.box.width) / 2,
        found.box.height, found.box.width,
    )  # fmt: skip
    assert (upright.x, upright.y) == pytest.approx(box, abs=2.1)


def test_a_field_turned_against_its_page_is_upright() -> None:
    form = Form(turn=90)
    form.text((100, 40, 120, 160), "Ada", T=String("name"), turn=90)
    assert text(read(form)).turn == 0


def test_places_are_measured_from_the_trim_and_the_bleed_is_kept() -> None:
    form = Form(trim=(10, 12, 290, 190), bleed=(4, 6, 296, 200))
    form.text(AT, "Ada", T=String("name"))
    design = read(form)
    assert (design.width, design.height, design.bleed) == (280, 178, 6)
    assert text(design).box.x == pytest.approx(12, abs=0.001)
    with pikepdf.open(io.BytesIO(design.files["designs/form/page.pdf"])) as pdf:
        assert [float(one) for one in pdf.pages[0].obj.TrimBox] == [10, 12, 290, 190]
        assert [float(one) for one in pdf.pages[0].obj.BleedBox] == [4, 6, 296, 196]


def test_a_unit_of_the_page_is_reckoned_in() -> None:
    form = Form(unit=2.0)
    form.text(AT, "Ada", T=String("name"))
    design = read(form)
    assert (design.width, design.height) == (600, 400)
    assert (text(design).sizes, text(design).box.x) == ((20, 20), pytest.approx(44, abs=0.001))


# --------------------------------------------------------------------------------------------------- other fields


def test_a_choice_shows_what_its_option_is_called() -> None:
    form = Form()
    options = Array([Array([String("m"), String("Medium")]), Array([String("l"), String("Large")])])
    form.text(AT, "m", T=String("name"), FT=Name.Ch, Ff=COMBO, Opt=options)
    assert samples(read(form)) == {"name": "Medium"}


def test_a_checkbox_is_artwork_that_a_truth_shows() -> None:
    form = Form()
    switch(form, (20, 150, 32, 162), "Yes", True, T=String("agree"), FT=Name.Btn, V=Name.Yes)
    switch(form, (20, 120, 32, 132), "Yes", False, T=String("news"), FT=Name.Btn)
    design = read(form)
    agree = part(design, "agree")
    assert isinstance(agree, ArtworkPart)
    assert (agree.when, agree.box) == ("sheet.agree", Rect(20, 38, 12, 12))
    assert [(one.name, one.sample, one.kind) for one in design.columns] == [
        ("agree", "yes", "boolean"), ("news", "no", "boolean"),
    ]  # fmt: skip
    with pikepdf.open(io.BytesIO(design.files[agree.file])) as pdf:
        assert [float(one) for one in pdf.pages[0].MediaBox] == [20, 150, 32, 162]


def test_buttons_that_exclude_each_other_are_one_column() -> None:
    form = Form()
    parent = form.parent(T=String("size"), FT=Name.Btn, Ff=RADIO, V=Name.L)
    switch(form, (20, 150, 32, 162), "M", False, parent=parent)
    switch(form, (40, 150, 52, 162), "L", True, parent=parent)
    design = read(form)
    assert [(one.id, one.when) for one in design.parts[1:]] == [
        ("size-m", "sheet.size == 'M'"), ("size-l", "sheet.size == 'L'"),
    ]  # fmt: skip
    assert samples(design) == {"size": "L"}


def test_a_button_for_a_picture_is_a_picture_with_what_it_shows() -> None:
    form = Form()
    icon = form.appearance((60, 40), 0, "1 0 0 rg 0 0 60 40 re f")
    form.widget(
        (20, 100, 80, 140), T=String("photo_af_image"), FT=Name.Btn, Ff=PUSHBUTTON, MK=Dictionary(I=icon),
        AP=Dictionary(N=icon),
    )  # fmt: skip
    form.widget((120, 100, 180, 140), T=String("map_af_image"), FT=Name.Btn, Ff=PUSHBUTTON)
    design = read(form)
    photo = part(design, "photo")
    assert isinstance(photo, PicturePart)
    assert (photo.file, photo.when, photo.box) == ("{{ sheet.photo }}", "sheet.photo", Rect(20, 60, 60, 40))
    assert samples(design) == {"photo": "designs/form/photo.png", "map": "designs/form/map.svg"}
    with Image.open(io.BytesIO(design.files["designs/form/photo.png"])) as picture:
        assert (picture.size, picture.convert("RGB").getpixel((30, 20))) == ((250, 167), (255, 0, 0))


def test_a_code_is_known_by_its_kind_or_its_name() -> None:
    form = Form()
    form.text(AT, "https://a.example", T=String("link"), drawn=False, PMD=Dictionary(Symbology=Name.QRCode))
    form.text((20, 100, 60, 140), "https://b.example", T=String("qr-code"), drawn=False)
    form.text((20, 20, 60, 60), "123", T=String("ean"), drawn=False, PMD=Dictionary(Symbology=Name.PDF417))
    design = read(form)
    assert [type(one) for one in design.parts[1:]] == [CodePart, CodePart, TextPart]
    assert codes(design) == [("field-left-out", None)]


def test_what_only_a_screen_has_a_use_for_is_left_out_and_told() -> None:
    form = Form()
    form.text(AT, "kept", T=String("name"), AA=Dictionary(F=Dictionary(S=Name.JavaScript, JS=String("x"))))
    form.widget((20, 100, 80, 120), T=String("send"), FT=Name.Btn, Ff=PUSHBUTTON)
    form.widget((20, 70, 80, 90), T=String("sign"), FT=Name.Sig)
    hidden = form.widget((20, 40, 80, 60), T=String("token"), FT=Name.Tx)
    hidden["/F"] = 2
    design = read(form)
    assert [one.id for one in design.parts] == ["artwork", "name"]
    assert [code for code, _ in codes(design)] == ["script-left-out", *["field-left-out"] * 3]
