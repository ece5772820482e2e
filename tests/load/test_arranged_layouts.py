"""Layouts with variables, parts, a base and overrides are the plain layouts that one could have written out.

Every folder of ``arranged`` has files that are put over the campaign, and the layout `social/card` written out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pressrun import registry
from pressrun.expand import expand_rows, layout_content
from pressrun.language.expression import compile_expression
from pressrun.load import load_project
from pressrun.model.errors import InputError
from pressrun.model.finding import Place
from pressrun.model.project import LoadedLayout

Campaign = Callable[..., Path]
HERE = Path(__file__).parent
CARD = "templates/layouts/social/card.yaml"
CASES = sorted(path for path in (HERE / "arranged").iterdir() if path.is_dir())


def loaded(job: Path) -> LoadedLayout:
    return load_project(job, registry).layouts["social/card"]


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_layout_put_together_is_the_one_written_out(case: Path, campaign: Campaign) -> None:
    arranged = loaded(campaign(overlay=case))
    job = campaign()
    (job.parents[1] / CARD).write_text((case / "written-out.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    written = loaded(job)
    assert arranged.layout == written.layout
    assert (arranged.digest, arranged.alternatives) == (written.digest, written.alternatives)


# ------------------------------------------------------------------------------------------------------- overrides

BASE = """page: {trim: 400px x 400px, safe: 20px}
target: screen
formats: [jpeg]
layers:
  - {type: image, id: scene, picture: hero, box: {in: bleed}}
  - {type: text, id: headline, text: "{{ copy.headline }}", size: 20px}
  - {type: logo, id: logo, logo: default}
  - {type: text, id: price, text: "{{ price | money }}", when: price, size: 20px}
"""
OVERRIDES = """overrides:
  - {locale: de-AT, change: {headline: {size: 19px, lines: 3}}}
  - {locale: [de, fr-CH], change: {headline: {size: 18px}}}
  - {region: [US, CA], when: price, change: {price: {size: 12px}}, remove: [logo]}
  - {script: Arab, change: {headline: {lines: 2, role: headline}}}
"""


def layers_of(layout: LoadedLayout, locale: str, price: object) -> list[dict[str, object]]:
    """The layers that a row of this locale has, as what they say without their `when`."""
    had = []
    for layer in layout.layout.layers:
        when, findings = compile_expression(layer.when or "1")
        assert when is not None, findings
        if when.test({"locale": locale, "price": price}):
            had.append(layer.model_dump(exclude={"when"}))
    return had


@pytest.mark.parametrize("price", [None, 5])
@pytest.mark.parametrize(
    ("locale", "headline", "also"),
    [
        ("en-GB", "size: 20px", {}),
        ("de", "size: 18px", {}),
        ("de-CH", "size: 18px", {}),
        ("de-AT", "size: 18px, lines: 3", {}),  # the later one comes over the earlier
        ("fr-FR", "size: 20px", {}),
        ("fr-CH", "size: 18px", {}),
        ("dsb", "size: 20px", {}),
        ("ar-EG", "size: 20px, lines: 2, role: headline", {}),
        ("fa", "size: 20px, lines: 2, role: headline", {}),
        ("en-US", "size: 20px", {"size: 20px}\n": "size: 12px}\n", "  - {type: logo, id: logo, logo: default}\n": ""}),
        ("en", "size: 20px", {}),
    ],
)
def test_a_locale_has_the_layers_that_one_would_write_for_it(
    campaign: Campaign, locale: str, price: object, headline: str, also: dict[str, str]
) -> None:
    written = BASE.replace("size: 20px}\n  - {type: logo", f"{headline}}}\n  - {{type: logo")
    for old, new in also.items() if price else ():
        head, _, tail = written.rpartition(old)
        written = head + new + tail
    overridden, plain = (loaded(with_card(campaign, text)) for text in (BASE + OVERRIDES, written))
    assert layers_of(overridden, locale, price) == layers_of(plain, locale, price)


def test_a_layer_of_another_type_keeps_what_that_may_say_too(campaign: Campaign) -> None:
    shape = "  - {type: shape, id: logo, shape: rect, fill: ink, opacity: 50%, box: {width: 90px, height: 40px}}\n"
    base = BASE.replace("  - {type: logo, id: logo, logo: default}\n", shape)
    text = "{type: text, text: Words, size: 20px}"
    layout = loaded(with_card(campaign, base + f"overrides:\n  - {{locale: ar, change: {{logo: {text}}}}}\n"))
    (words,) = (one for one in layers_of(layout, "ar-EG", 5) if one["id"] == "logo")
    (plain,) = (one for one in layers_of(layout, "de-DE", 5) if one["id"] == "logo")
    assert (words["type"], words["opacity"], words["box"]) == ("text", 0.5, plain["box"])
    assert (plain["type"], plain["fill"]) == ("shape", "ink")


def test_what_a_layer_of_another_type_lacks_is_told_where_it_is_changed(campaign: Campaign) -> None:
    change = "overrides:\n  - locale: ar\n    change:\n      logo: {type: text, text: Words}\n"
    with pytest.raises(InputError) as caught:
        load_project(with_card(campaign, BASE + change), registry)
    told = [(finding.code, finding.message, finding.place and finding.place.line) for finding in caught.value.findings]
    assert told == [("missing-key", "key 'size' is missing", BASE.count("\n") + 4)]


def with_card(campaign: Campaign, text: str, **parts: str) -> Path:
    job = campaign()
    (job.parents[1] / CARD).write_text(text, encoding="utf-8")
    for name, part in parts.items():
        (job.parents[1] / "templates/parts").mkdir(exist_ok=True)
        (job.parents[1] / f"templates/parts/{name}.yaml").write_text(part, encoding="utf-8")
    return job


def digests(campaign: Campaign, text: str) -> dict[str, str]:
    """What the card says, for the rows of each locale."""
    project = load_project(with_card(campaign, text), registry)
    card = project.layouts["social/card"]
    return {row.locale: card.digest_with(layout_content(project, row, "social/card")) for row in expand_rows(project)}


def test_an_override_changes_only_the_sheets_it_is_for(campaign: Campaign) -> None:
    german, french, other = (
        BASE + f"overrides:\n  - {{locale: {locale}, change: {{headline: {{size: {size}}}}}}}\n"
        for locale, size in (("de", "18px"), ("fr", "18px"), ("de", "17px"))
    )
    one, again = digests(campaign, german), digests(campaign, other)
    assert one["en-GB"] == again["en-GB"]
    assert one["de-DE"] != again["de-DE"]
    added = digests(campaign, german + "  - {locale: it, change: {headline: {size: 9px}}}\n")
    assert added == one
    moved = digests(campaign, french)
    assert moved["en-GB"] == one["en-GB"]


def test_a_row_is_composed_of_the_layers_that_it_has(campaign: Campaign) -> None:
    project = load_project(with_card(campaign, BASE + OVERRIDES), registry)
    for row in expand_rows(project):
        content = layout_content(project, row, "social/card")
        options = [layer for layer in project.layouts["social/card"].layout.layers if layer.id == "headline"]
        chosen = [layer.size[0].value for layer in options if layer.when == content["headline"]["when"]]
        assert chosen == [18 if row.locale == "de-DE" else 20]


REPEATED = """page: {trim: 400px x 400px, safe: 20px}
target: screen
formats: [jpeg]
layers:
  - type: stack
    id: list
    layers:
      - {type: text, id: word, text: "{{ item }}", size: 20px, repeat: "('a', 'b', 'c')"}
"""


def test_an_override_of_a_layer_that_is_repeated_is_in_the_keys_of_its_sheets(campaign: Campaign) -> None:
    override = "overrides:\n  - {locale: de, change: {word: {size: 18px}}}\n"
    one, other = (digests(campaign, REPEATED + text) for text in (override, override.replace("18", "17")))
    assert one["en-GB"] == other["en-GB"]
    assert one["de-DE"] != other["de-DE"]


@pytest.mark.parametrize(
    ("override", "chosen"),
    [
        ("locale: de", {"en-GB": "aaa", "de-DE": "bbb"}),
        ("when: item == 'b'", {"en-GB": "aba", "de-DE": "aba"}),
    ],
)
def test_each_item_has_one_of_the_alternatives_of_its_layer(
    campaign: Campaign, override: str, chosen: dict[str, str]
) -> None:
    text = REPEATED + f"overrides:\n  - {{{override}, change: {{word: {{text: 'b'}}}}}}\n"
    project = load_project(with_card(campaign, text.replace("{{ item }}", "a")), registry)
    said = {row.locale: layout_content(project, row, "social/card") for row in expand_rows(project)}
    for locale, texts in chosen.items():
        assert [said[locale][f"word#{at}"]["text"] for at in (1, 2, 3)] == list(texts)
        assert "word#4" not in said[locale]


def test_a_value_is_told_where_it_is_written(campaign: Campaign) -> None:
    """A part's own text in the part, what it is told in the layout, a variable where it is set."""
    part = "parameters: {text: , size: 9px}\nlayers:\n  - {type: text, id: words, text: $text, size: $size, role: body}\n"
    card = BASE + '  - use: parts/words\n    with:\n      text: "{{ price | money }}"\n      size: $small\nvars: {small: 8px}\n'
    places = loaded(with_card(campaign, card, words=part)).places
    assert places["layers", 4, "role"] == Place("templates/parts/words.yaml", 3, part.splitlines()[2].index("body") + 1)
    assert places["layers", 4, "text"] == Place(CARD, 11, 14)
    assert places["layers", 4, "size"] == Place(CARD, 13, 15)


def test_a_part_is_among_what_a_run_reads(campaign: Campaign) -> None:
    job = with_card(campaign, BASE + "  - use: parts/line\n", line="layers: [{type: text, text: Words, size: 9px}]\n")
    assert "templates/parts/line.yaml" in load_project(job, registry).inputs


def test_a_part_changes_only_the_layouts_that_use_it(campaign: Campaign) -> None:
    def every_digest(words: str) -> dict[str, str]:
        line = f"layers: [{{type: text, text: {words}, size: 9px}}]\n"
        project = load_project(with_card(campaign, BASE + "  - use: parts/line\n", line=line), registry)
        return {name: layout.digest for name, layout in project.layouts.items()}

    one, other = every_digest("One"), every_digest("Other")
    assert {name for name in one if one[name] != other[name]} == {"social/card"}


def test_an_id_has_no_sign_that_counts_items(campaign: Campaign) -> None:
    """`word#2` is what a layer `word` is called for its second item."""
    with pytest.raises(InputError) as refused:
        loaded(with_card(campaign, BASE.replace("id: headline", "id: 'word#2'")))
    assert [(one.code, one.place.line) for one in refused.value.findings if one.place] == [("invalid-value", 6)]


# -------------------------------------------------------------------------------------------------------- booklets

BOOKLET = """page: {trim: 100mm x 140mm, bleed: 3mm, safe: 8mm, inner: 14mm}
target: print
formats: [press-pdf]
booklet: {blank_before: back}
pages:
  - {id: cover, layers: [{type: logo, id: logo, logo: default}]}
  - {id: opening, spread: true, layers: [{type: image, id: scene, picture: hero, box: {in: bleed}}]}
  - {id: back, layers: [{type: text, id: imprint, text: x, size: 9pt, box: {x: 0mm}}]}
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("booklet: {blank_before: back}\n", "", ["no-booklet 1", "no-booklet 6"]),
        ("blank_before: back", "blank_before: bck", ["unknown-page 4"]),
        ("box: {x: 0mm}", "box: {in: left-page}", ["unknown-panel 8"]),
        ("spread: true", "spread: true, flow: scene", ["cannot-flow 7"]),
        ("spread: true", "spread: true, page: {panels: [50mm, 50mm]}", ["bad-fold 7"]),
        ("inner: 14mm", "inner: 97mm", ["invalid-value 1"]),
        ("box: {in: bleed}", "box: {in: right-page}", []),
    ],
)
def test_what_is_wrong_with_a_booklet_is_told_where_it_is_written(
    campaign: Campaign, old: str, new: str, found: list[str]
) -> None:
    assert old in BOOKLET
    job = with_card(campaign, BOOKLET.replace(old, new))
    told: list[str] = []
    try:
        load_project(job, registry)
    except InputError as error:
        told = [f"{one.code} {one.place.line}" for one in error.findings if one.place]
    assert told == found


def test_a_booklet_without_pages_is_told(campaign: Campaign) -> None:
    with pytest.raises(InputError) as caught:
        load_project(with_card(campaign, f"{BASE}booklet: true\n"), registry)
    assert [finding.code for finding in caught.value.findings] == ["no-booklet"]


def test_a_layout_of_nothing_but_a_part_that_uses_itself_is_told_once(campaign: Campaign) -> None:
    card = "page: {trim: 100px x 100px}\ntarget: screen\nformats: [png]\nlayers: [{use: parts/loop}]\n"
    with pytest.raises(InputError) as caught:
        load_project(with_card(campaign, card, loop="layers: [{use: parts/loop}]\n"), registry)
    assert [finding.code for finding in caught.value.findings] == ["uses-itself"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("us-business-card", "sizes like it: card-us"), ("instagram-storry", "did you mean 'instagram-story'?")],
)
def test_a_page_size_of_another_name_is_told_those_like_it(campaign: Campaign, name: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        load_project(with_card(campaign, f"page: {{size: {name}}}\ntarget: screen\nformats: [png]\nlayers: []\n"), registry)
    assert hint in {finding.hint for finding in caught.value.findings}


def test_a_group_where_there_is_none_is_told_with_what_to_do(campaign: Campaign) -> None:
    layers = "[{type: logo, id: mark, logo: default, inside: sticker}]"
    card = f"page: {{trim: 100px x 100px}}\ntarget: screen\nformats: [png]\nlayers: {layers}\n"
    with pytest.raises(InputError) as caught:
        load_project(with_card(campaign, card), registry)
    ((code, hint),) = {(finding.code, finding.hint) for finding in caught.value.findings}
    assert code == "unknown-group"
    assert hint
    assert "below it" in hint


def test_a_box_of_a_base_that_lies_off_another_page_is_told_with_that(campaign: Campaign) -> None:
    job = campaign()
    folder = (job.parents[1] / CARD).parent
    far = "page: {trim: 900px x 400px, safe: 20px}\n" + BASE.partition("\n")[2].replace('size: 20px}', 'size: 20px, box: {x: 500px}}', 1)
    (folder / "wide.yaml").write_text(far, encoding="utf-8")
    (folder / "card.yaml").write_text("extends: social/wide\npage: {trim: 400px x 400px, safe: 20px}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    (found,) = [one for one in caught.value.findings if one.code in ("box-off-the-page", "empty-box")]
    assert str(found.place).startswith("templates/layouts/social/wide.yaml")
    assert found.message.endswith(f", in {CARD}")
