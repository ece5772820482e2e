"""`preview` shows sheets as a run would make them, buys nothing and keeps nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy
import pytest
from job_campaign import Campaign, Ended
from PIL import Image

from pressrun.graphics import guides
from pressrun.graphics.guides import BASELINE, CONTAINER, GAP, KINDS, MARGIN, PANEL, TRIM, with_guides
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import Rect, point_moved, proof_density
from pressrun.model.settings import Settings
from pressrun.model.sheet import TextMark
from pressrun.readers import saved_files
from pressrun.run.looks.preview import Look, Preview, Wanted

Here = Callable[..., Ended]


@pytest.fixture
def preview(fresh: Campaign) -> Iterator[Preview]:
    preview = Preview(fresh.root / fresh.job, Settings())
    yield preview
    preview.close()


def only(looks: list[Look]) -> Look:
    [look] = looks
    return look


def test_what_is_shown_is_what_a_run_makes(finished: Campaign, fresh: Campaign, here: Here) -> None:
    ended = here(fresh, "preview", "--row", "MUG/de-DE")
    assert ended.code == 0
    for layout, made in (("post", "post.png"), ("card", "card-proof.png")):
        [shown] = (fresh.root / "previews").rglob(f"{layout}.png")
        [run] = [path for path in finished.latest.rglob(made) if path.parts[-3:-1] == shown.parts[-3:-1]]
        assert shown.read_bytes() == run.read_bytes()
    assert not (fresh.root / "runs").exists()
    assert {path.name for path in (fresh.root / ".pressrun").iterdir()} == {"fonts"}


def test_a_picture_that_would_cost_money_has_a_stand_in(fresh: Campaign, here: Here) -> None:
    fresh.edit(fresh.job, "provider: {type: fpo}", "provider: {type: openai}")
    [post] = here(fresh, "preview", "--layout", "post", "--json").json
    assert post["stand_ins"] == ["hero"]
    assert Path(post["file"]).is_file()
    assert not (fresh.root / ".pressrun" / "journal.db").exists()


def test_a_picture_of_the_library_is_shown_though_no_run_has_taken_it(fresh: Campaign, here: Here) -> None:
    Image.new("RGB", (640, 640), "#804020").save(fresh.root / "brands/testa/photograph.png")
    fresh.edit(fresh.job, '["{{ product.packshot }}"]', "[photograph.png]\n    provider: {type: library}")
    fresh.edit(fresh.job, "    prompt: scene.j2\n", "")
    [post] = here(fresh, "preview", "--layout", "post", "--json").json
    most, color = max(Image.open(post["file"]).convert("RGB").getcolors(2**24) or [])
    assert color == pytest.approx((0x80, 0x40, 0x20), abs=4)  # toned
    assert most > 5_000


def test_a_picture_that_is_there_is_shown_and_the_journal_stays_as_it_is(warm: Campaign, here: Here) -> None:
    journal = warm.root / ".pressrun" / "journal.db"
    before = journal.read_bytes()
    [card] = here(warm, "preview", "--layout", "card", "--json").json
    assert card["stand_ins"] == []
    warm.edit(warm.job, "provider: {type: fpo}", "provider: {type: openai}")
    assert here(warm, "preview", "--layout", "card").code == 0
    assert journal.read_bytes() == before


@pytest.mark.parametrize(
    ("said", "code"),
    [(("--row", "MUG/de-DF"), "unknown-row"), (("--layout", "psot"), "unknown-layout"), (("--only", "region.locale == 'x'"), "no-rows")],
)  # fmt: skip
def test_what_is_not_there_is_told_with_the_nearest(
    fresh: Campaign, here: Here, said: tuple[str, ...], code: str
) -> None:
    ended = here(fresh, "preview", *said, "--json")
    assert ended.code == 2
    [found] = ended.json
    assert found["code"] == code
    if code != "no-rows":
        assert "did you mean" in found["hint"]


def test_rows_are_shown_as_many_as_are_named_each_once(fresh: Campaign, here: Here) -> None:
    named = ("--row", "TIN/de-DE", "--row", "MUG/de-DE", "--row", "TIN/de-DE")
    shown = here(fresh, "preview", "--layout", "post", *named, "--json")
    assert [one["row"] for one in shown.json] == ["TIN/de-DE", "MUG/de-DE"]


def test_a_sheet_of_one_page_has_page_1_alone(preview: Preview) -> None:
    assert preview.looks(Wanted(("card",), page=1)) == preview.looks(Wanted(("card",)))
    with pytest.raises(InputError) as refused:
        preview.looks(Wanted(("card",), page=2))
    assert [one.code for one in refused.value.findings] == ["no-such-page"]


def test_a_sheet_that_cannot_be_made_is_told_whichever_page_is_wanted(fresh: Campaign, preview: Preview) -> None:
    fresh.edit("templates/layouts/card.yaml", "{{ copy.headline }}", "{{ product.name | money }}")
    look = only(preview.looks(Wanted(("card",), page=3)))
    assert not look.png
    assert any(one.is_error for one in look.findings)


def test_the_worst_rows_are_those_with_the_longest_texts(fresh: Campaign, preview: Preview) -> None:
    fresh.edit("jobs/data/copy.csv", "Der Tee zieht", "Der Tee zieht noch lange")
    looks = preview.looks(Wanted(worst=True))
    assert [(look.layout, look.row) for look in looks] == [
        ("card", "MUG/de-DE"),
        ("post", "TIN/de-DE"),
        ("card", "TIN/de-DE"),
    ]


def test_the_figures_below_bars_are_told_with_their_code_alone(
    fresh: Campaign, preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "{type: code, id: ean, code: ean-13, value: '4006381333931', role: price, color: ink, ground: paper, box: {width: 37mm, height: 26mm}}"
    fresh.edit("templates/layouts/card.yaml", "layers:\n", f"layers:\n  - {code}\n")
    look = only(preview.looks(Wanted(("card",), guides=True)))
    assert look.shown
    figures = [mark.layer for mark in look.shown.sheet.marks if mark.layer.startswith("ean/")]
    told: list[str] = []
    entry = guides._entry
    monkeypatch.setattr(guides, "_entry", lambda mark, *more: told.append(mark.layer) or entry(mark, *more))
    with_guides(look.shown, [], "card")
    assert len(figures) == 3  # one of each group of digits
    assert "ean" in told
    assert not {*told}.intersection(figures)
    with_guides(look.shown, [Finding(Severity.WARNING, "small-text", "small", layer=figures[0])], "card")
    assert figures[0] in told


def test_guides_are_drawn_where_the_sheet_has_its_boxes_and_lines(preview: Preview) -> None:
    look = only(preview.looks(Wanted(("card",), guides=True)))
    assert look.shown
    sheet = look.shown.sheet
    drawn = with_guides(look.shown, look.findings, "card")
    scale = (drawn.width - 2 * MARGIN - GAP - PANEL) / sheet.boxes.bleed.width

    def at(x: float, y: float) -> tuple[int, int, int]:
        pixel = drawn.getpixel((MARGIN + round(x * scale), MARGIN + round(y * scale)))
        assert isinstance(pixel, tuple)
        return pixel[0], pixel[1], pixel[2]

    trim = sheet.boxes.trim
    assert at(trim.x, trim.y + trim.height * 0.9) == TRIM
    texts = [mark for mark in sheet.marks if isinstance(mark, TextMark)]
    assert texts
    for text, lines in zip(texts, look.shown.baselines, strict=True):
        assert text.fit
        assert at(text.rect.x, text.rect.y + text.rect.height * 0.7) == KINDS[TextMark][1]
        assert lines[0] == pytest.approx(text.fit.column.y + text.fit.edges[0] * text.fit.size, abs=0.01)
        assert all(at(text.rect.right - 2, line) == BASELINE for line in lines)
    assert look.shown.contrasts.keys() >= {text.layer for text in texts}


def test_guides_show_groups_and_stacks_as_their_groups_turn_them(fresh: Campaign, preview: Preview) -> None:
    layers = """layers:
  - type: group
    id: badge
    rotate: 90
    box: {in: trim, x: 10mm, y: 10mm, width: 12mm, height: 6mm}
    layers:
      - type: stack
        id: words
        layers:
          - {type: shape, id: rule, fill: flame, rotate: 45, box: {height: 2mm}}
          - {type: text, id: none, when: "false", text: no, role: headline, color: ink, size: 6pt, box: {height: 4mm}}
      - {type: stack, id: empty, layers: [{type: text, when: "false", text: no, role: headline, color: ink, size: 6pt}]}"""
    fresh.edit("templates/layouts/card.yaml", "layers:", layers)
    look = only(preview.looks(Wanted(("card",), guides=True)))
    assert look.shown
    mm = 72 / 25.4
    bleed = 2
    expected = {"badge": (13, 7, 6, 12), "words": (17, 7, 2, 12)}  # about the group's middle, (16, 13) in the trim
    found = {
        name: tuple(round(edge / mm - at, 2) for edge, at in ((rect.x, bleed), (rect.y, bleed), (rect.width, 0), (rect.height, 0)))
        for name, rect in look.shown.containers
    }
    assert found == expected
    drawn = with_guides(look.shown, look.findings, "card")
    scale = (drawn.width - 2 * MARGIN - GAP - PANEL) / look.shown.sheet.boxes.bleed.width
    x, y = (MARGIN + round((at + bleed) * mm * scale) for at in (13, 7))
    assert drawn.getpixel((x, y)) == CONTAINER


def test_guides_of_what_reaches_far_out_stay_out_of_what_is_told(fresh: Campaign, preview: Preview) -> None:
    disc = "layers:\n  - {type: shape, id: disc, shape: ellipse, fill: flame, box: {in: trim, x: 50%, width: 200mm}}"
    fresh.edit("templates/layouts/card.yaml", "layers:", disc)
    look = only(preview.looks(Wanted(("card",), guides=True)))
    assert look.shown
    drawn = with_guides(look.shown, look.findings, "card")
    margin = drawn.crop((drawn.width - MARGIN + 2, 0, drawn.width, drawn.height))
    assert margin.getcolors() == [(margin.width * margin.height, margin.getpixel((0, 0)))]


@pytest.mark.parametrize("degrees", [-90, 90, 180, 30])
def test_guides_of_a_turned_text_are_turned_with_it(fresh: Campaign, preview: Preview, degrees: int) -> None:
    card = fresh.root / "templates/layouts/card.yaml"
    turned = f"""
  - {{type: text, id: turned, text: Turned, role: headline, size: 5pt, rotate: {degrees}, box: {{x: 4mm, y: 7mm, width: 12mm, height: 4mm}}}}
"""
    card.write_text(card.read_text().rstrip("\n") + turned)
    look = only(preview.looks(Wanted(("card",), guides=True)))
    assert look.shown, look.findings
    sheet = look.shown.sheet
    drawn = with_guides(look.shown, look.findings, "card")
    scale = (drawn.width - 2 * MARGIN - GAP - PANEL) / sheet.boxes.bleed.width
    [(text, matrix)] = [(one.mark, one.matrix) for one in sheet.placed if one.mark.layer == "turned"]
    assert isinstance(text, TextMark)
    assert text.fit
    baseline = text.fit.column.y + text.fit.edges[0] * text.fit.size
    along = [text.rect.x + text.rect.width * share for share in (0.6, 0.7, 0.8, 0.9)]
    near = [
        (MARGIN + round(x * scale) + right, MARGIN + round(y * scale) + down)
        for x, y in (point_moved(x, baseline, matrix) for x in along)
        for right in (-1, 0, 1)
        for down in (-1, 0, 1)
    ]
    assert sum(drawn.getpixel(pixel) == BASELINE for pixel in near) >= len(along)


def test_each_save_is_shown_and_wrong_input_ends_nothing(
    fresh: Campaign, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[bytes | None] = []
    layout = "templates/layouts/post.yaml"

    def saves(folders: object, left_out: object) -> Iterator[object]:
        previews = fresh.root / "previews"
        for old, new in (
            ("fill: paper", "fill: flame"),
            ("fill: flame", "fill: falme"),
            ("fill: falme", "fill: paper"),
        ):
            shown.append(next(previews.rglob("post.png")).read_bytes())
            fresh.edit(layout, old, new)
            yield None
        shown.append(next(previews.rglob("post.png")).read_bytes())
        raise KeyboardInterrupt

    monkeypatch.setattr(saved_files, "saves", saves)
    ended = here(fresh, "preview", "--layout", "post", "--watch")
    assert ended.code == 0
    assert "unknown-color" in ended.err
    before, changed, while_wrong, after = shown
    assert before == after != changed == while_wrong


def test_saves_are_told_but_for_folders_that_are_left_out(tmp_path: Path) -> None:
    for name in ("templates", "templates/out"):
        (tmp_path / name).mkdir()
    told = saved_files._Authored([tmp_path / "templates" / "out"])
    change = saved_files.watchfiles.Change.modified
    heard = [
        path
        for path in ("a.yaml", ".a.yaml.swp", "a.yaml~", "out/a.png")
        if told(change, str(tmp_path / "templates" / path))
    ]
    assert heard == ["a.yaml"]


def test_pictures_go_where_they_are_asked_for(fresh: Campaign, tmp_path: Path, here: Here) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert here(fresh, "preview", "--layout", "card", "--out", str(elsewhere)).code == 0
    assert [path.name for path in elsewhere.rglob("*.png")] == ["card.png"]
    assert not (fresh.root / "previews").exists()


def test_plates_are_written_beside_what_is_shown(fresh: Campaign, here: Here, tmp_path: Path) -> None:
    ended = here(fresh, "preview", "--row", "MUG/de-DE", "--separations", str(tmp_path / "plates"), "--ppi", "300", "--json")
    assert ended.code == 0
    [card] = [one for one in ended.json if one["layout"] == "card"]
    assert [one["layout"] for one in ended.json if "plates" in one] == ["card"]  # a post has none
    folder = Path(card["plates"])
    assert folder.is_relative_to(tmp_path / "plates")
    plates = {"cyan.png", "magenta.png", "yellow.png", "black.png"}
    assert {path.name for path in folder.iterdir()} == {*plates, "composite.png", "ink-map.png"}
    with Image.open(card["file"]) as proof, Image.open(folder / "composite.png") as together:
        density = proof_density(Rect(0, 0, *(edge * 72 / 25.4 for edge in (44, 34))))
        size = tuple(round(edge * 300 / density) for edge in proof.size)
        assert numpy.abs(numpy.subtract(together.size, size)).max() <= 2
        means = [numpy.asarray(one.convert("RGB").resize((8, 8), Image.Resampling.BOX)) for one in (proof, together)]
        assert numpy.abs(means[0].astype(int) - means[1]).max() <= 8


def test_what_is_found_of_layers_that_draw_nothing_stands_beside_the_page(preview: Preview) -> None:
    """Stacks and groups have no mark of their own."""
    look = only(preview.looks(Wanted(("card",), guides=True)))
    assert look.shown
    found = Finding(Severity.ERROR, "stack-too-small", "its layers need 90 mm", layout="card", layer="facts")
    plain, told = (numpy.asarray(with_guides(look.shown, some, "card")) for some in ([], [found]))
    height, beside = min(len(plain), len(told)), len(plain[0]) - PANEL - MARGIN - GAP
    changed = (plain[:height] != told[:height]).any(axis=2)
    assert changed[:, beside:].any()
    assert not changed[:, :beside].any()
