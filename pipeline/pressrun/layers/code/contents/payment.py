"""A SEPA credit transfer as the European Payments Council has it (EPC069-12, version 3)."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from pydantic import Field
from stdnum import bic, iban, iso11649
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from pressrun.layers.code.contents.base import Content, Said, lacking, told, told_in_a_line, wrong

LONGEST_NAME, LONGEST_TEXT, LONGEST_NOTE = 70, 140, 70
MOST = Decimal("999999999.99")
MOST_BYTES = 331  # of a QR code of version 13 with correction M
# Countries whose IBANs take part in SEPA (EPC409-09 of 2025); of others no banking app fills in a transfer.
_SEPA = re.compile(
    "A[DLT]|B[EG]|C[HYZ]|D[EK]|E[ES]|F[IR]|G[BIR]|H[RU]|I[EST]|L[ITUV]|M[CDEKT]|N[LO]|P[LT]|R[OS]|S[EIKM]|VA"
)
_WRITTEN_BY_THE_BANK = "compare it with what the bank has written"
_AMOUNT = re.compile(r"\d+(?:[.,]\d{1,2})?")
_EUROS = re.compile(r"^(?:€|EUR)\s*|\s*(?:€|EUR)$")
_PURPOSE = re.compile("[A-Z0-9]{1,4}")


class Payment(Content):
    """What a banking app fills a transfer in euros with."""

    TEMPLATES: ClassVar[tuple[str, ...]] = ("name", "iban", "bic", "amount", "purpose", "reference", "text", "note")

    name: str = Field(description="Whom the money is for, with at most 70 characters: a template, as all keys here.")
    iban: str = Field(description="Their IBAN, blanks in it or not.")
    bic: str | None = Field(default=None, description="Their bank's BIC; within the EEA none is needed.")
    amount: str | None = Field(default=None, description="Euros: 12.50. Left out, who pays writes it.")
    purpose: str | None = Field(default=None, description="What kind of payment it is, as a code of ISO 20022: CHAR.")
    reference: str | None = Field(
        default=None, description="A creditor reference (RF18 …, ISO 11649), in place of a `text`."
    )
    text: str | None = Field(default=None, description="What the payment is for, with at most 140 characters.")
    note: str | None = Field(default=None, description="A word to who pays, with at most 70 characters.")

    def encoded(self, said: Said) -> str:
        name, note, text = (told_in_a_line(said, key, f"the {key} of the payment") for key in ("name", "note", "text"))
        if not name:
            raise lacking("the payment names nobody")
        for what, value, longest in (
            ("name", name, LONGEST_NAME), ("text", text, LONGEST_TEXT), ("note", note, LONGEST_NOTE),
        ):  # fmt: skip
            if len(value) > longest:
                message = f"the {what} of the payment has {len(value)} characters, and at most {longest}"
                raise wrong(message, f"shorten the {what}")
        reference = _reference(told(said, "reference"))
        if reference and text:
            raise wrong("a payment has a reference or a text, not both", "empty one of them")
        purpose = told(said, "purpose").upper()
        if purpose and not _PURPOSE.fullmatch(purpose):
            message = f"'{purpose}' is no purpose of ISO 20022, which has up to four letters"
            raise wrong(message, "write its code: CHAR, SALA, or leave it out")
        lines = [
            "BCD", "002", "1", "SCT", _bic(told(said, "bic")), name, _iban(told(said, "iban")),
            _amount(told(said, "amount")), purpose, reference, text, note,
        ]  # fmt: skip
        payload = "\n".join(lines).rstrip("\n")
        if (size := len(payload.encode())) > MOST_BYTES:
            raise wrong(f"the payment has {size} bytes, and the standard allows {MOST_BYTES}", "shorten its text")
        return payload


def _iban(written: str) -> str:
    if not written:
        raise lacking("the payment has no IBAN")
    compact = iban.compact(written)
    right = _check_digits(compact) if re.fullmatch("[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}", compact) else ""
    if not right:
        raise wrong(f"'{written}' is no IBAN", _WRITTEN_BY_THE_BANK)
    try:
        valid = str(iban.validate(compact[:2] + right + compact[4:]))
    except ValidationError:
        raise wrong(f"'{written}' is no IBAN: its length or its parts are wrong", _WRITTEN_BY_THE_BANK) from None
    if valid != compact:
        message = f"the check digits of the IBAN {written} should be {right}, not {compact[2:4]}"
        raise wrong(message, "some other digit may be the wrong one")
    if not _SEPA.match(valid):
        hint = "write what banks of that country ask for as a `value`, or lead to a page for gifts by a `url`"
        raise wrong(f"{written} is an IBAN of {valid[:2]}, which takes no part in SEPA", hint)
    return valid


def _check_digits(compact: str) -> str:
    """What ISO 7064 gives (mod 97-10), 02 to 98: 00, 01 and 99 leave the rests of 97, 98 and 02 and are never given."""
    return str(mod_97_10.calc_check_digits(compact[4:] + compact[:2]))


def _bic(written: str) -> str:
    if not written:
        return ""
    try:
        return str(bic.validate(written))
    except ValidationError:
        raise wrong(f"'{written}' is no BIC, which has 8 or 11 characters", _WRITTEN_BY_THE_BANK) from None


def _amount(written: str) -> str:
    said = _EUROS.sub("", written)
    if not said:
        return ""
    hint = "write euros with a point: 12.50"
    if not _AMOUNT.fullmatch(said):
        raise wrong(f"'{written}' is no amount of euros", hint)
    try:
        amount = Decimal(said.replace(",", "."))
    except InvalidOperation:
        raise wrong(f"'{written}' is no amount of euros", hint) from None
    if not Decimal("0.01") <= amount <= MOST:
        left_open = "empty the cell where who pays is to write the amount"
        raise wrong(f"an amount is from 0.01 to {MOST} euros; this is {written}", left_open)
    return f"EUR{amount:.2f}"


def _reference(written: str) -> str:
    if not written:
        return ""
    try:
        valid = str(iso11649.validate(written))
    except ValidationError:
        valid = ""
    if not valid or valid[2:4] != _check_digits(valid):
        raise wrong(f"'{written}' is no creditor reference: its check digits are wrong", "put it into `text`")
    return valid
