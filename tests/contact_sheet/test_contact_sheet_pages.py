"""The pages as bytes: split, escaped, complete in themselves, quick."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from contact_sheet_samples import HEADER, card, png, small_run

from pressrun.manifest import contact_sheet
from pressrun.manifest.contact_sheet import Card, SheetHeader


def pages(header: SheetHeader, cards: Sequence[Card], page_size: int = 500) -> Iterator[tuple[str, bytes]]:
    places = [(card.product, card.sheet) for card in cards]
    return ((page.name, page.body) for page in contact_sheet.pages(header, cards, places, page_size))


def data_of(body: bytes) -> dict[str, object]:
    """The page's data, with cards that say what they say in place of numbers of strings."""
    found = re.search(rb'<script type="application/json" id="page-data">(.*?)</script>', body, re.S)
    assert found
    loaded = json.loads(found[1])
    assert isinstance(loaded, dict)
    return loaded | {"cards": cards_of(loaded["rows"])}


def cards_of(rows: dict[str, Any]) -> list[dict[str, Any]]:
    def said(part: Any) -> Any:
        return [said(one) for one in part] if isinstance(part, list) else rows["words"][part]

    return [dict(zip(rows["fields"], said(row), strict=True)) for row in rows["cards"]]


class Told(list[Card]):
    """Cards that say which of them were asked for."""

    asked: list[slice]

    def __getitem__(self, at: Any) -> Any:
        self.asked.append(at)
        return super().__getitem__(at)


def test_only_a_pages_own_cards_are_looked_at() -> None:
    cards = Told(card(number, product=str(number)) for number in range(5))
    cards.asked = []
    for count, _ in enumerate(pages(HEADER, cards, 2), 1):
        assert cards.asked == [slice(0, 2), slice(2, 4), slice(4, 5)][:count]


def test_twelve_hundred_cards_make_three_pages() -> None:
    made = list(pages(HEADER, [card(number, product=str(number)) for number in range(1200)]))
    assert [name for name, _ in made] == ["contact-sheet.html", "contact-sheet-2.html", "contact-sheet-3.html"]
    listed = [data_of(body)["cards"] for _, body in made]
    assert [len(cards) for cards in listed if isinstance(cards, list)] == [500, 500, 200]


@pytest.mark.parametrize(
    ("sizes", "page_size", "expected"),
    [
        ((3, 3), 5, [3, 3]),
        ((2, 3, 1), 5, [5, 1]),
        ((1, 12, 1), 5, [1, 12, 1]),  # longer than a page, and whole
        ((20, 1), 5, [20, 1]),
        ((1, 21, 3), 5, [1, 5, 5, 5, 5, 4]),  # too long for any page: cut, and the last part filled up
        ((5,), 5, [5]),
    ],
)
def test_a_products_group_is_on_one_page(sizes: Sequence[int], page_size: int, expected: list[int]) -> None:
    cards = [card(number, product=f"P{at}") for at, size in enumerate(sizes) for number in range(size)]
    listed = [data_of(body)["cards"] for _, body in pages(HEADER, cards, page_size)]
    assert [len(shown) for shown in listed if isinstance(shown, list)] == expected


@pytest.mark.parametrize("files", [1, 2, 3])
def test_the_files_of_a_sheet_are_on_one_page_even_where_a_product_is_cut(files: int) -> None:
    cards = [card(number, sheet=f"S{number // files}") for number in range(60)]
    listed = [data_of(body)["cards"] for _, body in pages(HEADER, cards, 10)]
    assert len(listed) > 4
    sheets = [{shown["sheet"] for shown in page} for page in listed]  # type: ignore[attr-defined]
    assert sum(map(len, sheets)) == len(set.union(*sheets)) == 60 // files


def test_a_sheet_longer_than_any_page_is_whole_and_the_next_product_follows_it() -> None:
    cards = [card(number, sheet="S") for number in range(25)] + [card(number, product="other") for number in range(4)]
    listed = [data_of(body)["cards"] for _, body in pages(HEADER, cards, 5)]
    assert [len(shown) for shown in listed if isinstance(shown, list)] == [25, 4]


def search_file(cards: Sequence[Card], page_size: int) -> bytes:
    places = [(card.product, card.sheet) for card in cards]
    return b"".join(page.search for page in contact_sheet.pages(HEADER, cards, places, page_size))


def rows_of(search: bytes) -> list[list[dict[str, Any]]]:
    blocks = re.findall(rb'<script type="application/json">(.*?)</script>', search, re.S)
    return [cards_of(json.loads(block)) for block in blocks]


def test_one_page_needs_no_search_file_and_may_open_no_frame() -> None:
    assert search_file(small_run(), 500) == b""
    [(_, body)] = pages(HEADER, small_run())
    assert b"frame-src" not in body


def test_the_search_file_holds_what_every_page_says_and_no_picture() -> None:
    cards = small_run()
    search = search_file(cards, 6)
    assert rows_of(search) == [data_of(body)["cards"] for _, body in pages(HEADER, cards, 6)]
    assert b"data:image" not in search
    assert search == search_file(small_run(), 6)


def test_the_search_file_comes_in_pieces_that_do_not_add_up() -> None:
    cards = [card(number, product=str(number)) for number in range(5_000)]
    pieces = [page.search for page in contact_sheet.pages(HEADER, cards, [(one.product, "") for one in cards])]
    assert len(pieces) == 10
    assert max(map(len, pieces)) < min(map(len, pieces)) * 1.1


def test_data_cannot_leave_its_block_in_the_search_file() -> None:
    hostile = "</script><script>alert(1)</script><!-- \u2028\u2029 \u202e]]> &amp; \0 $style ${data} \udce9"
    cards = [card(number, product=f"{number}{hostile}", row=hostile, findings=((hostile,) * 3,)) for number in range(3)]
    search = search_file(cards, 1)
    assert search.count(b"<script") == search.count(b"</script>") == 4
    assert b"<!--" not in search
    assert "\u2028" not in search.decode()
    assert [shown["row"] for [shown] in rows_of(search)] == [hostile] * 3


def test_a_picture_that_two_files_share_is_written_once() -> None:
    _, page = next(pages(HEADER, [card(0, sheet="one"), card(1, sheet="one"), card(2, sheet="other"), card(3)]))
    found = re.search(rb'id="page-thumbs">(.*?)</script>', page, re.S)
    assert found
    assert [bool(line) for line in found[1].split(b"\n")] == [True, False, True, True]


def test_a_run_without_assets_still_has_a_page() -> None:
    [(name, body)] = pages(HEADER, [])
    assert name == "contact-sheet.html"
    assert data_of(body)["cards"] == []


def test_page_size_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        pages(HEADER, [], 0)


def test_same_cards_same_bytes() -> None:
    assert list(pages(HEADER, small_run())) == list(pages(HEADER, small_run()))


def test_data_cannot_leave_its_script_block() -> None:
    hostile = "</script><script>alert(1)</script><!-- \u2028\u2029 ]]> &amp; \0 $style ${data}"
    _, body = next(pages(replace(HEADER, job=hostile), [card(row=hostile, prompts=((hostile, hostile),))]))
    assert body.count(b"<script") == body.count(b"</script>") == 3
    assert b"<!--" not in body
    assert "\u2028" not in body.decode().split('id="page-data">')[1]
    [shown] = data_of(body)["cards"]  # type: ignore[misc]
    assert shown["row"] == hostile
    assert shown["prompts"] == [[hostile, hostile]]


def test_a_name_in_a_broken_encoding_is_kept() -> None:
    broken = b"caf\xe9.png".decode("utf-8", "surrogateescape")
    _, body = next(pages(replace(HEADER, job=broken), [card(path=broken)]))
    [shown] = data_of(body)["cards"]  # type: ignore[misc]
    assert shown["path"] == broken


def test_no_address_outside_the_run_folder() -> None:
    _, page = next(pages(HEADER, small_run()))
    body = page.decode()
    body = re.sub(r"'sha256-[^']+'", "", body)  # Base64 may hold two slashes
    assert not re.search(r"https?:|//[a-z]|@import|url\(", body.replace("// ", ""))


def test_shared_prompt_is_written_once() -> None:
    _, body = next(pages(HEADER, [card(number, prompts=(("hero/tall", "the one prompt"),)) for number in range(20)]))
    assert body.count(b"the one prompt") == 1


def test_shared_previews_are_written_once() -> None:
    previews = (("hero/tall, 1 of 2", png(3, 2)), ("hero/tall, 2 of 2", png(2, 3)))
    _, body = next(pages(HEADER, [card(number, previews=previews) for number in range(20)]))
    data = data_of(body)
    assert [len(source) > 30 for source in data["pictures"]] == [True, True]  # type: ignore[attr-defined]
    assert data["previews"][7] == [["hero/tall, 1 of 2", 0], ["hero/tall, 2 of 2", 1]]  # type: ignore[index]


@pytest.mark.parametrize(
    ("thumb", "start"),
    [
        (png(2, 2), "data:image/png;base64,"),
        (b"\xff\xd8\xff\xe0rest", "data:image/jpeg;base64,"),
        (b"RIFF\0\0\0\0WEBPrest", "data:image/webp;base64,"),
        (b"<svg onload=alert(1)>", ""),
        (None, ""),
    ],
)
def test_thumbnail_kinds(thumb: bytes | None, start: str) -> None:
    _, page = next(pages(HEADER, [card(thumb=thumb)]))
    body = page.decode()
    found = re.search(r'id="page-thumbs">(.*?)</script>', body, re.S)
    assert found
    assert found[1].startswith(start)
    assert bool(found[1]) is bool(start)


def test_ten_thousand_cards_are_pages_of_one_size_that_say_a_prompt_once() -> None:
    jpeg = b"\xff\xd8\xff" + bytes(range(256)) * 20
    prompt = "A cedar tin on a limestone ledge. " * 40
    cards = [card(number, thumb=jpeg, prompts=(("hero/tall", prompt),)) for number in range(10_000)]
    made = [page for _, page in pages(HEADER, cards)]
    assert len(made) == 20
    assert all(page.count(prompt.strip().encode()) == 1 for page in made)
    assert max(map(len, made)) < min(map(len, made)) * 1.01  # the last as large as the first: nothing adds up
