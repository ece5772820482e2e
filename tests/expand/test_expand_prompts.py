"""Prompts: shared where rows show the same, rendered from what the row, brand, theme and master say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from pressrun.expand import expand_rows, prompts_for
from pressrun.expand.prompts import normalised
from pressrun.model.errors import InputError
from pressrun.model.job import Prompt
from pressrun.model.project import Project
from pressrun.model.provider import ProviderOptions
from pressrun.providers.fpo import FpoProvider
from pressrun.providers.openai import OpenAIProvider

Make = Callable[..., Project]
JOB = "jobs/job.yaml"
HERO = "templates/prompts/hero.j2"
STARTER = Path(__file__).parents[2] / "templates" / "prompts"


def all_prompts(project: Project) -> list[list[Prompt]]:
    return [prompts_for(project, row) for row in expand_rows(project)]


def test_one_prompt_a_slot_and_master(project: Make) -> None:
    prompts = all_prompts(project())[0]
    assert [(prompt.slot, prompt.master, prompt.take, prompt.template) for prompt in prompts] == [
        ("hero", "square", 1, "hero.j2"), ("hero", "tall", 1, "hero.j2"),
    ]  # fmt: skip
    assert prompts[0].request.prompt == "Kettle, steel\n\nPlace: a white table"
    assert [prompt.request.size for prompt in prompts] == [(64, 64), (64, 96)]
    brief = prompts[1].request.brief
    assert (brief.brand, brief.theme, brief.space, brief.stage) == ("plain", "bright", "top third", (0.5, 0.7))
    assert (brief.lighting, brief.composition, brief.theme_palette) == ("noon sun", "on the axis", ("paper", "accent"))
    assert brief.palette[2] == ("accent", "#E4572E")


def test_languages_share_pictures(project: Make) -> None:
    prompts = all_prompts(project())
    rows = [row.id for row in expand_rows(project())]
    assert prompts[rows.index("K1/en-GB/spring")] == prompts[rows.index("K1/de-DE/spring")]
    assert len({prompt.request for some in prompts for prompt in some}) == 6


def test_without_a_themes_lighting_the_brands_own_holds(project: Make) -> None:
    loaded = project({JOB: {"theme: season.theme": "theme: dark"}})
    assert all_prompts(loaded)[0][0].request.brief.lighting == "soft daylight"


def test_takes_are_further_requests_with_the_same_words(project: Make) -> None:
    prompts = all_prompts(project({JOB: {"    prompt: hero.j2": "    takes: 3\n    prompt: hero.j2"}}))[0]
    assert [(prompt.master, prompt.take, prompt.request.take) for prompt in prompts] == [
        (master, take, take) for master in ("square", "tall") for take in (1, 2, 3)
    ]
    assert len({prompt.request.prompt for prompt in prompts}) == 1


def test_a_region_in_the_prompt_is_the_users_choice_and_makes_more_pictures(project: Make) -> None:
    prompts = all_prompts(project({HERO: {"product.material": "region.locale"}}))
    assert len({prompt.request for some in prompts for prompt in some}) == 12


@pytest.mark.parametrize("name", ["locale", "copy.headline", "layout.name", "take", "date"])
def test_prompts_do_not_know_what_would_unshare_pictures(project: Make, name: str) -> None:
    with pytest.raises(InputError) as caught:
        project({HERO: {"product.material": name}})
    assert [finding.code for finding in caught.value.findings] == ["unknown-name"]


def test_values_that_are_equal_but_read_differently_are_not_shared(project: Make) -> None:
    items = "[{id: a, n: 1, start: 2027-03-01, theme: bright}, {id: b, n: true, start: 2027-03-01, theme: bright}]"
    edited = project(
        {
            JOB: {
                "[{id: spring, start: 2027-03-01, theme: bright}, {id: winter, start: 2027-12-01, theme: dark}]": items,
            },
            HERO: {"product.material": "season.n"},
        }
    )
    texts = {prompt.request.prompt.split("\n")[0] for some in all_prompts(edited) for prompt in some}
    assert {text.split(", ")[1] for text in texts} == {"1", "True"}


def test_a_fault_while_rendering_names_template_line_and_row(project: Make) -> None:
    loaded = project({HERO: {"product.material": "product.launch + 1"}})
    row = next(iter(expand_rows(loaded)))
    with pytest.raises(InputError) as caught:
        prompts_for(loaded, row)
    (finding,) = caught.value.findings
    assert (finding.code, str(finding.place), finding.row) == ("template-error", f"{HERO}:2", "K1/en-GB/spring")


def test_references_go_by_content_and_an_empty_cell_sends_none(project: Make) -> None:
    references = {JOB: {"    prompt: hero.j2": '    references: ["{{ product.packshot }}"]\n    prompt: hero.j2'}}
    loaded = project({**references, "jobs/data/products.csv": {"packshots/mug.svg": ""}})
    kettle, mug = all_prompts(loaded)[0][0].request, all_prompts(loaded)[-1][0].request
    assert [(one.name, one.media_type, one.digest) for one in kettle.references] == [
        ("kettle.svg", "image/svg+xml", loaded.inputs["brands/plain/packshots/kettle.svg"])
    ]
    assert mug.references == ()


@pytest.mark.parametrize("provider", [FpoProvider(), OpenAIProvider()])
def test_a_reference_by_another_name_is_the_same_picture(project: Make, provider: ProviderOptions) -> None:
    """Nobody pays again because somebody tidied up a folder."""
    references = {JOB: {"    prompt: hero.j2": '    references: ["{{ product.packshot }}"]\n    prompt: hero.j2'}}
    request = all_prompts(project(references))[0][0].request
    renamed = replace(request, references=(replace(request.references[0], name="final2.svg"),))
    assert renamed == request
    assert provider.key(renamed) == provider.key(request)


def test_includes_and_inheritance(project: Make) -> None:
    loaded = project(
        {HERO: {"{{ product.name }}": '{{ super() }}{% include "name.j2" %}'}},
        {"templates/prompts/name.j2": "{{ product.name | upper }}"},
    )
    assert all_prompts(loaded)[0][0].request.prompt.startswith("KETTLE, steel")


def test_normalised_text_has_one_empty_line_between_sections_and_no_empty_section() -> None:
    text = "\n  Subject:  a   cup \t\n\n\n\nCharacters: \n\n\n\nStyle: calm\n  still  \n\n\nAvoid:\n"
    assert normalised(text) == "Subject: a cup\n\nStyle: calm\nstill"


def test_the_starter_prompt_keeps_its_sections_in_order(project: Make) -> None:
    sources = {f"templates/prompts/{path.name}": path.read_text(encoding="utf-8") for path in STARTER.glob("*.j2")}
    seasons = {"theme: bright}": "theme: bright, scene: a shelf}", "theme: dark}": "theme: dark, scene: a bench}"}
    job = {JOB: {"prompt: hero.j2": "prompt: product-hero.j2", **seasons}}
    loaded = project(job, sources)
    sections = ("Use", "Subject", "Context", "Composition", "Style", "Palette", "Motifs", "Room for copy", "Avoid")
    for some in all_prompts(loaded):
        for prompt in some:
            text = prompt.request.prompt
            heads = [section.split(":")[0].split(",")[0] for section in text.split("\n\n")]
            assert heads[:-1] == list(sections)
            assert text.endswith("No lettering, no logos, no watermarks, no frames.")
            assert "white #FFFFFF" in text or "black #101010" in text
            assert not any(line != line.strip() for line in text.splitlines())
            assert "keep the top third of this" in text


def test_the_base_prompt_numbers_what_is_sent_and_says_what_it_is_for(project: Make) -> None:
    """Sent without a word, a product's photo is drawn into the stage that it is to be placed on."""
    sources = {f"templates/prompts/{path.name}": path.read_text(encoding="utf-8") for path in STARTER.glob("*.j2")}
    seasons = {"theme: bright}": "theme: bright, scene: a shelf}", "theme: dark}": "theme: dark, scene: a bench}"}
    for name, width in (("approved", 5), ("board", 7)):
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="3"/>'
        sources[f"brands/plain/{name}.svg"] = drawing
    sent = '[{file: "{{ product.packshot }}", for: take its scale}]'
    slot = f"    references: {sent}\n    anchor: approved.svg\n    prompt: product-hero.j2"
    boards = {"style: {": "style: {boards: [{file: board.svg}], use: poster, "}
    edits = {JOB: {"    prompt: hero.j2": slot, **seasons}, "brands/plain/brand.yaml": boards}
    loaded = project({**edits, "jobs/data/products.csv": {"packshots/mug.svg": ""}}, sources)
    for one in (one for some in all_prompts(loaded) for one in some):
        names = [reference.name for reference in one.request.references]
        text = one.request.prompt
        assert names[-2:] == ["approved.svg", "board.svg"]
        assert text.startswith("Use: poster\n\nSubject: ")
        own = len(names) - 2
        assert ("Image 1: take its scale" in text) == (own == 1)
        assert f"Image {own + 1}: the approved picture of this set: match its light" in text
        assert f"Image {own + 2}: the style board of the brand" in text


def test_a_section_knows_what_its_base_sets(project: Make) -> None:
    base = "templates/prompts/base.j2"
    loop = '{% for side in ["left", "right"] %}{% block edge scoped %}{% endblock %} {% endfor %}'
    sets = '{% set light = "soft" %}{% macro told(what) %}{{ what }} in {{ light }} light{% endmacro %}'
    loaded = project({
        base: {"{% block subject %}": sets + loop + "{% block subject %}"},
        HERO: {
            "{{ product.name }}, {{ product.material }}{% endblock %}":
            "{{ told(product.name) }}{% endblock %}{% block edge %}{{ side }}, {{ light }}{% endblock %}"
        },
    })  # fmt: skip
    assert all_prompts(loaded)[0][0].request.prompt.startswith("left, soft right, soft Kettle in soft light")
