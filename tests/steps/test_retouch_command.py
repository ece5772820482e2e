"""`pressrun retouch`: steps done to any file, written beside nothing else."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image
from steps_kit import is_near, numbers, pattern

from pressrun.commands.cli import cli
from pressrun.model.errors import InputError
from pressrun.run import loose_pictures

BRAND = """name: Plain
palette:
  paper: {srgb: "#FFFFFF", cmyk: [0, 0, 0, 0]}
  ink: {srgb: "#102030", cmyk: [90, 70, 50, 40]}
typography: {}
recipes:
  look: [{type: crop, shape: "1:1"}, {type: duotone}]
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    pattern().save("shot.png")
    (tmp_path / "brands/plain").mkdir(parents=True)
    (tmp_path / "brands/plain/brand.yaml").write_text(BRAND)
    return tmp_path


def retouch(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit code, and the answer as machines get it."""
    said = CliRunner().invoke(cli, ["retouch", *arguments, "--json"], standalone_mode=False)
    if said.exception:
        raise said.exception
    return int(said.return_value), json.loads(said.stdout)


def codes(answer: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in answer["findings"]]


def test_steps_are_written_where_they_are_needed(here: Path) -> None:
    code, [answer] = retouch("shot.png", "--steps", '[{type: crop, shape: "1:1"}, {type: flip}]', "--to", "out")
    assert (code, answer["written"], answer["size"], answer["findings"]) == (0, "out/shot.png", [40, 40], [])
    with Image.open(here / "out/shot.png") as made:
        assert is_near(made, numbers(pattern())[:, 10:50][:, ::-1])
        assert made.info["icc_profile"]
    assert is_near(Image.open(here / "shot.png"), pattern())


@pytest.mark.parametrize("steps", ["look", "steps.yaml"])
def test_steps_are_a_recipe_of_the_brand_or_a_file(here: Path, steps: str) -> None:
    (here / "steps.yaml").write_text("recipes:\n  mine: [look]\nsteps: [mine]\n")
    code, [answer] = retouch("shot.png", "--steps", steps, "--brand", "plain", "--to", "out")
    assert (code, answer["size"]) == (0, [40, 40])
    with Image.open(here / "out/shot.png") as made:
        red, green, blue = numbers(made)[20, 20]
    assert red / 0xFF < green / 0xFF < blue / 0xFF  # on the way from ink to paper


def test_a_file_may_be_the_list_of_steps_alone(here: Path) -> None:
    (here / "steps.yaml").write_text('- {type: crop, shape: "1:1"}\n- {type: flip}\n')
    code, [answer] = retouch("shot.png", "--steps", "steps.yaml", "--to", "out")
    assert (code, answer["findings"]) == (0, [])
    (here / "steps.yaml").write_text('- {type: crop, shape: "1:1"}\n- {type: flop}\n')
    with pytest.raises(InputError) as caught:
        retouch("shot.png", "--steps", "steps.yaml", "--to", "out")
    [finding] = caught.value.findings
    assert finding.place
    assert finding.place.line == 2


def test_what_is_there_is_not_written_over(here: Path) -> None:
    for force, wanted in (((), []), ((), ["file-exists"]), (("--force",), [])):
        _, [answer] = retouch("shot.png", "--steps", "[{type: flip}]", "--to", "out", *force)
        assert codes(answer) == wanted
    code, [answer] = retouch("shot.png", "--steps", "[{type: flip}]", "--to", ".", "--force")
    assert (code, codes(answer)) == (1, ["file-exists"])
    assert is_near(Image.open(here / "shot.png"), pattern())


def test_the_original_of_another_file_is_not_written_over(here: Path) -> None:
    pattern().transpose(Image.Transpose.FLIP_TOP_BOTTOM).save("shot.bmp")
    code, answers = retouch("shot.bmp", "shot.png", "--steps", "[{type: flip}]", "--to", ".", "--force")
    assert (code, [codes(answer) for answer in answers]) == (1, [["file-exists"], ["file-exists"]])
    assert is_near(Image.open(here / "shot.png"), pattern())


def test_one_file_that_cannot_be_read_stops_no_other(here: Path) -> None:
    (here / "broken.png").write_bytes(b"no picture")
    code, answers = retouch("broken.png", "none.png", "shot.png", "--steps", "[{type: flip}]", "--to", "out")
    assert code == 1
    assert [codes(answer) for answer in answers] == [["picture-failed"], ["cannot-read"], []]
    assert all(finding["hint"] for answer in answers[:2] for finding in answer["findings"])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP"])
def test_a_file_that_is_cut_short_is_told_as_one_that_is_there(here: Path, kind: str) -> None:
    whole = io.BytesIO()
    Image.effect_noise((80, 80), 60).save(whole, kind)
    (here / "cut.dat").write_bytes(whole.getvalue()[: len(whole.getvalue()) * 2 // 3])
    _, [answer] = retouch("cut.dat", "--steps", "[{type: flip}]", "--to", "out")
    [finding] = answer["findings"]
    assert (finding["code"], finding["hint"]) == ("picture-failed", "save or send it again")
    assert "cut.dat cannot be decoded" in finding["message"]


@pytest.mark.parametrize("where", ["retouched", "written_as"])
def test_what_the_system_refuses_on_the_way_stops_no_other_file(
    here: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    works, calls = getattr(loose_pictures, where), iter((True, False))

    def refused(*said: Any) -> Any:
        if next(calls):
            raise OSError("encoder error -2 when writing image file")
        return works(*said)

    monkeypatch.setattr(loose_pictures, where, refused)
    pattern().save("second.png")
    code, answers = retouch("shot.png", "second.png", "--steps", "[{type: flip}]", "--to", "out")
    assert code == 1
    assert [codes(answer) for answer in answers] == [["picture-failed"], []]
    [finding] = answers[0]["findings"]
    assert finding["place"]["file"] == "shot.png"
    assert "encoder error -2" in finding["message"]


def test_a_folder_that_cannot_be_made_is_told_as_that(here: Path) -> None:
    (here / "file").write_bytes(b"")
    _, [answer] = retouch("shot.png", "--steps", "[{type: flip}]", "--to", "file/out")
    assert codes(answer) == ["cannot-write"]


@pytest.mark.parametrize(
    ("steps", "hint"),
    [
        ("[{type: krop}]", "did you mean 'crop'?"),
        ("[{type: zzz}]", "known: recipe, cutout, extend, crop,"),
        ("[{contrast: 1.1}]", "known: recipe, cutout, extend, crop,"),
        ("[{typ: tone}]", "did you mean 'type' where 'typ' stands?"),
    ],
)
def test_a_step_of_no_known_type_has_the_known_ones_as_its_hint(here: Path, steps: str, hint: str) -> None:
    with pytest.raises(InputError) as told:
        retouch("shot.png", "--steps", steps, "--to", "out")
    [finding] = told.value.findings
    assert (finding.hint or "").startswith(hint)


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ("[{type: crop, shape: wide}]", "wrong-form"),
        ("[{type: krop}]", "unknown-type"),
        ("[{type: crop, shape: '1:1', zoom: .nan}]", "invalid-value"),
        ("[{type: duotone, shadows: ink, lights: paper}]", "unknown-color"),
        ("nothing", "unknown-recipe"),
        ('{type: crop, shape: "0:1"}', "invalid-value"),
        ('{type: crop, shape: "4:0.0"}', "invalid-value"),
        ('{type: extend, shape: "1:0"}', "invalid-value"),
        ("[{type: flip", "yaml-syntax"),
        ("none.yaml", "missing-file"),
    ],
)
def test_bad_steps_are_told_before_anything_is_written(here: Path, steps: str, wanted: str) -> None:
    with pytest.raises(InputError) as told:
        retouch("shot.png", "--steps", steps, "--to", "out")
    assert wanted in {finding.code for finding in told.value.findings}
    assert not (here / "out").exists()


def test_a_list_without_a_step_is_told_and_colours_are_right_even_so(here: Path) -> None:
    """A file that no step decoded was written as if its numbers were sRGB's."""
    retouch("shot.png", "--steps", "[{type: flip}]", "--to", "wide", "--profile", "display-p3")
    Image.fromarray(numbers(pattern().convert("L")).astype("uint16") * 257).save(here / "wide/grey.png")
    said = CliRunner().invoke(cli, ["retouch", "wide/shot.png", "wide/grey.png", "--steps", "[]", "--to", "out"])
    assert said.exit_code == 0
    assert "warning: --steps: there are no steps" in said.stderr
    assert "[no-steps]" in said.stderr
    with Image.open(here / "out/shot.png") as made:
        assert abs(numbers(made) - numbers(pattern())[:, ::-1]).mean() < 1
    with Image.open(here / "out/grey.png") as made:
        assert is_near(made.convert("L"), pattern().convert("L"))


def test_a_step_by_its_name_alone_is_told_how_steps_are_written(here: Path) -> None:
    with pytest.raises(InputError) as told:
        retouch("shot.png", "--steps", "flip", "--to", "out")
    assert [finding.hint for finding in told.value.findings] == ["a step is written with its type: {type: flip}"]


@pytest.mark.parametrize(("kind", "ending"), [("png", "png"), ("jpeg", "jpg"), ("webp", "webp"), ("tiff", "tif")])
def test_every_kind_of_file_is_written_with_its_profile(here: Path, kind: str, ending: str) -> None:
    for profile in ("srgb", "display-p3"):
        retouch("shot.png", "--steps", "[{type: flip}]", "--to", "out", "--as", kind, "--profile", profile, "--force")
        with Image.open(here / f"out/shot.{ending}") as made:
            assert made.format == kind.upper()
            told = made.info["icc_profile"].decode("utf-16-be", "ignore") + made.info["icc_profile"][1:].decode(
                "utf-16-be", "ignore"
            )
            assert ("sRGB" if profile == "srgb" else "Display P3") in told


def test_colours_are_the_same_in_either_space(here: Path) -> None:
    retouch("shot.png", "--steps", "[{type: flip}]", "--to", "out", "--profile", "display-p3")
    retouch("out/shot.png", "--steps", "[{type: flip}]", "--to", "back")
    with Image.open(here / "out/shot.png") as wide, Image.open(here / "back/shot.png") as back:
        assert not is_near(wide, numbers(pattern())[:, ::-1], 8)
        assert abs(numbers(back) - numbers(pattern())).mean() < 1


def test_many_files_are_retouched_by_workers_and_told_in_their_order(here: Path) -> None:
    names = [f"{number}.png" for number in range(6)]
    for name in names:
        pattern().save(name)
    (here / "3.png").write_bytes(b"no picture")
    (here / "other").mkdir()
    pattern().save("other/1.png")
    asked = ["--steps", "[{type: flip}]", "--jobs", "2"]
    code, answers = retouch(*names, "other/1.png", *asked, "--to", "out")
    assert code == 1
    assert [one["file"] for one in answers] == [*names, "other/1.png"]
    assert [codes(one) for one in answers] == [[], [], [], ["picture-failed"], [], [], ["file-exists"]]
    assert sorted(path.name for path in (here / "out").iterdir()) == [name for name in names if name != "3.png"]
    retouch("0.png", *asked, "--to", "alone")
    assert (here / "out/0.png").read_bytes() == (here / "alone/0.png").read_bytes()
