"""The sheet as bytes: split, escaped, complete in itself, the same again."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from contact_sheet_samples import HEADER, THUMBS, card, png, small_run
from msgspec.structs import replace

from pressrun.manifest.contact_sheet import (
    Card,
    CropShown,
    SheetHeader,
    front_page,
    index_in,
    index_script,
    one_file,
    page_data,
    page_ends,
)
from pressrun.model.memory_sweeps import without_sweeping

HOSTILE = "</script><script>alert(1)</script><!-- \n\u2028\u2029 \u202e]]> &amp; \0 $style ${data} \udce9"


def written(cards: Sequence[Card], header: SheetHeader = HEADER) -> bytes:
    return one_file(header, cards, [THUMBS.get(one.thumb) for one in cards])


def data_of(body: bytes) -> dict[str, Any]:
    """The page's data, with cards that say what they say in place of numbers of strings."""
    found = re.search(rb'<script type="application/json" id="page-data">(.*?)</script>', body, re.S)
    assert found
    loaded = json.loads(found[1])
    return {**loaded, "cards": cards_of(loaded["rows"])}


def cards_of(rows: dict[str, Any]) -> list[dict[str, Any]]:
    def said(part: Any) -> Any:
        return [said(one) for one in part] if isinstance(part, list) else rows["words"][part]

    return [dict(zip(rows["fields"], said(row), strict=True)) for row in rows["cards"]]


def test_a_page_that_is_written_is_let_go_of_without_a_sweep() -> None:
    cards = small_run()
    page_data(cards)
    gc.collect()
    with without_sweeping():
        page_data(cards)
        assert gc.collect() == 0


@pytest.mark.parametrize(
    ("sizes", "page_size", "expected"),
    [
        ((3, 3), 5, [3, 3]),
        ((2, 3, 1), 5, [5, 1]),
        ((1, 12, 1), 5, [1, 5, 5, 3]),  # too long for any page
        ((5,), 5, [5]),
        ((), 5, [0]),
    ],
)
def test_a_products_files_are_on_one_page_as_far_as_they_fit(
    sizes: Sequence[int], page_size: int, expected: list[int]
) -> None:
    places = [(f"P{at}", "") for at, size in enumerate(sizes) for _ in range(size)]
    ends = page_ends(places, page_size)
    assert [end - first for first, end in zip((0, *ends), ends, strict=False)] == expected


@pytest.mark.parametrize("files", [1, 2, 3])
def test_the_files_of_a_sheet_are_on_one_page_even_where_a_product_is_cut(files: int) -> None:
    ends = page_ends([("P", number // files) for number in range(60)], 10)
    assert len(ends) > 4
    assert all(end % files == 0 for end in ends)


def test_a_sheet_longer_than_any_page_is_whole_and_the_next_product_follows_it() -> None:
    assert page_ends([("P", "S")] * 25 + [("other", at) for at in range(4)], 5) == [25, 29]


def test_page_size_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        page_ends([], 0)


def test_the_index_takes_a_hundred_bytes_a_file_at_most() -> None:
    named = [
        card(at, png(2, at % 50 + 1), product=f"SKU-{at:06}", name=f"Cedar and stone, roasted on Tuesdays No. {at}",
             row=f"Cedar and stone, roasted on Tuesdays No. {at} · English (United Kingdom)")
        for at in range(250)
    ]  # fmt: skip
    index = page_data(named).index
    assert len(index_script(index, "m" * 250)) <= 100 * 250
    files = [replace(one, sheet=one.product, format=form) for one in named for form in ("press-pdf", "proof-png")]
    assert len(page_data(files).index) <= 60 * 500
    long = [replace(one, name=one.name * 20, row=one.row * 20) for one in named]
    assert len(page_data(long).index) <= 250 * 250
    assert cards_of(json.loads(page_data(long).rows))[7]["row"] == long[7].row


def test_what_became_of_a_file_is_no_part_of_its_page() -> None:
    cards = small_run()
    again = [replace(one, status="reused") for one in cards]
    assert page_data(cards).script() == page_data(again).script()
    assert page_data(cards).script() != page_data([replace(cards[0], row="other"), *cards[1:]]).script()


def test_a_page_is_a_script_of_two_lines_from_which_the_index_is_read() -> None:
    data = page_data([card(row=HOSTILE, name=HOSTILE, findings=((HOSTILE,) * 3,), prompts=((HOSTILE, HOSTILE),))])
    script = data.script()
    assert index_in(script) == data.index
    comment, call, nothing = script.split(b"\n")
    assert comment.startswith(b"//{")
    assert call.startswith(b"contactSheet.page({")
    assert not nothing
    assert not {"\r", "\u2028", "\u2029"} & set(script.decode())
    [shown] = cards_of(json.loads(data.rows))
    assert shown["row"] == HOSTILE


def test_a_folders_page_names_it_and_carries_no_asset() -> None:
    body = front_page(HEADER, 201)
    data = re.search(rb'id="page-data">(.*?)</script>', body, re.S)
    assert data
    assert json.loads(data[1])["folder"] == "contact-sheet"
    assert b"data:image" not in body
    policy = re.search(rb"script-src ([^;]*);", body)
    assert policy
    assert policy[1].split()[1:] == [b"file:", b"'self'"]
    assert b"file:" not in re.findall(rb"script-src ([^;]*);", written(small_run()))[0]


def test_a_picture_that_two_files_share_is_written_once() -> None:
    page = written([card(0, sheet="one"), card(1, sheet="one"), card(2, sheet="other"), card(3)])
    found = re.search(rb'id="page-thumbs">(.*?)</script>', page, re.S)
    assert found
    assert [bool(line) for line in found[1].split(b"\n")] == [True, False, True, True]


def test_a_run_without_assets_still_has_a_page() -> None:
    assert data_of(written([]))["cards"] == []


def test_same_cards_same_bytes() -> None:
    assert written(small_run()) == written(small_run())


def test_data_cannot_leave_its_script_block() -> None:
    body = written(
        [card(row=HOSTILE, prompts=((HOSTILE, HOSTILE),))], replace(HEADER, job=HOSTILE, locales={HOSTILE: HOSTILE})
    )
    assert body.count(b"<script") == body.count(b"</script>") == 3
    assert b"<!--" not in body
    assert "\u2028" not in body.decode().split('id="page-data">')[1]
    [shown] = data_of(body)["cards"]
    assert shown["row"] == HOSTILE
    assert shown["prompts"] == [[HOSTILE, HOSTILE]]


def test_a_name_in_a_broken_encoding_is_kept() -> None:
    broken = b"caf\xe9.png".decode("utf-8", "surrogateescape")
    [shown] = data_of(written([card(path=broken)], replace(HEADER, job=broken)))["cards"]
    assert shown["path"] == broken


def test_no_address_outside_the_run_folder() -> None:
    for body in (written(small_run()).decode(), front_page(HEADER, 500).decode()):
        plain = re.sub(r"'sha256-[^']+'", "", body)  # Base64 may hold two slashes
        assert not re.search(r"https?:|//[a-z]|@import|url\(", plain.replace("// ", ""))


def test_what_many_cards_share_is_written_once() -> None:
    previews = (("hero/tall, 1 of 2", png(3, 2)), ("hero/tall, 2 of 2", png(2, 3)))
    crops = (CropShown("hero", png(3, 2), (0.25, 0.0, 0.5, 1.0)),)
    prompts = (("hero/tall", "the one prompt"),)
    body = written([card(number, prompts=prompts, previews=previews, crops=crops) for number in range(20)])
    assert body.count(b"the one prompt") == 1
    rows = data_of(body)["rows"]
    assert [len(source) > 30 for source in rows["pictures"]] == [True, True]
    assert {label: rows["pictures"][at] for label, at in rows["previews"][7]}.keys() == {one for one, _ in previews}
    assert rows["crops"][7] == [["hero", rows["previews"][7][0][1], 0.25, 0.0, 0.5, 1.0]]


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
    body = one_file(HEADER, [card()], [thumb]).decode()
    found = re.search(r'id="page-thumbs">(.*?)</script>', body, re.S)
    assert found
    assert found[1].startswith(start)
    assert bool(found[1]) is bool(start)
