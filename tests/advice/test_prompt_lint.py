"""What the lint says of a finished prompt, and what it leaves alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pressrun.model.brand import Brand, Style
from pressrun.model.picture import Brief, PictureRequest
from pressrun.model.plan import PictureTask
from pressrun.model.provider import ProviderOptions
from pressrun.plan.prompt_lint import lint_prompts
from pressrun.providers.fpo import FpoProvider
from pressrun.providers.openai import OpenAIProvider

FPO = FpoProvider()
BRAND = Brand.model_validate(
    {
        "name": "Plain",
        "palette": {
            "paper": {"srgb": "#FFFFFF", "cmyk": [0, 0, 0, 0]}, "ink": {"srgb": "#1A1A1A", "cmyk": [0, 0, 0, 99]},
        },
        "typography": {},
        "style": {"terms": ["warm"], "avoid": ["clutter"]},
        "themes": {"odd": {"terms": ["Steam"], "avoid": ["steam", "warm"]}, "even": {}},
    }
)  # fmt: skip


def task(prompt: str, theme: str = "even", row: str = "a/b", provider: ProviderOptions = FPO) -> PictureTask:
    brief = Brief("plain", (), (), theme, (), (), "", "", "", (0.5, 0.8))
    return PictureTask("k", "hero", "m", PictureRequest(prompt, (8, 8), brief), "p.j2", row, 1, Decimal(0), provider)


def codes(prompt: str, theme: str = "even") -> list[str]:
    return [finding.code for finding in lint_prompts(BRAND, [task(prompt, theme)])]


def test_a_sound_prompt() -> None:
    prompt = (
        "Subject: a cup without clutter, no steam\n\nPalette: white #ffffff, near-black #1A1A1A\n\n"
        "Room for copy: keep the top third calm, text will be set over it\n\nAvoid: clutter, steam\n\nNo lettering."
    )
    assert codes(prompt) == []


def test_terms_that_contradict_each_other_in_brand_and_theme() -> None:
    found = lint_prompts(BRAND, [task("Subject: a cup", "odd")])
    assert [(one.code, one.message.split("'")[3]) for one in found] == [
        ("contradictory-terms", "steam"), ("contradictory-terms", "warm"),
    ]  # fmt: skip
    assert {(str(one.place), one.row) for one in found} == {("templates/prompts/p.j2", "a/b")}


@pytest.mark.parametrize(
    ("prompt", "code"),
    [
        ("Subject: a cup in warm clutter\n\nAvoid: clutter, glare", "contradictory-terms"),
        ("Subject: a cup in #FF0000", "foreign-color"),
        ("Subject: a cup in #f00", "foreign-color"),
        ("Subject: {{ product.name }}", "leftover-markup"),
        ("Subject: {% if x %}", "leftover-markup"),
        ("Subject: <p>a cup</p>", "leftover-markup"),
        ("Subject: tea &amp; milk", "leftover-markup"),
        ("Subject: tea&#8239;", "leftover-markup"),
        ("Subject: a cup with the words Good Morning", "unquoted-text"),
        ("Subject: a sign reading OPEN", "unquoted-text"),
        ("Subject: a card that says hello", "unquoted-text"),
        ("Subject: a jar labelled Honey", "unquoted-text"),
        ("Subject: a poster, headline: Spring is here", "unquoted-text"),
    ],
)
def test_faults(prompt: str, code: str) -> None:
    assert codes(prompt) == [code]


@pytest.mark.parametrize(
    "prompt",
    [
        'Subject: a cup with the words "Good Morning" exactly as written',
        "Subject: a sign reading “OPEN”",
        "Subject: a labelled diagram, a well titled book, reading glasses",
        "Subject: the words of the wise, the word is out",
        "Subject: a cup, number #12 of 3 < 4 and 5 > 2, salt & pepper",
        'Subject: a label with the word "#FF0000" exactly as written',
        "Subject: anti-clutter shelves\n\nAvoid: clutter",
        'Subject: the word "clutter" exactly as written\n\nAvoid: clutter',
    ],
)
def test_what_is_left_alone(prompt: str) -> None:
    assert codes(prompt) == []


def test_longer_than_the_model_reads() -> None:
    provider = OpenAIProvider()
    limit = provider.prompt_limit(task("a").request)
    assert limit == 32_000
    assert [one.code for one in lint_prompts(BRAND, [task("a" * (limit + 1), provider=provider)])] == ["prompt-too-long"]
    assert codes("a" * 100_000) == []


def test_each_fault_is_told_once_a_template_at_its_first_row() -> None:
    tasks = [task(f"Subject: cup {row} <b>", row=row) for row in ("one", "two")]
    assert [one.row for one in lint_prompts(BRAND, tasks)] == ["one"]


def test_motifs_that_fight_the_medium() -> None:
    brand = BRAND.model_copy(update={"style": Style(not_with={"photograph": ("contour lines", "star")})})
    asked = "Style: a photograph, grainy\n\nMotifs, quietly: contour lines on paper"
    (found,) = lint_prompts(brand, [task(asked)])
    assert found.code == "fighting-terms"
    assert "'photograph' and 'contour lines'" in found.message
    for fine in ("Style: a photograph\n\nAvoid: contour lines", "Style: a photograph without contour lines", "Subject: star"):
        assert not lint_prompts(brand, [task(fine)])
