"""`check` fills in and composes every sheet without its pictures: what every row would fail of is told once, before."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from job_campaign import Campaign, Ended

from pressrun.graphics.texts.typst_engine import Typesetter, TypesettingFailed
from pressrun.providers.openai.rehearsal.server import serve

Here = Callable[..., Ended]

POST = "templates/layouts/post.yaml"
LAYER = ", role: headline, color: ink, size: 8px, box: {y: 90px, height: 20px}}\n"

FAULTS = {
    "a method that is not there": ("{type: text, id: new, text: '{{ product.sku.shout() }}'" + LAYER, "undefined"),
    "an amount that is text": ("{type: text, id: new, text: '{{ product.sku | money }}'" + LAYER, "wrong-value"),
    "an amount of no currency": ("{type: text, id: new, text: '{{ 12.5 | money }}'" + LAYER, "relabelled-price"),
    "a condition that cannot be tested": (
        "{type: text, id: new, when: product.sku > 3, text: x" + LAYER, "bad-value",
    ),
    "a code that says nothing": ("{type: code, id: new, value: '{{ \"\" }}', box: {width: 30px, height: 30px}}\n", "empty-code"),
    "a code that says too much": ("{type: code, id: new, value: '" + 4000 * "x" + "', box: {width: 30px, height: 30px}}\n", "code-too-long"),
    "a number with a wrong check digit": (
        "{type: code, id: new, code: ean-13, text: false, value: '4006381333932', box: {width: 80px, height: 30px}}\n",
        "code-check-digit",
    ),
    "a payment to nobody": (
        "{type: code, id: new, payment: {name: '{{ \"\" }}', iban: DE89370400440532013000}, box: {width: 30px, height: 30px}}\n",
        "code-content-missing",
    ),
    "a picture that no row names": ("{type: image, id: new, file: '{{ \"\" }}', box: {height: 20px}}\n", "empty-picture"),
    "a picture to stand on that is left out": (
        "{type: image, id: ground, picture: hero, when: 'false'}\n  - "
        "{type: image, id: new, file: '{{ product.packshot }}', stand: ground, box: {height: 20px}}\n", "no-stage",
    ),
}  # fmt: skip
FLAWS = {
    "markup of a shop": ("{type: text, id: new, text: '<b>new</b>'" + LAYER, "printed-markup"),
    "a letter that no font has": ("{type: text, id: new, text: '\U00012000'" + LAYER, "missing-glyph"),
    "a code of modules too fine": (
        "{type: code, id: new, value: '" + 400 * "x" + "', box: {y: 66px, width: 30px, height: 30px}}\n", "code-too-fine",
    ),
}  # fmt: skip


@pytest.fixture
def with_layer(fresh: Campaign, request: pytest.FixtureRequest) -> Campaign:
    file = fresh.root / POST
    lines = file.read_text().splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if "type: shape" in line)
    lines.insert(at, f"  - {(FAULTS | FLAWS)[request.param][0]}")
    file.write_text("".join(lines))
    fresh.edit(fresh.job, "layouts: [post, card]", "layouts: [post]")
    return fresh


@pytest.mark.parametrize("with_layer", FAULTS, indirect=True, ids=str)
def test_one_cause_is_told_once_with_a_count(with_layer: Campaign, request: pytest.FixtureRequest, here: Here) -> None:
    code = FAULTS[request.node.callspec.params["with_layer"]][1]
    done = here(with_layer, "check", "--json")
    assert done.code == 1, done.err
    errors = [one for one in done.json if one["severity"] == "error"]
    assert [(one["code"], one["layout"], one["layer"]) for one in errors] == [(code, "post", "new")]
    rows = len({line["row"] for line in with_layer.lines()}) if with_layer.run().exit else 0
    assert re.search(r"in (\d+) more row", errors[0]["message"]).group(1) == str(rows - 1)  # type: ignore[union-attr]
    assert all(code in {one["code"] for one in line["findings"]} for line in with_layer.lines())


@pytest.mark.parametrize("with_layer", FAULTS, indirect=True, ids=str)
def test_a_fault_of_a_row_names_place_and_sheet(
    with_layer: Campaign, request: pytest.FixtureRequest, here: Here
) -> None:
    code = FAULTS[request.node.callspec.params["with_layer"]][1]
    [fault] = [one for one in here(with_layer, "check", "--json").json if one["severity"] == "error"]
    [line] = [line for line in here(with_layer, "check").out.splitlines() if line.endswith(f"[{code}]")]
    assert f" row {fault['row']}, post, layer new: " in line
    assert line.startswith(f"error: {fault['place']['file']}:{fault['place']['line']}")


@pytest.mark.parametrize("with_layer", ["a payment to nobody", "a letter that no font has"], indirect=True, ids=str)
def test_what_else_is_wrong_with_a_row_of_which_a_template_fails_is_told_with_it(
    with_layer: Campaign, request: pytest.FixtureRequest, here: Here
) -> None:
    """Also a picture that the failing layer is to be stood on by: nobody knows whether it could."""
    code = (FAULTS | FLAWS)[request.node.callspec.params["with_layer"]][1]
    failing = "{type: image, id: ground, picture: hero, when: product.sku > 3, box: {height: 9px}}\n"
    failing += "  - {type: image, file: '{{ product.packshot }}', id: standing, stand: ground, box: {height: 20px}}\n"
    failing += "  - {type: text, id: price, text: '{{ product.sku | money }}'" + LAYER
    file = with_layer.root / POST
    file.write_text(file.read_text().replace("  - {type:", f"  - {failing}  - {{type:", 1))
    told = [one for one in here(with_layer, "check", "--json").json if one["severity"] == "error"]
    assert sorted((one["code"], one.get("layer")) for one in told) == sorted(
        [("bad-value", "ground"), ("wrong-value", "price"), (code, "new")]
    )


@pytest.mark.parametrize("with_layer", FLAWS, indirect=True, ids=str)
def test_a_flaw_of_the_settled_sheet_is_told_before_it_is_drawn(
    with_layer: Campaign, request: pytest.FixtureRequest, here: Here
) -> None:
    code = FLAWS[request.node.callspec.params["with_layer"]][1]
    told = [(one["code"], one["layer"]) for one in here(with_layer, "check", "--json").json if one.get("layer")]
    assert told == [(code, "new")]
    with_layer.run()
    assert all(code in {one["code"] for one in line["findings"]} for line in with_layer.lines())


def test_a_sheet_that_cannot_be_set_is_told_and_others_are_looked_over(
    fresh: Campaign, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = Typesetter.fit

    def failing(typesetter: Typesetter, texts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if any("TIN" in span["text"] for text in texts for span in text["spans"]):
            raise TypesettingFailed("it cannot be set")
        return fit(typesetter, texts)

    monkeypatch.setattr(Typesetter, "fit", failing)
    text = "{type: text, id: new, columns: 2, gutter: 4px, lines: 9, text: '{{ product.sku }} one two'" + LAYER
    (fresh.root / POST).write_text((fresh.root / POST).read_text().rstrip() + f"\n  - {text}")
    found = here(fresh, "check", "--json")
    assert found.code == 1, found.err
    [told] = [one for one in found.json if one["severity"] == "error"]
    assert (told["code"], told["layout"]) == ("sheet-failed", "post")
    assert told["message"].startswith("it cannot be set")
    assert "Traceback" not in found.err


def test_text_that_an_x1a_would_make_pixels_of_is_told_by_its_layer(fresh: Campaign, here: Here) -> None:
    """Where a veil lies over a text that is told before anything is made; beside it, or allowed by the layout, it is
    no matter."""
    card = "templates/layouts/card.yaml"
    fresh.edit(card, "formats: [press-pdf, proof-png]", "formats: [press-pdf, press-pdf-x1a]")
    over = "  - {type: shape, id: veil, fill: flame, opacity: 0.5, box: {y: 15mm, height: 5mm}}\n"
    file = fresh.root / card
    sound = file.read_text()
    for layers, told in {
        "": [],
        over: [("text-in-transparency", "headline")],
        over.replace("y: 15mm", "y: 1mm"): [],
    }.items():
        file.write_text(sound + layers)
        found = here(fresh, "check", "--json").json
        assert [(one["code"], one["layer"]) for one in found if one["severity"] == "error"] == told
        assert told == [] or "text-in-transparency" in here(fresh, "plan").out
    file.write_text("flatten: true\n" + sound + over)
    assert here(fresh, "check").code == 0


def test_no_picture_is_paid_for_a_sheet_that_an_x1a_refuses(fresh: Campaign, here: Here) -> None:
    """Of three products one has a veil over its text: its rows fail before anything is asked for, the others' are bought.
    """
    card = "templates/layouts/card.yaml"
    fresh.edit(card, "formats: [press-pdf, proof-png]", "formats: [press-pdf-x1a]")
    veil = "  - {type: shape, id: veil, fill: flame, opacity: 0.5, when: \"product.sku == 'TIN'\", box: {y: 15mm, height: 5mm}}\n"
    (fresh.root / card).write_text((fresh.root / card).read_text() + veil)
    server = serve()
    try:
        for old, new in {
            "{type: fpo}": f"{{type: openai, base_url: {server.base_url}, profile: rehearsal}}",
            "wide: {size: 144x96": "wide: {size: 1024x640",
            "      square: {size: 96x96, space: top third, stage: [50%, 90%]}\n": "",
            "      tall: {size: 96x144, space: top third}\n": "",
            '    references: ["{{ product.packshot }}"]\n': "",
            "layouts: [post, card]": "layouts: [card]",
        }.items():
            fresh.edit(fresh.job, old, new)
        planned = here(fresh, "plan", "--quality", "low", "--json").json
        report = fresh.run(quality="low", max_cost=1.0)
        charges = server.settle()["charges"]
    finally:
        server.close()
    rows = {line["row"]: (line["status"], [one["code"] for one in line["findings"]]) for line in fresh.lines()}
    refused = {row for row, (status, _) in rows.items() if status == "failed"}
    assert refused == {row for row in rows if row.startswith("TIN")}
    assert all(rows[row][1] == ["text-in-transparency"] for row in refused)
    assert report.exit == 1
    assert len(charges) == len(planned["pictures"]) == 2


def test_what_an_x1a_refuses_is_printed_with_its_transparency(fresh: Campaign, here: Here) -> None:
    """A sheet of both formats has the one that can be, whatever its other is refused for, and is not drawn twice."""
    card = "templates/layouts/card.yaml"
    fresh.edit(card, "formats: [press-pdf, proof-png]", "formats: [press-pdf-x1a, press-pdf, proof-png]")
    fresh.edit(fresh.job, "layouts: [post, card]", "layouts: [card]")
    veil = "  - {type: shape, id: veil, fill: flame, opacity: 0.5, when: \"product.sku == 'TIN'\", box: {y: 15mm, height: 5mm}}\n"
    (fresh.root / card).write_text((fresh.root / card).read_text() + veil)
    report = fresh.run()
    lines = fresh.lines()
    veiled = [line for line in lines if line["row"].startswith("TIN")]
    assert {(line["format"], line["status"]) for line in veiled} == {
        ("press-pdf-x1a", "failed"), ("press-pdf", "made"), ("proof-png", "made"),
    }  # fmt: skip
    for line in veiled:
        told = [one for one in line["findings"] if one["code"] == "text-in-transparency"]
        assert [one["layer"] for one in told] == (["headline"] if line["format"] == "press-pdf-x1a" else [])
    assert {line["status"] for line in lines if line not in veiled} == {"made"}
    assert report.exit == 1


def test_of_several_pages_all_that_an_x1a_refuses_are_named(fresh: Campaign) -> None:
    veil = "{type: shape, id: veil, fill: flame, opacity: 0.5, box: {in: safe}}"
    words = "{type: text, id: NAME, text: Words, role: headline, size: 20pt, box: {in: safe}}"
    layout = (
        "page: {trim: 100mm x 60mm, bleed: 3mm, safe: 5mm}\ntarget: print\ninks: [cmyk]\n"
        "formats: [press-pdf, press-pdf-x1a]\npages:\n"
        f"  - {{id: front, layers: [{words.replace('NAME', 'title')}]}}\n"
        f"  - {{id: back, layers: [{words.replace('NAME', 'words')}, {veil}]}}\n"
        f"  - {{id: cover, layers: [{words.replace('NAME', 'note')}, {veil.replace('veil', 'haze')}]}}\n"
    )
    (fresh.root / "templates/layouts/leaf.yaml").write_text(layout)
    fresh.edit(fresh.job, "layouts: [post, card]", "layouts: [leaf]")
    assert fresh.run().exit == 1
    lines = [line for line in fresh.lines() if line["format"] == "press-pdf-x1a"]
    told = [one for line in lines for one in line["findings"] if one["code"] == "text-in-transparency"]
    assert told
    assert {(one["layer"], one["page"]) for one in told} == {("words", 2)}
    assert all("'words' on page 2, 'note' on page 3" in one["message"] for one in told)
    assert {line["status"] for line in fresh.lines() if line["format"] == "press-pdf"} == {"made"}


@pytest.mark.parametrize("text", ["{{ 'x' * 20 }}", "{{ product.sku.shout() }}"])
def test_what_files_say_of_themselves_is_filled_in_before(text: str, fresh: Campaign, here: Here) -> None:
    path = fresh.root / fresh.job
    path.write_text(path.read_text("utf-8") + f'metadata: {{rights_url: "{text}"}}\n', "utf-8")
    done = here(fresh, "check", "--json")
    assert done.code == 1, done.err
    told = {(one["code"], one["layout"], one["place"]["line"]) for one in done.json if one["severity"] == "error"}
    fresh.run()
    failed = {one["code"] for line in fresh.lines() for one in line["findings"] if one["severity"] == "error"}
    line = len(path.read_text("utf-8").splitlines())
    assert told == {(code, layout, line) for code in failed for layout in ("post", "card")}


@pytest.mark.parametrize(
    ("steps", "background", "foreseen"),
    [("type: tone", "opaque", True), ("type: cutout", "opaque", False), ("type: tone", "transparent", False)],
)
def test_a_text_below_a_picture_that_is_to_come_is_told(
    fresh: Campaign, here: Here, steps: str, background: str, foreseen: bool
) -> None:
    scene = "  - {type: image, id: scene, picture: hero, box: {in: bleed}}\n"
    fresh.edit(POST, scene, "")
    fresh.edit(POST, "stand: scene", "opacity: 1")
    layout = fresh.root / POST
    layout.write_text(layout.read_text("utf-8") + scene, "utf-8")
    fresh.edit(fresh.job, "layouts: [post, card]", "layouts: [post]")
    fresh.edit(fresh.job, "steps: [{type: tone}]", f"steps: [{{{steps}}}]\n    background: {background}")
    told = here(fresh, "check", "--json")
    found = [(one["layer"], one["message"].partition(" (")[0]) for one in told.json if one["code"] == "covered-text"]
    assert found == ([("headline", "scene covers 100 % of the text")] if foreseen else [])
