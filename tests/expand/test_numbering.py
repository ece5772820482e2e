"""Numbers of tickets, vouchers and letters: the check digits are those that published numbers bear."""

from __future__ import annotations

import pytest
from stdnum import ean, lei, luhn
from stdnum.iso7064 import mod_97_10

from pressrun.language.filters import FOR_ALL
from pressrun.language.templates import Templates
from pressrun.model.template import TemplateFault


def render(source: str, value: object) -> str:
    return Templates(filters=FOR_ALL).text(source).render({"value": value})


@pytest.mark.parametrize(
    ("words", "value", "number"),
    [
        ("pad(4)", 42, "0042"), ("pad(4)", "0042", "0042"), ("pad(1)", 0, "0"), ("pad(64)", 1, "1".rjust(64, "0")),
        ("luhn", "7992739871", "79927398713"),
        ("luhn", "411111111111111", "4111111111111111"),  # a payment card for trials
        ("luhn", "49015420323751", "490154203237518"),  # the IMEI of the GSM Association's rules
        ("luhn", "0", "00"), ("luhn", 18, "182"),
        ("mod10", "400638133393", "4006381333931"),  # EAN-13
        ("mod10", "7351353", "73513537"),  # EAN-8
        ("mod10", "03600029145", "036000291452"),  # UPC-A
        ("mod10", "978030640615", "9780306406157"),  # the ISBN of the users' manual
        ("mod10", "10614141234567890", "106141412345678908"),  # SSCC
        ("mod97", "794", "79444"),  # the example of ISO/IEC 7064
        ("mod97", "539007547034RF", "539007547034RF18"),  # RF18 5390 0754 7034, ISO 11649
        ("mod97", "WEST12345698765432GB", "WEST12345698765432GB82"),  # GB82 WEST 1234 5698 7654 32
        ("mod97", "370400440532013000de", "370400440532013000DE89"),  # DE89 3704 0044 0532 0130 00
        ("mod97", "5493001KJTIIGC8Y1R", "5493001KJTIIGC8Y1R12"),  # LEI, ISO 17442
        ("pad(6) | luhn", 1, "0000018"),
    ],
)  # fmt: skip
def test_a_number_ends_in_the_check_digits_of_its_standard(words: str, value: object, number: str) -> None:
    assert render(f"{{{{ value | {words} }}}}", value) == number


@pytest.mark.parametrize("digits", [str(7**power)[:width] for power in range(20, 60, 3) for width in (1, 2, 7, 12, 17)])
def test_another_library_takes_every_number(digits: str) -> None:
    assert luhn.is_valid(render("{{ value | luhn }}", digits))
    assert render("{{ value | mod10 }}", digits)[-1] == ean.calc_check_digit(digits)
    assert mod_97_10.is_valid(render("{{ value | mod97 }}", digits + "RF"))


def test_a_legal_entity_is_known_by_its_number() -> None:
    assert lei.is_valid(render("{{ value | mod97 }}", "213800KUD8LAJWSQ9D"))


@pytest.mark.parametrize("words", ["luhn", "mod10", "mod97"])
def test_no_number_is_too_long(words: str) -> None:
    assert render(f"{{{{ value | {words} }}}}", "9" * 5000).startswith("9" * 5000)


@pytest.mark.parametrize(
    ("words", "value", "code"),
    [
        *((words, "", "empty-value") for words in ("pad(4)", "luhn", "mod10", "mod97")),
        *((words, None, "empty-value") for words in ("pad(4)", "luhn", "mod10", "mod97")),
        *((words, value, "wrong-value") for words in ("pad(4)", "luhn", "mod10") for value in ("12a", -3, 1.5, "1 2", "٣")),
        *(("mod97", value, "wrong-value") for value in ("RF 18", "RF-18", "é", "٣")),
        ("pad(3)", 1000, "wrong-value"),
        *((f"pad({width})", 7, "wrong-value") for width in ("0", "-1", "65", "2.5", "'4'", "none", "true")),
    ],
)
def test_what_is_no_number_is_told(words: str, value: object, code: str) -> None:
    with pytest.raises(TemplateFault) as caught:
        render(f"{{{{ value | {words} }}}}", value)
    assert caught.value.code == code
