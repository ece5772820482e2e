"""Masters that `plan --suggest` proposes: as few as can be, in sizes that can be had, and none that is paid touched."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pressrun import registry
from pressrun.commands.report.master_suggestions import suggestion_json, suggestion_text
from pressrun.model.job import Job, Master
from pressrun.model.layout import Layout
from pressrun.model.picture import Brief, PictureRequest
from pressrun.model.provider import ProviderOptions
from pressrun.plan.needed_pictures import needed_masters
from pressrun.plan.suggested_masters import (
    LEAST_KEPT,
    LegalSize,
    Proposed,
    Suggestion,
    files_placed,
    served_by_library,
    served_now,
    suggest,
)
from pressrun.providers.fpo import FpoProvider
from pressrun.providers.library import LibraryProvider
from pressrun.providers.openai import OpenAIProvider
from pressrun.providers.openai.model_facts import facts
from pressrun.providers.openai.sizes import size_fault

OPENAI = OpenAIProvider(quality="medium")
BRIEF = Brief("b", (), (), "", (), (), "", "", "", (0.5, 0.8))


def layout(trim: str, target: str = "screen", **more: Any) -> Layout:
    return registry.layout_model().model_validate(
        {"page": {"trim": trim}, "target": target, "formats": ["jpeg" if target == "screen" else "press-pdf"],
         "layers": [{"type": "image", "picture": "hero"}], **more}
    )  # fmt: skip


def job(**masters: str) -> Job:
    return registry.job_model().model_validate(
        {"brand": "b", "date": "2027-03-01", "rows": {"product": {"items": [{"id": "a"}], "key": "id"}},
         "locale": "'en-GB'", "layouts": ["one"], "save_as": "a", "provider": {"type": "fpo"},
         "pictures": {"hero": {"prompt": "p.j2", "masters": {id: {"size": size} for id, size in masters.items()}}}}
    )  # fmt: skip


def quote(slot: str, size: tuple[int, int]) -> Decimal | None:
    return OPENAI.quote(PictureRequest("a prompt", size, BRIEF))


def legal(provider: ProviderOptions) -> LegalSize:
    return lambda slot, width, height: provider.legal_size(width, height)


def proposed(
    layouts: dict[str, Layout], of: Job | None = None, paid: Iterable[str] = (), at_floor: bool = False
) -> list[Proposed]:
    existing = [("hero", id) for id in paid]
    return suggest(of or job(square="1024x1024"), layouts, existing, legal(OPENAI), quote, at_floor)


SOCIAL = {
    "square": layout("1080px x 1080px"),
    "portrait": layout("1080px x 1350px"),
    "story": layout("1080px x 1920px"),
}


def test_one_master_for_shapes_that_are_near() -> None:
    (one,) = proposed({name: SOCIAL[name] for name in ("square", "portrait")})
    assert {served.placement.layout for served in one.serves} == {"square", "portrait"}
    assert all(served.upscale == 1 and served.kept >= LEAST_KEPT - 0.02 for served in one.serves)


def test_two_for_shapes_that_are_far() -> None:
    assert len(proposed(SOCIAL)) == 2


def test_a_single_shape_gets_that_very_shape() -> None:
    (one,) = proposed({"square": SOCIAL["square"]})
    assert (one.id, one.size) == ("square", (1088, 1088))


def test_stand_ins_get_the_very_pixels_of_a_screen() -> None:
    (one,) = suggest(job(square="64x64"), {"story": SOCIAL["story"]}, [], legal(FpoProvider()), quote)
    assert one.size == (1080, 1920)


def test_a_master_is_sized_for_the_placements_that_take_it() -> None:
    """Not for those that it was meant for, where another fits them better."""
    layouts = {
        "story": SOCIAL["story"], "flyer": layout("A5", "print"), "dl": layout("99mm x 210mm", "print"),
        "portrait": SOCIAL["portrait"], "wide": layout("1280px x 720px"),
    }  # fmt: skip
    assert all(served.upscale == 1 for one in proposed(layouts) for served in one.serves)


def test_of_masters_nearly_alike_the_larger_one_is_taken() -> None:
    """A paid one that is too small does not keep a new one out by a hair of its shape."""
    mine = job(old="1024x1456")
    placed = proposed({"flyer": layout("A5", "print", resolution={"floor": 200, "target": 300})}, mine, ["old"])
    assert [(one.id, one.kept, len(one.serves)) for one in placed] == [("old", True, 0), ("tall", False, 1)]


def test_a_paid_picture_that_would_be_shown_no_more_is_told() -> None:
    mine, layouts = job(main="1088x1248"), {"square": SOCIAL["square"], "portrait": SOCIAL["portrait"]}
    tall = {**layouts, "story": SOCIAL["story"], "pin": layout("1000px x 1500px")}
    parts = [proposed(tall, mine, ["main"]), proposed(tall, mine, ["main"], at_floor=True), served_now(mine, tall)]
    assert {served.placement.layout for served in parts[0][0].serves} == {"square", "portrait"}
    text = suggestion_text(Suggestion("spring", "openai", "", *parts, {"hero": 1}))  # type: ignore[arg-type]
    moved = [line for line in text.splitlines() if "in place of main, which is paid" in line]
    assert {line.split()[0] for line in moved} == {"story", "pin"}


def test_a_job_without_pictures_is_told_what_that_means() -> None:
    text = suggestion_text(Suggestion("cards", "fpo", "", [], [], [], {}))
    assert "cards" in text
    assert "fpo" not in text  # nothing is drawn by anybody
    assert {"`resolution-below-floor`", "`resolution-below-target`"} <= set(text.split())


def test_files_that_rows_name_are_told_the_pixels_they_need() -> None:
    layers = [
        {"type": "image", "id": "photo", "file": "{{ row.photo }}", "box": {"in": "trim", "height": "50%"}},
        {"type": "image", "id": "pack", "file": "{{ row.pack }}", "fit": "contain", "box": {"in": "trim", "width": "1in"}},
    ]
    placed = files_placed({"card": layout("4in x 2in", "print", layers=layers)})
    assert [(one.layer, one.pixels(one.target), one.pixels(one.floor)) for one in placed] == [
        ("photo", (1200, 300), (600, 150)), ("pack", (300, 600), (150, 300)),
    ]  # fmt: skip
    suggestion = Suggestion("cards", "fpo", "", [], [], [], {}, files=placed)
    text = suggestion_text(suggestion)
    assert [line.split(":")[0].strip() for line in text.splitlines() if line.startswith("  card")] == ["card photo", "card pack"]
    assert [one["target"] for one in json.loads(suggestion_json(suggestion))["files"]] == [[1200, 300], [300, 600]]


def test_slots_that_are_alike_are_told_once() -> None:
    one = proposed({"square": SOCIAL["square"]})[0]
    frames = [replace(one, slot=f"frame-{number}") for number in (1, 2, 3)]
    text = suggestion_text(Suggestion("story", "openai", "", frames, frames, [], {one.slot: 1 for one in frames}))
    assert "\nframe-2: as frame-1, for $0.06\nframe-3: as frame-1, for $0.06\n" in text


def test_what_a_library_has_is_looked_at_as_it_is() -> None:
    mine = job(square="1080x1080")
    slot = mine.pictures["hero"].model_copy(update={"provider": LibraryProvider()})
    mine = mine.model_copy(update={"pictures": {"hero": slot}})
    layouts = {"square": SOCIAL["square"]}
    assert proposed(layouts, mine) == []
    assert served_now(mine, layouts) == []
    [one] = served_by_library(mine, layouts, {("hero", "square"): {"a.jpg": (2160, 2160), "b.jpg": (540, 540)}})
    assert (one.file, one.short, one.count) == ("b.jpg", 1, 2)
    text = suggestion_text(Suggestion("shop", "fpo", "", [], [], [], {}, existing=[one]))
    assert "hero/square: 1 of 2 short of pixels, the poorest b.jpg" in text
    assert "upscale ×1.99" in text


def test_print_says_what_it_gets_and_what_is_missing() -> None:
    (one,) = proposed({"poster": layout("A3", "print", resolution={"floor": 150, "target": 300})})
    (served,) = one.serves
    assert 200 < served.density < 240
    assert served.upscale == pytest.approx(300 * 0.995 / served.density)
    assert not served.below_floor


def test_too_large_for_anything_is_said() -> None:
    ((served,),) = (one.serves for one in proposed({"banner": layout("900mm x 400mm", "print")}))
    assert served.below_floor


def test_the_least_resolution_is_cheaper() -> None:
    layouts = {"flyer": layout("A5", "print")}
    (aimed,), (least,) = proposed(layouts), proposed(layouts, at_floor=True)
    assert least.quoted_usd is not None
    assert aimed.quoted_usd is not None
    assert least.quoted_usd < aimed.quoted_usd
    assert least.serves[0].density >= 149


def test_paid_masters_stay_as_they_are_when_a_layout_comes() -> None:
    mine = job(main="1088x1088")
    before = proposed({"square": SOCIAL["square"]}, mine, ["main"])
    after = proposed({"square": SOCIAL["square"], "story": SOCIAL["story"]}, mine, ["main"])
    assert [(one.id, one.size, one.kept) for one in before] == [("main", (1088, 1088), True)]
    assert after[0] == before[0]
    assert [(one.id, one.kept) for one in after[1:]] == [("tall", False)]


def test_a_name_that_is_taken_by_a_paid_master_is_not_given_again() -> None:
    mine = job(tall="768x1152")
    ids = [one.id for one in proposed({"story": SOCIAL["story"]}, mine, ["tall"])]
    assert ids == ["tall", "tall-2"]


def test_a_new_layout_changes_no_key_of_a_master_that_exists() -> None:
    """The keys of the masters that one set of layouts needs, with any layout more."""
    mine = job(square="1024x1024", tall="1024x1536")

    def keys(layouts: dict[str, Layout]) -> dict[str, str]:
        needed = {id for slots in needed_masters(mine, layouts).values() for ids in slots.values() for id in ids}
        masters: dict[str, Master] = dict(mine.pictures["hero"].masters)
        return {id: OPENAI.key(PictureRequest("a prompt", masters[id].size, BRIEF)) for id in needed}

    before = keys({"square": SOCIAL["square"]})
    after = keys({**SOCIAL, "flyer": layout("A5", "print")})
    assert before.items() <= after.items()


@given(st.integers(1, 6000), st.integers(1, 6000), st.sampled_from(["gpt-image-2", "gpt-image-1"]))
def test_openai_sizes_are_legal_and_enough_where_they_can_be(width: int, height: int, name: str) -> None:
    model, rule = facts().model(name), facts().any_size
    size = OpenAIProvider(model=name).legal_size(width, height)
    assert size_fault(model, rule, size) is None
    if name == "gpt-image-2" and max(width, height) <= 2560 and min(width, height) >= 900:
        assert size[0] >= width
        assert size[1] >= height


def test_stand_ins_take_any_size() -> None:
    assert FpoProvider().legal_size(123, 457) == (123, 457)


def test_what_is_printed() -> None:
    mine = job(square="512x512")
    layouts = {**SOCIAL, "flyer": layout("A5", "print")}
    parts = proposed(layouts, mine), proposed(layouts, mine, at_floor=True), served_now(mine, layouts)
    suggestion = Suggestion("spring", "openai", "gpt-image-2, medium quality", *parts, {"hero": 4}, 4, Decimal("0.2"))
    text = suggestion_text(suggestion)
    assert "drawn by openai (gpt-image-2, medium quality):" in text
    assert "hero: 2 masters, 4 pictures each" in text
    assert "As the job stands: 4 pictures to make, for $0.20, and short of pixels here:" in text
    assert "pressrun adopt FILE master.png" in text  # there is no step that adds pixels: it says what to do
    assert "As the job stands:" in text
    assert "below the floor of 150: upscale ×" in text
    data = json.loads(suggestion_json(suggestion))
    assert [one["placements"][0]["below_floor"] for one in data["masters"]] == [False, False]
    assert {one["layout"] for one in data["now"]} == set(layouts)


def test_of_a_library_nothing_is_proposed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import shutil

    from PIL import Image

    from pressrun.commands.cli import run_command

    root = tmp_path / "campaign"
    shutil.copytree(Path(__file__).parents[1] / "job/campaign", root)
    job_file = root / "jobs/spring.yaml"
    written = job_file.read_text("utf-8")
    job_file.write_text(written.replace('["{{ product.packshot }}"]', "[photo.jpg]"), "utf-8")
    Image.new("RGB", (60, 60)).save(root / "jobs/photo.jpg")
    assert run_command(["plan", str(job_file), "--provider", "library", "--suggest"]) == 0
    said = capsys.readouterr().out
    assert "To write under pictures" not in said
    assert "the poorest photo.jpg" in said


def test_the_command_proposes_where_the_jobs_own_sizes_are_illegal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    from pressrun.commands.cli import run_command

    shutil.copytree(Path(__file__).parents[1] / "job/campaign", tmp_path / "campaign")
    arguments = ["plan", str(tmp_path / "campaign/jobs/spring.yaml"), "--provider", "openai", "--json"]
    assert run_command(arguments) == 2  # its masters are a few pixels wide
    capsys.readouterr()
    assert run_command([*arguments, "--suggest"]) == 0
    masters = json.loads(capsys.readouterr().out)["masters"]
    assert masters
    assert all(one["quoted_usd"] for one in masters)
