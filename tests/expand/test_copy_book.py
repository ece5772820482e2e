"""The words of a row, out of many lines of one key: the most specific that has a text in the locale."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from pressrun.load.copy_lines import copy_book
from pressrun.model.copy_book import CopyBook
from pressrun.readers.table import Table

SETS = ("product", "region", "theme")
LOCALES = ("en", "de")
KEYS = st.sampled_from(["a", "b", ""])
TEXTS = st.sampled_from(["x", "y", " ", ""])
Line = tuple[str, ...]
"""What it is for by row set, then its texts by locale."""
LINES = st.lists(
    st.tuples(KEYS, KEYS, KEYS, TEXTS, TEXTS), min_size=1, max_size=12, unique_by=lambda line: line[: len(SETS)]
)
ASKED = st.dictionaries(st.sampled_from(SETS), KEYS)


def book_of(lines: list[Line]) -> CopyBook:
    names = ("key", *SETS, *LOCALES)
    columns = zip(*[("headline", *line) for line in lines], strict=True)
    table = Table("copy.csv", dict(zip(names, columns, strict=True)), range(2, len(lines) + 2))
    return copy_book(table, SETS, {locale: locale for locale in LOCALES})


def applying(lines: list[Line], keys: Mapping[str, str]) -> list[Line]:
    """Those for a row, the most specific first, looked at one by one."""
    found = [line for line in lines if all(key in ("", keys.get(name)) for name, key in zip(SETS, line, strict=False))]
    conditions = {line: [at for at in range(len(SETS)) if line[at]] for line in found}
    return sorted(found, key=lambda line: (-len(conditions[line]), conditions[line]))


@given(LINES, ASKED, st.sampled_from(LOCALES))
def test_what_is_found_by_keys_is_what_is_found_one_by_one(lines: list[Line], keys: dict[str, str], locale: str) -> None:
    book, found = book_of(lines), applying(lines, keys)
    texts = [line[len(SETS) + LOCALES.index(locale)].strip() for line in found]
    assert book.find("headline", keys, locale) == next((text for text in texts if text), None)
    if found:
        assert book.place_of("headline", keys) == lines.index(found[0]) + 2
    saying = [line for line in found if "x" in line[len(SETS) :]]
    assert book.place_saying("x", keys) == (lines.index(saying[0]) + 2 if saying else None)


def test_a_line_that_is_for_no_row_set_is_for_all_that_have_none_of_their_own() -> None:
    book = book_of([("a", "", "", "own", ""), ("", "", "", "any", "alle")])
    assert [book.find("headline", {"product": key}, "en") for key in "ab"] == ["own", "any"]
    assert book.find("headline", {"product": "a"}, "de-AT") == "alle"
    assert book.scopes == {"headline": ("product",)}


def test_a_text_is_looked_for_among_its_own_lines_however_many_there_are() -> None:
    read = 0

    class Counted(str):
        def __bool__(self) -> bool:
            return bool(len(self))

        def __len__(self) -> int:
            nonlocal read
            read += 1
            return super().__len__()

    book = book_of([(str(number), "", "", f"text {number}", "") for number in range(3_000)])
    texts = {locale: [Counted(text) for text in some] for locale, some in book.texts.items()}
    counted = CopyBook(book.file, texts, book.places, book.entries, book.scopes)
    assert counted.find("headline", {"product": "2999"}, "en") == "text 2999"
    assert read == 1
