"""What pages say, in the languages that they speak: the English words are the keys of the others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files

from pressrun.language import locale_formats
from pressrun.model.shipped_facts import shipped_facts

LANGUAGES = {"en": "English", "de": "Deutsch", "ar": "العربية"}

_ISOLATE, _END = "\u2066", "\u2069"  # what stands between runs from left to right, whatever is around it


@cache
def words_of(language: str) -> Mapping[str, str]:
    """The words of the pages → what they are in a language; of English alone what is a code, or a number of things.
    What has forms for numbers has each behind a stroke, as CLDR calls them (``{count} lines|few``)."""
    if language not in LANGUAGES:
        return {}
    return dict(_told(shipped_facts(__name__, f"{language}.yaml") or {}))


@cache
def _titles(language: str) -> Mapping[str, str]:
    if language not in LANGUAGES or not (files(__name__) / "findings" / f"{language}.yaml").is_file():
        return {}
    titles: Mapping[str, str] = shipped_facts(__name__, f"findings/{language}.yaml")
    return titles


def finding_title(finding: str, language: str) -> str:
    """What a finding, told by its code, is called in a language. Empty in English, in which findings say it
    themselves, and for a code that has none, such as a plug-in's."""
    return _titles(language).get(finding, "")


def _told(read: Mapping[str, str | Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    for english, said in read.items():
        if isinstance(said, str):
            yield english, said
            continue
        yield english, said["other"]
        for form, words in said.items():
            yield f"{english}|{form}", words


def spoken(accepted: str) -> str:
    """The language of the pages that a browser likes best (its Accept-Language)."""
    for part in accepted.split(","):
        wanted = part.split(";")[0].strip().split("-")[0].lower()
        if wanted in LANGUAGES:
            return wanted
    return "en"


class PageWords:
    """What a page says in its language, one of `LANGUAGES`. Called with the English words; {names} in them are filled
    in."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.direction = locale_formats.direction_of(language)
        self._words = words_of(language)

    @cached_property
    def digest(self) -> str:
        """Another one where any word is another."""
        return hashlib.sha256(repr((self.language, sorted(self._words.items()))).encode()).hexdigest()

    def __call__(self, english: str, **parts: object) -> str:
        said = self._words.get(english, english)
        return said.format(**parts) if parts else said

    def counted(self, english: str, count: int) -> str:
        """The words for a number of things (``{count} lines``)."""
        form = f"{english}|{locale_formats.plural_form(count, self.language)}"
        return self(form if form in self._words else english, count=locale_formats.number(count, self.language))

    def dollars(self, amount: float, digits: int) -> str:
        """A sum of money with so many decimals."""
        return self.isolated(locale_formats.dollars(Decimal(repr(amount)), self.language, digits))

    def isolated(self, text: str) -> str:
        """What is read from left to right in every language, such as a measure."""
        return text if self.direction == "ltr" else f"{_ISOLATE}{text}{_END}"

    def said_otherwise(self, english: Iterable[str]) -> dict[str, str]:
        """What these words are called, with the forms for numbers of things, where that is something else."""
        wanted = set(english)
        return {one: said for one, said in self._words.items() if one.partition("|")[0] in wanted and said != one}


@cache
def page_words(language: str) -> PageWords:
    return PageWords(language)
