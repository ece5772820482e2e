"""Gang runs: everything that is wanted is printed, nothing overlaps, and what is too much is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from imposition_kit import MM, Drawn, imposed, pdf, source

from pressrun.model.geometry import Rect
from pressrun.run.imposition.gang import Ganged, Ground, Wanted, ganged

AREA = Rect(10, 20, 300 * MM, 420 * MM)
SIZES = st.tuples(st.floats(20, 280), st.floats(20, 400), st.integers(1, 3000))


def run_of(sizes: list[tuple[float, float, int]], gap: float = 6.0, bleed: float = 3.0) -> tuple[list[Wanted], Ganged]:
    items = [Wanted(at, width * MM, height * MM, quantity) for at, (width, height, quantity) in enumerate(sizes)]
    return items, ganged(items, Ground(AREA, (gap * MM, gap * MM), bleed * MM))


@given(st.lists(SIZES, min_size=1, max_size=9))
def test_enough_of_everything_is_printed(sizes: list[tuple[float, float, int]]) -> None:
    items, run = run_of(sizes)
    for item, (number, over) in zip(items, run.left_over, strict=True):
        printed = sum(
            copies * sum(one.number == number for one in laid)
            for laid, copies in zip(run.sheets, run.copies, strict=True)
        )
        assert printed - item.quantity == over >= 0
    assert 0 <= run.waste < 1


@given(st.lists(SIZES, min_size=1, max_size=9))
def test_nothing_overlaps_and_nothing_bleeds_out(sizes: list[tuple[float, float, int]]) -> None:
    items, run = run_of(sizes)
    bleed = 3 * MM
    for laid in run.sheets:
        for at, one in enumerate(laid):
            trim, item = one.cell.trim, items[one.number]
            assert AREA.contains(trim.inset(-bleed, -bleed, -bleed, -bleed), 0.05)
            assert sorted((trim.width, trim.height)) == sorted((item.width, item.height))
            assert (one.cell.turned == 90) == ((trim.width, trim.height) != (item.width, item.height))
            for other in laid[at + 1 :]:
                apart = (
                    one.cell.clip.right <= other.cell.clip.x + 0.01 or other.cell.clip.right <= one.cell.clip.x + 0.01
                )
                assert apart or (
                    one.cell.clip.bottom <= other.cell.clip.y + 0.01 or other.cell.clip.bottom <= one.cell.clip.y + 0.01
                )


def test_a_sheet_is_filled_in_proportion_to_what_is_wanted() -> None:
    _, run = run_of([(85, 55, 1000), (85, 55, 500)])
    counts = [sum(one.number == number for one in run.sheets[0]) for number in (0, 1)]
    assert counts[0] == 2 * counts[1]
    assert max(over for _, over in run.left_over) < 100
    assert run.waste < 0.35


def test_the_same_items_lie_the_same_way() -> None:
    sizes = [(85.0, 55.0, 500), (148.0, 210.0, 1000), (99.0, 210.0, 250), (40.0, 40.0, 2000)]
    assert run_of(sizes) == run_of(sizes)


def test_a_written_gang_run_tells_its_waste_and_how_often_it_is_printed() -> None:
    made = imposed(
        source(pdf(1), "cards.pdf", 500), source(pdf(1, Drawn((148.0, 210.0))), "flyer.pdf", 1000), onto="sra3-gang"
    )
    assert made.imposed.gang is not None
    assert 0 < made.imposed.gang.waste < 0.5
    [sheet] = made.imposed.sheets
    for page, quantity in ((0, 500), (1, 1000)):
        assert sheet.copies * sheet.sides[0].pages.count(page) >= quantity


def test_a_gang_run_is_turned_over_as_others_are() -> None:
    both = [source(pdf(2), "cards.pdf", 500), source(pdf(2, Drawn((148.0, 210.0))), "flyer.pdf", 1000)]
    made = imposed(*both, onto="sra3-gang", turn="sheetwise")
    [sheet] = made.imposed.sheets
    front, back = sheet.sides
    assert [page + 1 for page in front.pages] == list(back.pages)
