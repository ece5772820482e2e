"""A worker: plates shared and kept, exceptions become data, the same bytes from any process."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image
from rendering_kit import CASES, HERE, Press, case_content, encoded, read_layout

from pressrun import plate
from pressrun.executors.local import LocalExecutor
from pressrun.graphics.color import inks
from pressrun.graphics.drawn.pdfium import Pages
from pressrun.graphics.plates.ground import Ground
from pressrun.model.composition import PlacedPicture
from pressrun.model.task import Failed, Made, SheetTask
from pressrun.run.worker import bench as worker
from pressrun.run.worker.sheet_tasks import make_sheets

LAYOUT = """
page: {trim: 100pt x 100pt}
target: screen
formats: [png, jpeg]
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed}}
  - {type: text, id: t, text: x, size: 10pt, color: [ink, paper], box: {height: 20pt}}
"""
TWICE = """
page: {trim: 100pt x 100pt}
target: screen
ground: paper
formats: [png]
layers:
  - {type: image, id: left, picture: hero, box: {in: bleed, width: 50pt}}
  - {type: image, id: right, picture: hero, box: {in: bleed, x: 50pt, width: 50pt}}
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Press]:
    """A press with a store of its own."""
    made = Press(tmp_path)
    yield made
    made.close()


def task_of(press: Press, index: int, text: str = "Words", **content: Any) -> SheetTask:
    content = {"slots": {"hero": ["ramp"]}, "layers": {"t": {"text": text}}, **content}
    return press.task(LAYOUT, index, **content)


def count_paints(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    painted: list[str] = []
    paint = plate.paint

    def counting(sheet: Any, *arguments: Any) -> Any:
        painted.append(sheet.locale)
        return paint(sheet, *arguments)

    monkeypatch.setattr(plate, "paint", counting)
    return painted


# ----------------------------------------------------------------------------------------------------------- plates


def test_a_plate_is_painted_once_for_all_languages(own: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    painted = count_paints(monkeypatch)
    for index, (locale, text) in enumerate([("en-GB", "Coffee"), ("de-DE", "Kaffee"), ("th-TH", "กาแฟ")]):
        own.make(task_of(own, index, text, locale=locale))
    assert painted == ["en-GB"]


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The size of each picture as it is decoded."""
    sizes: list[tuple[int, int]] = []
    as_srgb = inks.as_srgb

    def counting(picture: Image.Image) -> Image.Image:
        sizes.append(picture.size)
        return as_srgb(picture)

    monkeypatch.setattr(inks, "as_srgb", counting)
    return sizes


def test_a_picture_is_decoded_once_for_plates_that_come_together(own: Press, decoded: list[tuple[int, int]]) -> None:
    pages = [LAYOUT.replace("100pt x 100pt", f"{100 + index}pt x 100pt") for index in range(3)]
    made = make_sheets(own.bench, tuple(own.task(page, at, slots={"hero": ["ramp"]}) for at, page in enumerate(pages)))
    assert all(isinstance(one, Made) for one in made)
    assert len(decoded) == 1


def test_a_very_large_picture_is_not_kept(
    own: Press, decoded: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PICTURE_KEPT", 100)
    assert own.rendered(own.make(task_of(own, 0)))
    digest = own.placed("ramp").digest
    assert own.bench.photograph(digest).size == decoded[0]
    assert len(decoded) == 2


@pytest.mark.parametrize("ground", ["paper", "none"])
def test_a_picture_is_decoded_once_for_a_plate_and_not_again_where_it_is_kept(
    own: Press, decoded: list[tuple[int, int]], ground: str
) -> None:
    task = own.task(TWICE.replace("paper", ground), slots={"hero": ["cutout"]})
    first = own.rendered(own.make(task))
    assert len(decoded) == 1
    other = worker.Bench(own.kit)
    assert own.rendered(make_sheets(other, (task,))[0]) == first
    other.close()
    assert len(decoded) == 1


def test_another_worker_takes_the_plate_from_the_store(own: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    task = task_of(own, 0)
    first = own.rendered(own.make(task))
    painted = count_paints(monkeypatch)
    other = worker.Bench(own.kit)
    second = own.rendered(make_sheets(other, (task,))[0])
    other.close()
    assert painted == []
    assert second.files == first.files


@pytest.mark.parametrize("target", ["screen", "print"])
def test_a_lost_plate_is_painted_again(own: Press, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    layout = LAYOUT if target == "screen" else LAYOUT.replace("screen", "print").replace("png, jpeg", "press-pdf")
    content: dict[str, Any] = {"slots": {"hero": ["ramp"]}, "layers": {"t": {"text": "Words"}}}
    first = own.render(layout, **content)
    own.bench.plates.clear()
    own.bench.read.cache_clear()
    kept = {own.placed("ramp").digest, *own.logos.values()}
    for file in (own.store.root / "objects").rglob("*"):
        if file.is_file() and file.parent.name + file.name not in kept:
            file.chmod(0o644)
            file.write_bytes(b"damaged")
    painted = count_paints(monkeypatch)
    assert own.render(layout, **content).files == first.files
    assert painted == ["en-GB"]


def test_a_worker_keeps_few_plates(own: Press) -> None:
    for index in range(worker.PLATES_KEPT + 3):
        layout = LAYOUT.replace("100pt x 100pt", f"{100 + index}pt x 100pt")
        own.make(own.task(layout, index, slots={"hero": ["ramp"]}))
    assert len(own.bench.plates) == worker.PLATES_KEPT


def test_a_worker_keeps_fewer_of_large_plates(own: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PIXELS_KEPT", 50_000)  # two of 133 x 133 pixels, and some
    for index in range(5):
        layout = LAYOUT.replace("100pt x 100pt", f"{100 + index}pt x 100pt")
        own.make(own.task(layout, index, slots={"hero": ["ramp"]}))
    assert len(own.bench.plates) == 2


@pytest.mark.parametrize("trim", ["53mm x 57mm", "85mm x 55mm", "99mm x 210mm", "40mm x 594mm", "88.9mm x 50.8mm"])
def test_a_proof_has_the_pixels_it_is_painted_with(own: Press, trim: str) -> None:
    """Nothing is scaled a second time: its plate, from the store too, is as large as its file."""
    page = LAYOUT.replace("{trim: 100pt x 100pt}", f"{{trim: {trim}, bleed: 3mm}}")
    page = page.replace("screen", "print").replace("[png, jpeg]", "[proof-png]")
    made = own.render(page, slots={"hero": ["ramp"]})
    [kept] = own.bench.plates.values()
    assert kept.ground.size == made.picture("proof-png").size
    own.bench.plates.clear()
    assert own.render(page, slots={"hero": ["ramp"]}).files == made.files


def test_logos_come_flattened_with_the_kit(own: Press) -> None:
    [digest, *_] = own.logos.values()
    flat = own.bench.artwork(digest)
    other = worker.Bench(replace(own.kit, artwork={"of the kit": flat}))
    assert other.artwork("of the kit") is flat
    assert other.artwork(digest) == flat, "one that is not among them is flattened here"
    other.close()


# ---------------------------------------------------------------------------------------------------------- failures


def test_a_broken_picture_fails_its_own_sheet_alone(own: Press) -> None:
    press = own
    broken = PlacedPicture(press.store.put(encoded_half()), "image/png", (400, 400))
    tasks = [task_of(press, index) for index in range(3)]
    tasks[1] = replace(tasks[1], content=replace(tasks[1].content, slots={"hero": (broken,)}))
    first, second, third = make_sheets(press.bench, tuple(tasks))
    assert isinstance(first, Made)
    assert isinstance(third, Made)
    assert isinstance(second, Failed)
    assert (second.index, second.finding.row, second.finding.layout) == (1, "row", "layout-1")
    assert second.finding.is_error


def encoded_half() -> bytes:
    from rendering_kit import ramp

    data = encoded(ramp())
    return data[: len(data) // 2]


def test_a_picture_that_is_gone_fails_its_sheet(own: Press) -> None:
    task = task_of(own, 0)
    gone = PlacedPicture("0" * 64, "image/png", (10, 10))
    task = replace(task, content=replace(task.content, slots={"hero": (gone,)}))
    (failed,) = make_sheets(own.bench, (task,))
    assert isinstance(failed, Failed)
    assert failed.finding.code == "sheet-failed"
    assert not failed.finding.trace


@pytest.mark.parametrize(
    "logo",
    [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#123456"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>no</text></svg>',
        "<svg",
    ],
    ids=["no palette colour", "text", "broken"],
)
def test_a_logo_that_cannot_be_drawn_says_why(own: Press, logo: str) -> None:
    press = own
    press.logos["default"] = press.store.put(logo.encode())
    layout = LAYOUT + "  - {type: logo, logo: default, box: {width: 20pt, height: 20pt}}\n"
    (failed,) = make_sheets(own.bench, (press.task(layout, slots={"hero": ["ramp"]}),))
    assert isinstance(failed, Failed)
    assert failed.finding.code == "sheet-failed"


def test_an_error_of_ours_is_data_with_its_trace(own: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise ZeroDivisionError("by accident")

    monkeypatch.setattr(plate, "settle", fails)
    (failed,) = make_sheets(own.bench, (task_of(own, 7),))
    assert isinstance(failed, Failed)
    assert (failed.index, failed.finding.code) == (7, "internal-error")
    assert "by accident" in failed.finding.message
    assert "Traceback" in failed.finding.trace


def test_answers_travel_between_processes(own: Press) -> None:
    task = task_of(own, 0)
    (made,) = make_sheets(own.bench, (pickle.loads(pickle.dumps(task)),))
    assert pickle.loads(pickle.dumps(made)) == made


def test_findings_of_composing_reach_the_facts(own: Press) -> None:
    made = own.render(LAYOUT, layers={"t": {"text": "Words"}})
    assert "missing-picture" in made.codes


# ------------------------------------------------------------------------------------------------------- determinism


def test_two_workers_and_this_process_write_the_same_bytes(own: Press) -> None:
    tasks = []
    for index, folder in enumerate(sorted(CASES.iterdir())):
        layout = read_layout((folder / "layout.yaml").read_text())
        tasks.append((own.task(layout, index, **case_content(folder)),))
    here = [own.make(task) for (task,) in tasks]
    digests: dict[int, list[str]] = {made.index: [file.digest for file in made.files] for made in here}
    assert len(digests) > 5
    with LocalExecutor(2, worker.open_bench, own.kit) as executor:
        for _, answer in executor.run(tasks, make_sheets):
            assert isinstance(answer, list), answer
            for made in answer:
                assert isinstance(made, Made), made
                assert [file.digest for file in made.files] == digests[made.index]
    assert HERE.name == "rendering"


@pytest.mark.parametrize(("formats", "drawn"), [(("press-pdf",), 1), (("press-pdf", "proof-png"), 3)])
def test_of_a_document_in_one_file_the_first_page_alone_is_drawn(
    press: Press, monkeypatch: pytest.MonkeyPatch, formats: tuple[str, ...], drawn: int
) -> None:
    page = "  - {{id: p{0}, layers: [{{type: text, id: t{0}, text: Page {0}, color: ink, size: 9pt}}]}}\n"
    layout = "page: {trim: A6, bleed: 3mm}\ntarget: print\nformats: [press-pdf]\nlayers: []\npages:\n"
    numbers: list[int] = []
    over = Pages.over

    def counted(pages: Pages, number: int, *grounds: Ground, mixes: bool = False) -> tuple[Ground, ...]:
        numbers.append(number)
        return over(pages, number, *grounds, mixes=mixes)

    monkeypatch.setattr(Pages, "over", counted)
    task = press.task(layout + "".join(map(page.format, range(3))), formats=formats)
    rendered = press.rendered(press.make(task))
    assert rendered.files["press-pdf"].startswith(b"%PDF")
    assert len(numbers) == drawn
