"""The words of a row, out of many entries of one key: the most specific that has a text in the locale."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from pressrun.model.copy_book import CopyBook, CopyEntry

SETS = ("product", "region", "theme")
KEY = st.sampled_from(["a", "b", ""])
ENTRIES = st.lists(
    st.builds(
        lambda keys, texts, line: CopyEntry(tuple((name, keys[name]) for name in SETS if keys.get(name)), texts, line),
        st.dictionaries(st.sampled_from(SETS), KEY),
        st.dictionaries(st.sampled_from(["en", "de"]), st.sampled_from(["x", "y", ""])),
        st.integers(2, 9),
    ),
    max_size=8,
)


def one_by_one(entries: list[CopyEntry], keys: Mapping[str, str], locale: str) -> str | None:
    for entry in entries:
        if (text := entry.texts.get(locale)) and entry.applies(keys):
            return text
    return None


@given(ENTRIES, st.dictionaries(st.sampled_from(SETS), KEY), st.sampled_from(["en", "de"]))
def test_what_is_found_by_keys_is_what_is_found_one_by_one(
    entries: list[CopyEntry], keys: dict[str, str], locale: str
) -> None:
    entries.sort(key=lambda entry: (-len(entry.conditions), [SETS.index(name) for name, _ in entry.conditions]))
    book = CopyBook("copy.csv", ("en", "de"), {"headline": tuple(entries)})
    assert book.find("headline", keys, locale) == one_by_one(entries, keys, locale)


def test_a_text_is_looked_for_among_its_own_entries_however_many_there_are() -> None:
    read = 0

    class Counted(dict[str, str]):
        def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
            nonlocal read
            read += 1
            return super().get(key, default)

    entries = tuple(CopyEntry((("product", str(number)),), Counted(en=f"text {number}"), 2) for number in range(3_000))
    book = CopyBook("copy.csv", ("en",), {"headline": entries})
    assert book.find("headline", {"product": "2999"}, "en") == "text 2999"
    assert read == 1
