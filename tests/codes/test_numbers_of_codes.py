"""Check digits are completed, verified, and told where they are wrong; libraries that we do not use for it agree."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean
from stdnum import isbn as isbns

from pressrun.graphics.codes.barcodes import reading, symbol
from pressrun.layers.code import numbers
from pressrun.model.composition import CannotCompose
from pressrun.model.symbology import SYMBOLOGIES

COUNTED = sorted(kind for kind, one in SYMBOLOGIES.items() if one.digits and kind not in ("isbn", "upc-e"))


def figures(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@pytest.mark.parametrize("kind", COUNTED)
@given(data=st.data())
def test_a_number_is_completed_as_the_encoder_would(kind: str, data: st.DataObject) -> None:
    bare = data.draw(figures(SYMBOLOGIES[kind].digits - 1).filter(lambda one: not is_whole(one)))
    whole = numbers.digits(kind, bare)
    assert whole[:-1] == bare
    assert whole[-1] == ean.calc_check_digit(bare)
    assert numbers.digits(kind, whole) == whole
    assert symbol(kind, whole).reads.endswith(whole)


def is_whole(number: str) -> bool:
    """With a zero before it, which changes no check digit."""
    return bool(ean.calc_check_digit(number[:-1]) == number[-1])


@pytest.mark.parametrize(("kind", "written", "meant"), [
    ("ean-13", "036000291452", ("0036000291452", "0360002914522")),  # a UPC-A
    ("ean-13", "501234567890", None),  # no UPC-A begins so
    ("upc-a", "36000291452", ("036000291452", "360002914522")),  # of a spreadsheet, without its zero
    ("itf-14", "4006381333931", ("04006381333931", "40063813339314")),  # an EAN-13
    ("ean-8", "9638507", None),
])  # fmt: skip
def test_a_number_that_may_lack_its_first_digit_or_its_last_is_not_guessed(
    kind: str, written: str, meant: tuple[str, str] | None
) -> None:
    if meant is None:
        assert numbers.digits(kind, written) == written + ean.calc_check_digit(written)
        return
    with pytest.raises(CannotCompose) as refusal:
        numbers.digits(kind, written)
    assert refusal.value.code == "code-wrong-length"
    assert all(one in str(refusal.value) for one in meant)
    assert [numbers.digits(kind, one) for one in meant] == list(meant)


@pytest.mark.parametrize("kind", COUNTED)
@given(data=st.data())
def test_a_wrong_check_digit_brings_the_right_one(kind: str, data: st.DataObject) -> None:
    bare, wrong = data.draw(figures(SYMBOLOGIES[kind].digits - 1)), data.draw(st.integers(1, 9))
    right = int(ean.calc_check_digit(bare))
    with pytest.raises(CannotCompose, match=f"should be {right}, not {(right + wrong) % 10}") as refusal:
        numbers.digits(kind, f"{bare}{(right + wrong) % 10}")
    assert refusal.value.code == "code-check-digit"


@given(figures(6), st.sampled_from("01"))
def test_a_upc_e_has_the_check_digit_of_its_upc_a(six: str, system: str) -> None:
    try:
        symbol("upc-e", system + six)
    except ValueError:  # there is another way to say it, which the standard insists on
        with pytest.raises(CannotCompose, match="has another"):
            numbers.digits("upc-e", system + six)
        return
    whole = numbers.digits("upc-e", system + six)
    assert whole[:7] == system + six
    assert symbol("upc-e", whole).reads[-1] == whole[-1]  # which is told as the UPC-A that it stands for
    assert numbers.digits("upc-e", whole) == whole
    assert system == "1" or numbers.digits("upc-e", six) == whole
    for wrong in set("0123456789") - {whole[-1]}:
        with pytest.raises(CannotCompose, match=f"should be {whole[-1]}"):
            numbers.digits("upc-e", whole[:7] + wrong)


@given(st.sampled_from(["978", "979"]), figures(9))
def test_an_isbn_is_completed_and_parted_as_its_agency_does(prefix: str, nine: str) -> None:
    whole = numbers.digits("isbn", prefix + nine)
    assert isbns.is_valid(whole)
    assert numbers.hyphenated(whole).replace("-", "") == whole
    assert numbers.digits("isbn", f"ISBN {numbers.hyphenated(whole)}") == whole


@given(figures(9))
def test_an_isbn_of_ten_digits_becomes_one_of_thirteen(nine: str) -> None:
    ten = next(nine + check for check in "0123456789X" if isbns.is_valid(nine + check))
    assert numbers.digits("isbn", ten) == isbns.to_isbn13(ten)
    other = "0" if ten[-1] != "0" else "1"
    with pytest.raises(CannotCompose, match=f"should be {ten[-1]}"):
        numbers.digits("isbn", nine + other)


@pytest.mark.parametrize("written", ["4 006381 333931", "4-006381-333931", "4006381333931\u00a0", "4\u2011006381333931"])
def test_people_part_numbers_as_they_like(written: str) -> None:
    assert numbers.digits("ean-13", written) == "4006381333931"


@pytest.mark.parametrize(
    ("kind", "written", "code"),
    [
        ("ean-13", "40063813339314", "code-wrong-length"), ("ean-13", "4006381", "code-wrong-length"),
        ("ean-13", "4006381e5", "code-wrong-characters"), ("ean-13", "٤٠٠٦٣٨١٣٣٣٩٣١", "code-wrong-characters"),
        ("ean-13", "4006381333931\x00", "code-wrong-characters"), ("ean-8", "4006381333931", "code-wrong-length"),
        ("upc-e", "23456789", "code-wrong-characters"), ("upc-e", "12345", "code-wrong-length"),
        ("isbn", "9771234567003", "code-wrong-length"), ("isbn", "978316X484100", "code-wrong-characters"),
    ],
)  # fmt: skip
def test_what_no_code_of_its_kind_can_say(kind: str, written: str, code: str) -> None:
    with pytest.raises(CannotCompose) as refusal:
        numbers.digits(kind, written)
    assert refusal.value.code == code


@given(figures(13), st.text("ABCab12-/()%\"'<>?_", min_size=1, max_size=20), figures(6))
def test_identifiers_come_out_of_a_scanner_as_they_went_in(thirteen: str, lot: str, serial: str) -> None:
    """Also values with brackets in them, and values of any length before others, which ask for a separator."""
    said = f"(01){thirteen}{ean.calc_check_digit(thirteen)}(10){lot}(21){serial}"
    elements = numbers.elements(said)
    assert "".join(numbers.readable(elements)) == said
    for kind in ("gs1-128", "gs1-data-matrix"):
        if len(lot) < 12 or kind == "gs1-data-matrix":
            assert symbol(kind, numbers.bracketed(elements)).reads == said


@pytest.mark.parametrize(("said", "hint"), [
    ("(01)0400638 1333931", "(01) is Global Trade Item Number (GTIN): 14 digits"),
    ("(10)Ä", "(10) is Batch or lot number: up to 20 letters, digits and signs, no blanks"),
    ("(17)271331", "(17) is Expiration date (YYMMDD): 6 digits"),
    ("(253)40063813339", "(253) is Global Document Type Identifier (GDTI): 13 digits, then maybe up to 17 letters, digits and signs, no blanks"),
])  # fmt: skip
def test_what_an_identifier_takes_is_told(said: str, hint: str) -> None:
    with pytest.raises(CannotCompose) as refusal:
        numbers.elements(said)
    assert refusal.value.hint == hint


@pytest.mark.parametrize("written", ["4.00638E+12", "4006381333931.0", "4,00638E+12"])
def test_a_number_that_a_spreadsheet_wrote_brings_the_way_round(written: str) -> None:
    with pytest.raises(CannotCompose) as refusal:
        numbers.digits("ean-13", written)
    assert "format the column as text" in str(refusal.value.hint)


def test_an_identifier_stands_in_a_code_once() -> None:
    with pytest.raises(CannotCompose, match=r"\(10\) stands in it twice") as refusal:
        numbers.elements("(01)04006381333931(10)A(10)B")
    assert refusal.value.code == "code-bad-gs1"


@pytest.mark.parametrize(("kind", "number"), [("ean-13", "4006381333931"), ("ean-8", "90311017"), ("upc-a", "017171177172"), ("upc-e", "01711712")])
@pytest.mark.parametrize("add_on", ["17", "51299"])
def test_a_number_is_read_with_its_add_on(kind: str, number: str, add_on: str) -> None:
    made = symbol(kind, numbers.with_add_on(number, add_on))
    cells = [[255 * (cell == "0") for cell in row for _ in "xx"] for row in made.rows for _ in range(40)]
    picture = numpy.pad(numpy.array(cells, numpy.uint8), 40, constant_values=255)
    assert made.reads in reading(picture, kind, add_on=True)
    assert made.reads.endswith(f"{number}+{add_on}") or kind == "upc-e"


@pytest.mark.parametrize("identifier", ["01", "02", "00", "410", "414", "8006"])
def test_the_check_digits_of_identifiers_are_verified(identifier: str) -> None:
    count = {"00": 17, "410": 12, "414": 12}.get(identifier, 13)
    body = "1" * count
    right, more = ean.calc_check_digit(body), "0102" if identifier == "8006" else ""
    if identifier != "8006":
        numbers.elements(f"({identifier}){body}{right}{more}")
        with pytest.raises(CannotCompose, match=f"should be {right}"):
            numbers.elements(f"({identifier}){body}{(int(right) + 1) % 10}{more}")
