"""Capitals and small letters by the rules of a language: the two i's of Turkish and Azerbaijani (Unicode's
SpecialCasing.txt), IJ of Dutch, and Greek, whose capitals have no accents (CLDR's transform ``el-Upper``)."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = "\u0300\u0301\u0302\u0304\u0306\u0311\u0313\u0314\u0342\u0343"  # all marks on Greek letters but dialytika
_DIALYTIKA, _IOTA_BELOW, _TONOS = "\u0308", "\u0345", "\u0301"
_VOWEL = "[αεηιουωΑΕΗΙΟΥΩ]"
_MARKS = re.compile(f"(?<=[Ͱ-Ͽἀ-῿])[{_ACCENTS}{_DIALYTIKA}{_IOTA_BELOW}]+")
# An accent on the first of two vowels said that they are two: without it, dialytika on the second says so.
_PARTED = re.compile(f"({_VOWEL}(?:(?!{_DIALYTIKA})[{_ACCENTS}])*{_TONOS}[ιυΙΥ])(?![{_ACCENTS}{_DIALYTIKA}])")
_OR = re.compile(r"(?<![\w\u0300-\u036f])[ηΗ]\u0301(?![\w\u0300-\u036f])")  # the word for "or", apart from the article
_KEPT = "\ue000"
_WORD = re.compile(r"(?<![\w'’])[^\W\d_]")
_DUTCH_IJ = re.compile(r"(?<![\w'’])ij")


def upper(text: str, locale: str) -> str:
    language = _language(locale)
    if language == "el" and not text.isascii():
        return _greek_capitals(text)
    return (text.replace("i", "İ") if language in ("tr", "az") else text).upper()


def lower(text: str, locale: str) -> str:
    is_turkic = _language(locale) in ("tr", "az")
    return (text.replace("I", "ı").replace("İ", "i") if is_turkic else text).lower()


def titled(text: str, locale: str) -> str:
    """Each word with a capital in front; what is not one letter (ß is SS) stays."""
    return _WORD.sub(lambda match: first_capital(match[0], locale), begun_in_dutch(text, locale))


def first_capital(letter: str, locale: str) -> str:
    """The capital that begins a word, where it is one letter. A Greek one keeps its accent: only among capitals it has
    none."""
    capital = letter.upper() if _language(locale) == "el" else upper(letter, locale)
    return capital if len(capital) == 1 else letter


def begun_in_dutch(text: str, locale: str) -> str:
    """A text whose words that begin with ij do so with IJ, if it is Dutch."""
    return _DUTCH_IJ.sub("IJ", text) if _language(locale) == "nl" else text


def _greek_capitals(text: str) -> str:
    spelled = unicodedata.normalize("NFD", text)
    spelled = _PARTED.sub(rf"\1{_DIALYTIKA}", _OR.sub(_KEPT, spelled))
    bare = _MARKS.sub(_without_accents, spelled).upper().replace(_KEPT, "Ή")
    return unicodedata.normalize("NFC", bare)


def _without_accents(marks: re.Match[str]) -> str:
    return (_DIALYTIKA if _DIALYTIKA in marks[0] else "") + ("ι" if _IOTA_BELOW in marks[0] else "")


def _language(locale: str) -> str:
    return locale.partition("-")[0]
