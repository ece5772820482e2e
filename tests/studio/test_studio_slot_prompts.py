"""A section of a prompt written otherwise from the studio: what changes and what it costs is seen before it is kept."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from msgspec.structs import replace
from PIL import Image
from studio_samples import TOKEN
from studio_served import serving, until

from pressrun import registry
from pressrun.commands.starter import write_campaign
from pressrun.expand import expand_rows, prompts_for
from pressrun.language.template_blocks import Alternatives, blocks_of, code_added, extended_by, literal, with_block
from pressrun.load import load_project
from pressrun.model.settings import Settings
from pressrun.providers.openai.rehearsal.server import serve
from pressrun.run.edits.prompt_edits import PromptEdit, is_for_all, said_for, sections_of, write_edit
from pressrun.run.job import run_job

Open = Callable[..., Any]
Shop = tuple[Path, Any, str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Two products in one language on one layout, with pictures that were paid: folder, server, a sheet's address."""
    root = tmp_path_factory.mktemp("prompting")
    write_campaign(root, "Plain")
    server, job = serve(vary=True), root / "jobs" / "first-run.yaml"
    text = job.read_text("utf-8")
    for old, new in {
        "provider: {type: fpo}": f"provider: {{type: openai, base_url: {server.base_url}, profile: rehearsal}}",
        "  - social/story\n  - print/a5-flyer\n": "",
        "      tall: {size: 1536x2304, space: top third, stage: [50%, 64%]}\n": "",
        "square: {size: 1536x1536": "square: {size: 1024x1024",
        "locale: region.locale\n": "where: region.locale == 'en-GB'\nlocale: region.locale\n",
    }.items():
        assert old in text
        text = text.replace(old, new)
    job.write_text(text, "utf-8")
    report = run_job(job, replace(Settings(inline=True)))
    yield root, server, f"/runs/{report.run}/sheets/{report.assets[0].id}"
    server.close()


@pytest.fixture
def shop(made: Shop) -> Iterator[Shop]:
    """The same, with its templates as they were afterwards."""
    template = made[0] / "templates" / "prompts" / "product-hero.j2"
    before = template.read_bytes()
    yield made
    template.write_bytes(before)


def prompts(root: Path) -> dict[str, str]:
    project = load_project(root / "jobs" / "first-run.yaml", registry)
    return {row.id: prompts_for(project, row)[0].request.prompt for row in expand_rows(project)}


def test_a_section_of_the_template_changes_every_prompt_and_costs_nothing_before_a_run(studio: Open, shop: Shop) -> None:
    root, server, sheet = shop
    visit, before, charges = studio(root), prompts(root), server.settle()["charges"]
    page = visit.get(f"{sheet}/prompt").text
    assert '<option value="style">Style · base.j2</option>' in page
    assert '<bdi class="soft">Everyday Mug</bdi>' in page
    said = {"section": "style", "text": "a woodcut in two colours", "alone": False}
    told = visit.send(f"{sheet}/prompt/quote", said).json()
    assert (told["total"], told["wanted"]) == (2, 2)
    assert told["price_usd"] == pytest.approx(sum(one["price_usd"] for one in told["changed"]))
    assert told["price_usd"] > 0
    assert [one["title"] for one in told["changed"][0]["sections"]] == ["Style"]
    assert {one["row"] for one in told["changed"]} == {"Everyday Mug", "Table Carafe"}
    assert prompts(root) == before
    assert visit.send(f"{sheet}/prompt", said).json() == {"file": "templates/prompts/product-hero.j2"}
    assert all("Style: a woodcut in two colours\n" in prompt for prompt in prompts(root).values())
    assert server.settle()["charges"] == charges
    [line] = [line for line in visit.client.app.state.audit.lines() if line["what"] == "prompt"]
    assert (line["who"], line["section"]) == ("Mara", "style")


def test_a_section_of_one_picture_changes_its_prompt_alone(studio: Open, shop: Shop) -> None:
    root, _, sheet = shop
    visit, before = studio(root), prompts(root)
    said = {"section": "subject", "text": "A cup, {{ brand.name }} and {% all %}", "alone": True}
    told = visit.send(f"{sheet}/prompt/quote", said).json()
    assert [(one["row"], one["rows"]) for one in told["changed"]] == [("Everyday Mug", 1)]
    visit.send(f"{sheet}/prompt", said)
    after = prompts(root)
    assert "Subject: A cup, {{ brand.name }} and {% all %}\n" in after["MUG-350/en-GB/spring"]
    assert {row for row in after if after[row] != before[row]} == {"MUG-350/en-GB/spring"}


@pytest.mark.parametrize(("said", "code"), [
    ({"section": "subject", "text": "{{ brand.secret }}", "alone": False}, "code-in-words"),
    ({"section": "subject", "text": "{% include 'base.j2' %}", "alone": False}, "code-in-words"),
    ({"section": "subject", "text": "{# {{", "alone": False}, "code-in-words"),
    ({"section": "nothing", "text": "x", "alone": False}, "no-section"),
    ({"section": "subject", "text": 5, "alone": False}, "bad-request"), ({}, "bad-request"),
    ({"section": "subject", "text": "x" * 9000, "alone": True}, "bad-request"),
])  # fmt: skip
def test_no_code_comes_from_a_page_and_what_cannot_be_is_told(studio: Open, shop: Shop, said: Any, code: str) -> None:
    root, _, sheet = shop
    visit, before = studio(root), prompts(root)
    for path in (f"{sheet}/prompt/quote", f"{sheet}/prompt"):
        answer = visit.send(path, said)
        assert (answer.status_code, answer.json()["findings"][0]["code"]) == (400, code)
    assert prompts(root) == before


def test_a_template_that_would_not_load_is_left_as_it_was(studio: Open, shop: Shop) -> None:
    root, _, sheet = shop
    template = root / "templates" / "prompts" / "product-hero.j2"
    text = template.read_text("utf-8") + "{% block style %}{% if product.name %}x{% endif %}{% endblock %}\n"
    template.write_text(text, "utf-8")
    for path in ("prompt/quote", "prompt"):
        said = {"section": "style", "text": "{% if product.name %}x", "alone": False}
        assert studio(root).send(f"{sheet}/{path}", said).status_code == 400
    assert template.read_text("utf-8") == text
    assert not list(template.parent.glob(".*"))


def test_blocks_are_read_where_they_stand() -> None:
    source = "{% extends 'base.j2' %}\n{# {% block no %} #}\nUse: {%- block use %}a{% block in %}b{% endblock in %}c{% endblock %}\n"
    found = blocks_of(source)
    assert {name: source[one.begin : one.end] for name, one in found.items()} == {
        "use": "a{% block in %}b{% endblock in %}c", "in": "b",
    }  # fmt: skip
    assert (found["use"].title, extended_by(source)) == ("Use", "base.j2")
    assert with_block(source, "in", "d") == source.replace("}b{", "}d{")
    assert with_block("x\n", "more", "d") == "x\n{% block more %}d{% endblock %}\n"
    assert code_added("{{ a }}{{ b }}", "{{ b }} words {{ a }}") == []
    assert code_added("{{ a }}", "{{ a }}{{ a }}") == ["{{ a }}"]
    assert literal("{{ x }} 5%") == "{{ '{{' }} x {{ '}}' }} 5%"
    for words in ("{{ x }} 5%", "a{}}b", '{"a": {}}', "{{{", "ends in {", "{% x %} {# y #}"):
        assert Environment().from_string(f"{{% if 1 %}}{literal(words)}{{% else %}}{{% endif %}}").render() == words
    assert code_added("", "ends in {") == ["{"]


def test_a_template_that_is_a_link_stays_one_and_nothing_outside_is_written(studio: Open, shop: Shop, tmp_path: Path) -> None:
    root, _, sheet = shop
    template = root / "templates" / "prompts" / "product-hero.j2"
    text, said = template.read_bytes(), {"section": "style", "text": "a woodcut", "alone": False}
    for target, status in ((template.with_name("shared.j2"), 200), (tmp_path / "shared.j2", 400)):
        target.write_bytes(text)
        template.unlink()
        template.symlink_to(target)
        answer = studio(root).send(f"{sheet}/prompt", said)
        assert answer.status_code == status
        assert template.is_symlink()
        assert (b"a woodcut" in target.read_bytes()) == (status == 200)
    assert answer.json()["findings"][0]["code"] == "outside-campaign"
    template.unlink()


def test_what_stands_for_a_picture_from_before_an_edit_is_what_its_layouts_show(studio: Open, shop: Shop) -> None:
    """The file was adopted for the old run's picture, and the layouts beside it showed the one that is asked for now."""
    root, _, sheet = shop
    visit, told = studio(root), "another picture by now"
    assert told not in visit.get(f"{sheet}/picture").text
    visit.send(f"{sheet}/prompt", {"section": "style", "text": "a woodcut", "alone": False})
    assert told in visit.get(f"{sheet}/picture").text
    black = io.BytesIO()
    Image.new("RGB", (1024, 1024)).save(black, "PNG")
    headers = {"x-csrf": visit.csrf, "accept": "application/json"}
    made = visit.client.post(f"{sheet}/adopt?name=black.png", content=black.getvalue(), headers=headers).json()
    assert made["other"]
    drawn = Image.open(io.BytesIO(visit.get(f"{sheet}/branch/{made['branch']}").content)).convert("RGB")
    assert max(drawn.resize((8, 8)).getpixel((4, 2))) < 40, "it is black"
    visit.send(f"{sheet}/adopt/undo", {})


def test_one_picture_is_meant_until_somebody_says_otherwise_and_is_run_from_the_page(
    browser_session: Any, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")
    root, server, sheet = shop
    browser, charges = browser_session, len(server.settle()["charges"])
    with serving(root) as address:
        browser.open(f"{address}/?token={TOKEN}")
        browser.open(f"{address}/language/en")  # whatever was looked at in this browser before
        browser.open(f"{address}{sheet}/prompt")
        assert browser.js("return document.querySelector('[name=scope]:checked').value") == "alone"
        browser.js("const form = document.getElementById('prompt-form'); form.section.value = 'style'; form.section.dispatchEvent(new Event('change')); form.text.value = 'a linocut'")
        browser.js("document.getElementById('prompt-form').requestSubmit()")
        browser.wait("!document.getElementById('keep').hidden")
        assert browser.text("#told").startswith("1 prompt changes; pictures that are not there yet: 1, about $0.")
        browser.js("document.getElementById('keep').click()")
        browser.wait("!document.getElementById('run').hidden")
        assert server.settle()["charges"] == server.settle()["charges"][:charges], "nothing is bought before"
        browser.js("document.getElementById('run').click()")
        browser.wait("document.querySelector('#told a')")
        until(lambda: len(list((root / "runs").glob("2*/manifest.json"))) == 2)
        browser.open(f"{address}/")
        browser.wait("document.querySelectorAll('table.runs tbody tr').length === 2")
        browser.open("about:blank")
    assert len(server.settle()["charges"]) == charges + 1


def test_what_differs_by_shape_stays_filled_in_shape_by_shape(tmp_path: Path) -> None:
    """An edit for one picture in every shape wrote what one shape says into the others."""
    write_campaign(tmp_path, "Plain")
    job = tmp_path / "jobs" / "first-run.yaml"
    text = job.read_text("utf-8")
    tall = "tall: {size: 1536x2304, space: top third, stage: [50%, 64%]}"
    assert tall in text
    job.write_text(text.replace(tall, tall.replace("top", "lower")).replace("{type: fpo}", "{type: openai, profile: rehearsal}"), "utf-8")
    project = load_project(job, registry)
    row = next(iter(expand_rows(project)))
    said = said_for(project, "hero", row.id)
    assert (said["subject"].of_code, said["motifs"].of_code) == (False, False)
    assert said["subject"].text == prompts_for(project, row)[0].request.prompt.partition("Subject: ")[2].partition("\n\n")[0]
    assert said["composition"].of_code
    assert "{{ master.stage }}" in said["composition"].text
    before = {one.id: [prompt.request.prompt for prompt in prompts_for(project, one)] for one in expand_rows(project)}

    def after(edit: PromptEdit) -> dict[str, list[str]]:
        write_edit(load_project(job, registry), edit)
        again = load_project(job, registry)
        return {one.id: [prompt.request.prompt for prompt in prompts_for(again, one)] for one in expand_rows(again)}

    for times in ("twice", "thrice"):  # written again, it does not grow
        words = said_for(load_project(job, registry), "hero", row.id)["composition"].text
        changed = after(PromptEdit("hero", "composition", f"seen {times}; {words.removeprefix('seen twice; ')}", row.id, of_code=True))
        product, _, season = row.id.split("/")
        for one, was in before.items():
            whole = [prompt.replace("from back to front: ", f"from back to front: seen {times}; ") for prompt in was]
            assert changed[one] == (whole if one.split("/")[::2] == [product, season] else was)
    template = (tmp_path / "templates" / "prompts" / "product-hero.j2").read_text("utf-8")
    assert template.count("{% if ") == 1
    # What is written for the template is for all others, and says nothing of the conditions of single ones.
    [section] = [one for one in sections_of(load_project(job, registry), "hero") if one.name == "composition"]
    others = Alternatives.of(section.source).others.strip()
    assert others.startswith("{{ season.scene }}")
    changed = after(PromptEdit("hero", "composition", f"for all; {others}"))
    assert "from back to front: seen thrice; " in changed[row.id][0]
    assert sum("from back to front: for all; " in one[0] for one in changed.values()) == sum(one.split("/")[::2] != [product, season] for one in before)


def test_a_picture_is_told_from_others_by_what_values_and_themes_take_from_its_row(tmp_path: Path) -> None:
    write_campaign(tmp_path, "Plain")
    job, template = tmp_path / "jobs" / "first-run.yaml", tmp_path / "templates" / "prompts" / "product-hero.j2"
    text = job.read_text("utf-8").replace("{type: fpo}", "{type: openai, profile: rehearsal}")
    job.write_text(text.replace("\nvalues:\n", "\nvalues:\n  place: region.locale\n", 1), "utf-8")
    template.write_text("{% extends 'base.j2' %}\n{% block subject %}a shop in {{ place }}{% endblock %}\n", "utf-8")
    project = load_project(job, registry)
    assert not is_for_all(project, "hero")
    row = next(iter(expand_rows(project)))
    write_edit(project, PromptEdit("hero", "subject", "a market", row.id))
    again = load_project(job, registry)
    found = {one.id: "a market" in prompts_for(again, one)[0].request.prompt for one in expand_rows(again)}
    assert {one for one, is_so in found.items() if is_so} == {row.id}  # by its place, and by the theme of its product
