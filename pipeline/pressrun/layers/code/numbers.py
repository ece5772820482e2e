"""The numbers in codes: in the form that a code has them, their check digits verified or completed.

biip is imported where it is needed: it reads all prefixes of GS1 first, for which most campaigns need not wait.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stdnum import isbn

from pressrun.graphics.codes.barcodes import BETWEEN
from pressrun.model.composition import CannotCompose
from pressrun.model.symbology import SYMBOLOGIES

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementString, GS1ElementStrings

_PARTS = re.compile(r"[\s\u2010-\u2015-]")  # people write them into numbers
_FORMAT = re.compile(r"(\[?)\+?([A-Z])(\.\.)?(\d+)")
_BY_A_SPREADSHEET = re.compile(r"\d+[.,]\d*(?:[eE]\+?\d+)?")
_IDENTIFIER = re.compile(r"\((\d{2,4})\)")
_ADD_ONS = (2, 5)
# How numbers begin that are whole with a zero before them: a UPC-A as EAN-13 but for coupons and numbers of shops' own,
# an EAN-13 as ITF-14; of UPC-A it is the zero that spreadsheets drop.
_WITHOUT_ZERO = {"ean-13": "0136789", "upc-a": "0123456789", "itf-14": "0123456789"}
_PADDED = {"01": 14, "02": 14, "03": 14}  # GTINs, which GS1 writes with zeros before


def digits(kind: str, written: str) -> str:
    """A number of EAN, UPC, ISBN or ITF-14 with its check digit. Raises CannotCompose."""
    said = _PARTS.sub("", written)
    if kind == "isbn":
        return _isbn(said, written)
    if not re.fullmatch("[0-9]+", said):
        raise _wrong_characters(kind, written)
    if kind == "upc-e":
        return _upc_e(said, written)
    count = SYMBOLOGIES[kind].digits
    if len(said) == count - 1:
        return _completed(kind, said, written)
    if len(said) != count:
        raise _wrong_length(kind, written, len(said), f"{count}, or {count - 1} without its check digit")
    _verify(said, _check_digit(said[:-1]), written)
    return said


def _completed(kind: str, said: str, written: str) -> str:
    """With its check digit, unless its last one is that of a number that lacks its first."""
    whole = said + _check_digit(said)
    if said[0] in _WITHOUT_ZERO.get(kind, "") and said[-1] == _check_digit(said[:-1]):
        message = f"'{written}' may be 0{said}, without its zero, or {whole}, without its check digit"
        raise CannotCompose("code-wrong-length", message, f"write the one that is meant, with all {len(whole)} digits")
    return whole


def capitals(written: str) -> str:
    """What a Code 39 says. Raises CannotCompose."""
    if written != written.upper():
        hint = "write capitals, {{ … | upper }}, or take code-128"
        raise CannotCompose("code-wrong-characters", f"a Code 39 has no small letters; this is '{written}'", hint)
    return written


def hyphenated(number: str) -> str:
    """An ISBN in its parts, as the ranges of the International ISBN Agency part them."""
    return str(isbn.format(number))


def add_on(written: str) -> str:
    """The digits of an add-on; none of one that is empty. Raises CannotCompose."""
    said = _PARTS.sub("", written)
    if said and not (re.fullmatch("[0-9]+", said) and len(said) in _ADD_ONS):
        hint = "two digits are an issue's number, five a price: 51299 is 12.99 US dollars"
        raise CannotCompose("code-wrong-length", f"an add-on has 2 or 5 digits; this is '{written}'", hint)
    return said


def with_add_on(number: str, more: str) -> str:
    """Both as the encoder takes them."""
    return f"{number}{BETWEEN}{more}" if more else number


def elements(written: str) -> GS1ElementStrings:
    """What GS1 application identifiers say, each verified. Raises CannotCompose."""
    parts = _IDENTIFIER.split(written.strip())
    if parts[0].strip() or len(parts) < 3:
        message = f"'{written}' does not begin with an application identifier"
        raise CannotCompose("code-bad-gs1", message, "write each before its value: (01)04006381333931(10)A7")
    from biip.gs1_element_strings import GS1ElementStrings

    found = GS1ElementStrings()
    for identifier, value in zip(parts[1::2], parts[2::2], strict=True):
        if any(one.ai.ai == identifier for one in found):
            message = f"({identifier}) stands in it twice, and GS1 has each identifier once"
            raise CannotCompose("code-bad-gs1", message, "take out the one that is not meant")
        found.append(_element(identifier, value.strip()))
    return found


def _element(identifier: str, value: str) -> GS1ElementString:
    from biip import BiipException
    from biip.gs1_element_strings import GS1ElementString

    try:
        element = GS1ElementString.parse(f"{identifier}{value}")
    except BiipException as problem:
        if "Unknown" in str(problem) or "Failed to get" in str(problem):
            raise CannotCompose("code-bad-gs1", f"GS1 has no application identifier ({identifier})") from None
        longer = _PADDED.get(identifier, 0)
        hint = _as_gs1_has(identifier)
        if longer and value.isdecimal() and len(value) < longer:
            hint = f"a GTIN has {longer} digits here: ({identifier}){value.rjust(longer, '0')}"
        raise CannotCompose("code-bad-gs1", f"({identifier}){value} is not as GS1 has it", hint) from None
    if element.ai.ai != identifier or element.value != value:
        raise CannotCompose("code-bad-gs1", f"({identifier}){value} is not as GS1 has it", _as_gs1_has(identifier))
    if element.gtin_error or element.sscc_error or element.gln_error:
        _verify(value, _check_digit(value[:-1]), f"({identifier}){value}")
        fault = element.gtin_error or element.sscc_error or element.gln_error
        raise CannotCompose("code-bad-gs1", f"({identifier}){value}: {fault}")
    return element


def _as_gs1_has(identifier: str) -> str:
    """What an identifier takes, in words: N2+X..20 is up to 20 letters, digits and signs behind its own two digits."""
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

    known = GS1ApplicationIdentifier.extract(identifier)
    parts = [
        f"{'maybe ' if maybe else ''}{'up to ' if most else ''}{count} "
        + ("digits" if kind == "N" else "letters, digits and signs, no blanks")
        for maybe, kind, most, count in _FORMAT.findall(known.format.partition("+")[2])
    ]
    return f"({known.ai}) is {known.description}: {', then '.join(parts)}"


def bracketed(said: GS1ElementStrings) -> str:
    """As the encoder takes them, whose values may have round brackets in them."""
    return "".join(f"[{one.ai.ai}]{one.value}" for one in said)


def readable(said: GS1ElementStrings) -> list[str]:
    """As people read them, one by one."""
    return [f"({one.ai.ai}){one.value}" for one in said]


def digital_link(written: str, domain: str) -> str:
    """The address of a GS1 Digital Link: of one that is written out, or of application identifiers. Raises
    CannotCompose."""
    from biip import BiipException
    from biip.gs1_digital_link_uris import GS1DigitalLinkURI

    if written.lower().startswith(("http://", "https://")):
        try:
            said = GS1DigitalLinkURI.parse(written).element_strings
        except BiipException as problem:
            raise CannotCompose("code-bad-gs1", f"'{written}' is no GS1 Digital Link: {problem}") from None
        for one in said:
            _element(one.ai.ai, one.value)
        return written
    try:
        return GS1DigitalLinkURI.from_element_strings(elements(written)).as_uri(domain=domain)
    except BiipException:
        message = f"'{written}' names nothing that an address could be of"
        raise CannotCompose("code-bad-gs1", message, "begin with what it is: (01) and a GTIN, (00), (414) …") from None


def _upc_e(said: str, written: str) -> str:
    """With its number system, 0 if not said, and its check digit, which is that of the UPC-A it stands for."""
    from biip.upc import Upc

    if len(said) not in (6, 7, 8):
        raise _wrong_length("upc-e", written, len(said), "8, 7 without its check digit, or 6 without its number system")
    body = said.rjust(7, "0") if len(said) < 8 else said[:7]
    if body[0] not in "01":
        raise CannotCompose("code-wrong-characters", f"a UPC-E begins with 0 or 1; this is '{written}'")
    right = Upc.parse(body).check_digit
    if len(said) == 8:
        _verify(said, str(right), written)
    longer = Upc.parse(f"{body}{right}").as_upc_a()
    if Upc.parse(longer).as_upc_e() != f"{body}{right}":
        message = f"no UPC-E is written '{written}': {longer}, which it would stand for, has another"
        raise CannotCompose("code-wrong-characters", message, f"write {Upc.parse(longer).as_upc_e()}")
    return f"{body}{right}"


def _isbn(said: str, written: str) -> str:
    """An ISBN of 13 digits; one of ten becomes that of 13 that it stands for."""
    said = said.upper().removeprefix("ISBN").lstrip(":")
    if not re.fullmatch("[0-9]+X?", said):
        raise _wrong_characters("isbn", written)
    if len(said) == 10:
        _verify(said, _check_of_ten(said[:9]), written)
        return str(isbn.to_isbn13(said))
    if len(said) not in (12, 13) or not said.startswith(("978", "979")):
        message = f"an ISBN has 13 digits, of which the first are 978 or 979, or 10; this is '{written}'"
        raise CannotCompose("code-wrong-length", message)
    right = _check_digit(said[:12])
    if len(said) == 13:
        _verify(said, right, written)
    return said[:12] + right


def _check_digit(said: str) -> str:
    """That of GS1, for what stands before it."""
    from biip.checksums import gs1_standard_check_digit

    return str(gs1_standard_check_digit(said))


def _check_of_ten(said: str) -> str:
    """The check digit of an old ISBN, to modulus 11."""
    check = sum(weight * int(digit) for weight, digit in enumerate(said, start=1)) % 11
    return "X" if check == 10 else str(check)


def _verify(said: str, right: str, written: str) -> None:
    if said[-1] != right:
        message = f"the check digit of {written} should be {right}, not {said[-1]}"
        hint = "some other digit may be the wrong one: compare with where it comes from"
        raise CannotCompose("code-check-digit", message, hint)


def _wrong_characters(kind: str, written: str) -> CannotCompose:
    one = SYMBOLOGIES[kind]
    is_number = _BY_A_SPREADSHEET.fullmatch(written)
    hint = "it is a number to the spreadsheet: format the column as text" if is_number else None
    return CannotCompose("code-wrong-characters", f"a code of {one.title} says {one.says}; this is '{written}'", hint)


def _wrong_length(kind: str, written: str, count: int, right: str) -> CannotCompose:
    hint = "spreadsheets drop zeros at the beginning: format the column as text" if count < 13 else None
    message = f"'{written}' has {count} digits; {SYMBOLOGIES[kind].title} has {right}"
    return CannotCompose("code-wrong-length", message, hint)
