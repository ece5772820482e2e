"""A key is the hash of everything that decides the content: a forgotten field would be a stale file, and no error."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rendering_kit import COLORS, Press, brand

from pressrun import registry
from pressrun.graphics.plates.canvas import Canvas
from pressrun.model.composition import PlacedPicture
from pressrun.model.file_metadata import Particulars
from pressrun.model.picture import Brief, PictureRequest, Reference
from pressrun.model.plan import PlannedFile
from pressrun.model.provider import ProviderOptions
from pressrun.model.step import BrandColors, StepOptions
from pressrun.model.task import SheetContent
from pressrun.plate import plate_key
from pressrun.retouch import retouch_key
from pressrun.run.sheets import SheetKeys
from pressrun.run.worker import bench as worker
from pressrun.steps.duotone import DuotoneStep
from pressrun.steps.tone import ToneStep

words = st.text(max_size=8)
names = st.lists(words, max_size=3).map(tuple)
pairs = st.lists(st.tuples(words, words), max_size=3).map(tuple)
fractions = st.floats(0, 1)
references = st.builds(Reference, words, words, words)
briefs = st.builds(
    Brief, words, pairs, names, words, names, names, words, words, words, st.tuples(fractions, fractions)
)  # fmt: skip
requests = st.builds(
    PictureRequest, words, st.tuples(st.integers(1, 4000), st.integers(1, 4000)), briefs, st.integers(1, 9),
    st.sampled_from(["opaque", "transparent"]), st.lists(references, max_size=2).map(tuple), st.none() | references,
    words, words, pairs,
)  # fmt: skip
PROVIDER = ProviderOptions(type="any")


@given(requests, requests)
def test_requests_share_a_key_only_if_equal(one: PictureRequest, other: PictureRequest) -> None:
    assert (PROVIDER.key(one) == PROVIDER.key(other)) == (one == other)


BRIEF = Brief("b", (("paper", "#FFFFFF"),), ("m",), "t", ("x",), ("paper",), "l", "c", "s", (0.5, 0.8))
REFERENCE = Reference("0" * 64, "name.png", "image/png")
REQUEST = PictureRequest("prompt", (10, 20), BRIEF, references=(REFERENCE,), mask=REFERENCE)


def other_than(value: Any) -> Any:
    """A value of the same kind that differs."""
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value / 2 + 0.1
    if isinstance(value, tuple):
        return (other_than(value[0]), *value[1:]) if value else (("option", "value"),)
    if value is None:
        return REFERENCE
    raise TypeError(type(value))


# The first two are looked at below; lettering and change repeat words of the prompt; feather is what is done with the
# answer; of what a picture is an edit is said by the first of its references.
APART = {"brief", "mask", "lettering", "feather", "edit_of", "change"}


@pytest.mark.parametrize("name", [field for field in PictureRequest.__struct_fields__ if field not in APART])
def test_every_field_of_a_request_is_in_its_key(name: str) -> None:
    if name == "references":
        changed = replace(REQUEST, references=())
    else:
        changed = replace(REQUEST, **{name: other_than(getattr(REQUEST, name))})
    assert PROVIDER.key(changed) != PROVIDER.key(REQUEST)


@pytest.mark.parametrize("name", Brief.__struct_fields__)
def test_every_field_of_the_brief_is_in_the_key(name: str) -> None:
    changed = replace(REQUEST, brief=replace(BRIEF, **{name: other_than(getattr(BRIEF, name))}))
    assert PROVIDER.key(changed) != PROVIDER.key(REQUEST)


def test_what_is_sent_along_is_in_the_key_by_content() -> None:
    other = replace(REFERENCE, digest="1" * 64)
    for changed in (replace(REQUEST, references=(other,)), replace(REQUEST, mask=other), replace(REQUEST, mask=None)):
        assert PROVIDER.key(changed) != PROVIDER.key(REQUEST)
    moved = replace(REFERENCE, path="/somewhere/else/name.png", credit=(("creator", "Ada Berg"),))
    assert PROVIDER.key(replace(REQUEST, references=(moved,), mask=moved)) == PROVIDER.key(REQUEST)


def test_another_provider_or_recipe_is_another_picture() -> None:
    class Newer(ProviderOptions):
        RECIPE = 2

    keys = {PROVIDER.key(REQUEST), ProviderOptions(type="other").key(REQUEST), Newer(type="any").key(REQUEST)}
    assert len(keys) == 3


# ------------------------------------------------------------------------------------------------------------- steps


def test_every_setting_of_a_step_and_their_order_is_in_the_key() -> None:
    step = ToneStep(type="tone")
    keys = [
        retouch_key("d", [], COLORS),
        retouch_key("d", [step], COLORS),
        retouch_key("e", [step], COLORS),
        retouch_key("d", [step, step], COLORS),
    ]
    for name in ToneStep.model_fields:
        if name != "type":
            keys.append(retouch_key("d", [step.model_copy(update={name: 1.5})], COLORS))
    tone = DuotoneStep(type="duotone", shadows="ink", lights="paper")
    for other in ({"shadows": "flame"}, {"lights": "flame"}, {"strength": 0.5}):
        keys.append(retouch_key("d", [tone.model_copy(update=other)], COLORS))
    dark, light = ToneStep(type="tone", brightness=0.5), ToneStep(type="tone", brightness=1.5)
    keys += [retouch_key("d", [dark, light], COLORS), retouch_key("d", [light, dark], COLORS)]
    assert len(set(keys)) == len(keys)


def test_a_steps_recipe_is_in_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = retouch_key("d", [ToneStep(type="tone")], COLORS)
    monkeypatch.setattr(ToneStep, "RECIPE", 99)
    assert retouch_key("d", [ToneStep(type="tone")], COLORS) != before


def test_the_colours_a_step_names_are_in_its_key_and_no_others() -> None:
    def key(step: StepOptions, **changed: Any) -> str:
        palette = {**COLORS.palette, **{name: brand().palette["flame"] for name in changed.get("palette", ())}}
        return retouch_key("d", [step], BrandColors(palette, changed.get("profile", COLORS.profile)))

    tone, duotone = ToneStep(type="tone"), DuotoneStep(type="duotone", shadows="ink", lights="paper")
    assert key(tone) == key(tone, palette=["ink", "paper"], profile=b"another")
    assert len({key(duotone), key(duotone, palette=["ink"]), key(duotone, palette=["paper"])}) == 3
    assert key(duotone) == key(duotone, palette=["sky"], profile=b"another")


def test_the_profile_is_in_the_key_of_a_step_that_uses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ToneStep, "USES_PROFILE", True)
    step, other = ToneStep(type="tone"), BrandColors(COLORS.palette, b"another")
    assert retouch_key("d", [step], COLORS) != retouch_key("d", [step], other)


# ------------------------------------------------------------------------------------------------------------- files

PLACED = PlacedPicture("0" * 64, "image/png", (10, 10), (0.5, 0.8))
CONTENT = SheetContent(
    "layout", "en-GB", "title", "description", {"t": {"text": "words"}}, {"hero": (PLACED,)}, {"p": PLACED}, {"0": "x"}
)
OTHERS: dict[str, Any] = {
    "layout": "other", "locale": "de-DE", "title": "other", "description": "other", "layers": {"t": {"text": "other"}},
    "slots": {"hero": (PLACED, PLACED)}, "files": {}, "source_types": {"0": "y"}, "sizes": {"t": 12.0},
    "particulars": Particulars(creator="other"),
}  # fmt: skip


def file_key(content: SheetContent = CONTENT, format: str = "png", layout: str = "l", **shared: Any) -> str:
    options = {"brand_digest": "b", "presses": {"": "p", "news": "n"}, "date": 1, "fonts_of": lambda content: "", **shared}
    keys = SheetKeys(**options, formats=registry.FORMATS)
    return keys.of(layout, content, [PlannedFile(format, "path")])[0].key


def test_a_variants_name_is_no_part_of_its_files_keys_since_its_layout_has_another_digest() -> None:
    assert file_key(replace(CONTENT, variant="layout#1")) == file_key(replace(CONTENT, variant="layout#2")) == file_key()


@pytest.mark.parametrize("name", [field for field in SheetContent.__struct_fields__ if field not in ("variant", "condition")])
def test_every_field_of_a_sheets_content_is_in_its_files_keys(name: str) -> None:
    assert file_key(replace(CONTENT, **{name: OTHERS[name]})) != file_key()


@pytest.mark.parametrize("name", [field for field in PlacedPicture.__struct_fields__ if field != "pages"])
def test_every_field_of_a_placed_picture_is_in_its_files_keys(name: str) -> None:
    """But for the pages of a PDF: what they are stands in its bytes, whose digest is."""
    others = {"region": (0.1, 0.2), "subject": (0.1, 0.2, 0.8, 0.9), "detector": "saliency"}
    other = replace(PLACED, **{name: others.get(name) or other_than(getattr(PLACED, name))})
    assert file_key(replace(CONTENT, slots={"hero": (other,)})) != file_key()
    assert file_key(replace(CONTENT, files={"p": other})) != file_key()


def test_a_conditions_press_is_in_its_files_keys_and_not_what_the_job_calls_it() -> None:
    presses = {"": "p", "coated": "p", "news": "n"}
    plain, coated, news = (
        file_key(replace(CONTENT, condition=name), presses=presses) for name in ("", "coated", "news")
    )
    assert plain == coated != news


def test_format_layout_brand_profile_date_and_script_fonts_are_in_a_files_key() -> None:
    keys = [
        file_key(), file_key(format="jpeg"), file_key(layout="m"), file_key(brand_digest="c"),
        file_key(presses={"": "q"}), file_key(date=2), file_key(fonts_of=lambda content: "Noto 2"),
    ]  # fmt: skip
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("at", range(len(worker.ENGINES)))
def test_every_engine_is_in_a_files_key(at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file_key()
    engines = [*worker.ENGINES[:at], "another 1.0", *worker.ENGINES[at + 1 :]]
    monkeypatch.setattr(worker, "ENGINES", tuple(engines))
    assert file_key() != before


def test_a_files_name_is_no_part_of_its_key() -> None:
    keys = SheetKeys("b", {"": "p"}, 1, registry.FORMATS, lambda content: "")
    one, other = (keys.of("l", CONTENT, [PlannedFile("png", path)])[0] for path in ("a.png", "b.png"))
    assert one.key == other.key


def test_a_plate_is_keyed_by_all_that_it_shows(press: Press) -> None:
    """One ground taken for another would be the colour of last year's brand, under this year's words."""
    page = "page: {trim: 100pt x 100pt}\ntarget: screen\nformats: [png]\nground: paper\nlayers:\n"
    page += "  - {type: image, id: hero, picture: hero, box: {x: 10pt, y: 10pt, width: 50pt, height: 50pt}}\n"
    changed = [
        page, page.replace("paper", "sky"), page.replace("100pt x 100pt", "100pt x 110pt"),
        page.replace("x: 10pt", "x: 11pt"),
    ]  # fmt: skip
    sheets = [press.compose(layout, slots={"hero": ["ramp"]})[0] for layout in changed]
    sheets.append(press.compose(page, slots={"hero": ["quadrants"]})[0])
    keys = [plate_key(sheet, Canvas(96, None)) for sheet in sheets]
    keys.append(plate_key(sheets[0], Canvas(192, None)))
    assert len(set(keys)) == len(keys)
