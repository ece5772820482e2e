"""What is sent along with a prompt, who comes back in it, and what it asks a picture to show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from pressrun.expand import expand_rows, prompts_for
from pressrun.model.errors import InputError
from pressrun.model.picture import PictureRequest
from pressrun.model.project import Project
from pressrun.providers.fpo import FpoProvider

PROJECT = Path(__file__).parents[2]
BASE = (PROJECT / "templates/prompts/base.j2").read_text("utf-8")
JOB, BRAND = "jobs/job.yaml", "brands/plain/brand.yaml"
SLOT = "    prompt: hero.j2\n"
HERO = '{% extends "base.j2" %}\n{% block subject %}SUBJECT{% endblock %}\n'


def request(project: Project) -> PictureRequest:
    return prompts_for(project, next(iter(expand_rows(project))))[0].request


def hero(subject: str, **more: str) -> dict[str, str]:
    """The campaign with the shipped base template and this subject."""
    blocks = "".join(f"{{% block {name} %}}{text}{{% endblock %}}\n" for name, text in more.items())
    return {"templates/prompts/base.j2": BASE, "templates/prompts/hero.j2": HERO.replace("SUBJECT", subject) + blocks}


CHARACTERS = (
    "characters:\n"
    "  mika: {name: Mika, description: 'a fox in a yellow raincoat', references: [packshots/mug.svg]}\n"
    "  otto: {name: Otto, description: 'an old heron, a friend of Mika'}\n"
    "pictures:\n"
)


def test_who_is_named_is_described_and_shown(project: Callable[..., Project]) -> None:
    edits = {JOB: {"pictures:\n": CHARACTERS}}
    asked = request(project(edits, hero("Mika boils {{ product.name }}")))
    assert "Mika, drawn exactly as in the reference pictures: a fox in a yellow raincoat" in asked.prompt
    assert "Otto" not in asked.prompt
    assert [reference.name for reference in asked.references] == ["mug.svg"]


def test_a_description_may_bring_somebody_along(project: Callable[..., Project]) -> None:
    asked = request(project({JOB: {"pictures:\n": CHARACTERS}}, hero("Otto and {{ product.name }}")))
    assert "a fox in a yellow raincoat; Otto, the same in every picture: an old heron" in asked.prompt


def test_a_part_of_a_word_names_nobody(project: Callable[..., Project]) -> None:
    asked = request(project({JOB: {"pictures:\n": CHARACTERS}}, hero("Mikado, mika and {{ product.name }}")))
    assert "Characters:" not in asked.prompt
    assert not asked.references


def test_the_jobs_character_wins_over_the_brands(project: Callable[..., Project]) -> None:
    edits = {JOB: {"pictures:\n": "characters: {mika: {name: Mika, description: a wolf}}\npictures:\n"}}
    files = hero("Mika with {{ product.name }}")
    brand = Path(__file__).parents[1] / "load/campaign" / BRAND
    files[BRAND] = brand.read_text("utf-8") + "\ncharacters: {mika: {name: Mika, description: a fox}}\n"
    assert "every picture: a wolf" in request(project(edits, files)).prompt


def test_a_characters_picture_must_be_there(project: Callable[..., Project]) -> None:
    with pytest.raises(InputError) as caught:
        project({JOB: {"pictures:\n": CHARACTERS.replace("mug.svg", "mugg.svg")}}, hero("Mika"))
    (finding,) = caught.value.findings
    assert (finding.code, str(finding.place)[:11]) == ("missing-picture", "jobs/job.ya")


def test_lettering_is_quoted_recorded_and_not_forbidden(project: Callable[..., Project]) -> None:
    files = hero("a sign with {{ product.name | text_in_image }} and {{ 'Best  before \"noon\"' | text_in_image }}")
    brand = (Path(__file__).parents[1] / "load/campaign" / BRAND).read_text("utf-8")
    files[BRAND] = f"{brand}\nstyle: {{avoid: [lettering, clutter]}}\n" if "style:" not in brand else brand
    loaded = project({}, files)
    asked = request(loaded)
    name = str(next(iter(expand_rows(loaded))).values["product"]["name"])
    assert asked.lettering == (name, 'Best before "noon"')
    assert f'"{name}" exactly as written' in asked.prompt
    assert 'the words “Best before "noon"” exactly as written' in asked.prompt
    assert "No lettering" not in asked.prompt
    assert "Avoid: lettering" not in asked.prompt
    assert "Lettering: only what stands in quotes" in asked.prompt


def test_no_lettering_unless_asked(project: Callable[..., Project]) -> None:
    asked = request(project({}, hero("{{ product.name }}")))
    assert asked.lettering == ()
    assert asked.prompt.endswith("No lettering, no logos, no watermarks, no frames.")


def test_lettering_is_no_part_of_the_key(project: Callable[..., Project]) -> None:
    asked = request(project({}, hero("{{ 'Tea' | text_in_image }} {{ product.name }}")))
    assert "lettering" not in FpoProvider().identity(asked)


def test_an_empty_text_cannot_be_shown(project: Callable[..., Project]) -> None:
    loaded = project({}, hero("{{ '' | text_in_image }} {{ product.name }}"))
    with pytest.raises(InputError) as caught:
        request(loaded)
    assert caught.value.findings[0].code == "empty-value"


def picture(path: Path, size: tuple[int, int], mode: str = "RGB") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size).save(path)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"GIF89a", "reference-kind"), (b"", "reference-kind"), (bytes(50 * 2**20), "reference-too-large")],
)
def test_references_that_cannot_be_sent(project: Callable[..., Project], content: bytes, code: str) -> None:
    loaded = project({JOB: {SLOT: SLOT + '    references: ["packshots/mug.svg"]\n'}}, hero("{{ product.name }}"))
    (loaded.brand_folder / "packshots/mug.svg").write_bytes(content)
    with pytest.raises(InputError) as caught:
        request(loaded)
    (finding,) = caught.value.findings
    assert finding.code == code
    assert finding.row
    assert finding.place is not None
    assert finding.place.line


@pytest.mark.parametrize(
    ("size", "mode", "code"),
    [((8, 8), "RGB", "mask-kind"), ((8, 4), "RGBA", "mask-size"), ((8, 8), "RGBA", ""), ((8, 8), "RGBA", "mask-shape")],
)
def test_a_mask_lies_on_the_first_reference(
    project: Callable[..., Project], tmp_path: Path, size: tuple[int, int], mode: str, code: str
) -> None:
    lines = '    references: ["packshots/photo.png"]\n    mask: packshots/mask.png\n'
    photo, mask = tmp_path / "photo.png", tmp_path / "mask.png"
    picture(photo, (8, 8))
    picture(mask, size, mode)

    def make() -> PictureRequest:
        written = SLOT + lines.replace("photo.png", "mug.svg").replace("mask.png", "kettle.svg")
        shape = {} if code == "mask-shape" else {"tall: {size: 64x96": "tall: {size: 96x96"}
        loaded = project({JOB: {SLOT: written, **shape}}, hero("{{ product.name }}"))
        (loaded.brand_folder / "packshots/mug.svg").write_bytes(photo.read_bytes())
        (loaded.brand_folder / "packshots/kettle.svg").write_bytes(mask.read_bytes())
        return request(loaded)

    if not code:
        assert make().mask is not None
        return
    with pytest.raises(InputError) as caught:
        make()
    assert [finding.code for finding in caught.value.findings] == [code]
