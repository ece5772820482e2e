"""What a step of a job or a brand cannot be: told once, with the file and the line that say it, before anything is made."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import needed
import pytest
from one_card import Card
from picture_ways import saved

from pressrun.doors import Settings
from pressrun.model.errors import InputError
from pressrun.run.planned_job import prepare

sys.path.insert(0, str(Path(__file__).parents[1] / "steps"))

from own_networks import network

TABLE = b"LUT_3D_SIZE 2\n" + b"0 0 0\n" * 8
OWN = {"type": "cutout", "by": "learned", "model": "own.onnx", "input": [60, 40]}
FAULTS: dict[str, tuple[dict[str, Any], bytes, str, str]] = {
    "NaN": ({"type": "tone", "exposure": float("nan")}, b"", "invalid-value", "finite"),
    "without end": ({"type": "blur", "radius": float("inf")}, b"", "invalid-value", "finite"),
    "NaN in a list": ({**OWN, "mean": [0.5, float("nan"), 0.5]}, network(), "invalid-value", "finite"),
    "out of range": ({"type": "lut", "file": "look.cube", "strength": 2}, TABLE, "out-of-range", "strength"),
    "a LUT with missing rows": ({"type": "lut", "file": "look.cube"}, TABLE[:-6], "step-file", "8 rows of numbers"),
    "a LUT with a broken row": ({"type": "lut", "file": "look.cube"}, TABLE[:-6] + b"0 x 0\n", "step-file", "line 9"),
    "a LUT with NaN": ({"type": "lut", "file": "look.cube"}, TABLE[:-6] + b"0 nan 0\n", "step-file", "line 9"),
    "an empty LUT": ({"type": "lut", "file": "look.cube"}, b"", "step-file", "LUT_1D_SIZE or LUT_3D_SIZE"),
    "no LUT": ({"type": "lut", "file": "other.cube"}, TABLE, "missing-file", "other.cube"),
    "no model": ({**OWN, "model": "other.onnx"}, b"", "missing-file", "other.onnx"),
    "a mask that is no picture": ({"type": "mask", "file": "look.png"}, b"GIF89a", "step-file", "look.png"),
}
MODELS: dict[str, tuple[bytes, str]] = {
    "no network": (b"no network at all", "no network that ONNX Runtime can run"),
    "a network cut short": (network()[:-20], "no network that ONNX Runtime can run"),
    "the wrong colours": (network((1, 1, 40, 60)), "it takes 1 x 1 x 40 x 60"),
    "the wrong size": (network((1, 3, 320, 320)), "and not 1 x 3 x 40 x 60"),
}


def faults(card: Callable[..., Card], step: dict[str, Any], data: bytes, of_brand: bool = False) -> tuple[Any, str]:
    """The only finding of a job with such a step, and the line that it names; that its extra is missing, too,
    is not of it."""
    used = ["look"] if of_brand else [step]
    slot = {"prompt": "x.j2", "masters": {"one": {"size": "600x400"}}, "steps": used}
    plain = {"prompt": "x.j2", "masters": {"one": {"size": "600x400"}}}
    made = card(
        {"type": "image", "id": "p", "picture": "p", "box": {"in": "bleed"}},
        {"type": "image", "id": "q", "picture": "q", "box": {"width": "50%"}},
        brand={"recipes": {"look": [step]}} if of_brand else {},
        files={f"jobs/{name}": data for name in ("look.cube", "look.png", "own.onnx")} | {
            f"brands/lab/{name}": data for name in ("look.cube", "look.png", "own.onnx")
        } | {"templates/prompts/x.j2": b"a room", "jobs/good.jpg": saved("JPEG")},
        job={"pictures": {"p": slot, "q": plain}},
    )  # fmt: skip
    with pytest.raises(InputError) as refused:
        prepare(made.root / "jobs/job.yaml", Settings(inline=True))
    [told] = [one for one in refused.value.findings if one.code != "step-lacks"] or refused.value.findings
    assert told.place
    lines = (made.root / told.place.file).read_text("utf-8").splitlines()
    return told, lines[told.place.line - 1]


@pytest.mark.parametrize("of_brand", [False, True], ids=["of the job", "of the brand"])
@pytest.mark.parametrize("kind", FAULTS)
def test_what_a_step_cannot_be_is_told_at_its_line(card: Callable[..., Card], kind: str, of_brand: bool) -> None:
    step, data, code, said = FAULTS[kind]
    told, line = faults(card, step, data, of_brand)
    assert (told.code, said in told.message) == (code, True), told
    assert told.place.file == ("brands/lab/brand.yaml" if of_brand else "jobs/job.yaml")
    assert any(str(value).split(".")[0] in line for value in (*step, *step.values(), ".nan")), line


@pytest.mark.heavy
@pytest.mark.parametrize("kind", MODELS)
def test_a_network_of_another_shape_is_told_at_the_line_that_names_it(card: Callable[..., Card], kind: str) -> None:
    needed.package("onnxruntime")
    data, said = MODELS[kind]
    told, line = faults(card, OWN, data)
    assert (told.code, said in told.message) == ("step-file", True), told
    assert "own.onnx" in told.message
    assert "model: own.onnx" in line


@pytest.mark.parametrize(
    ("package", "step"),
    [("onnxruntime", {"type": "cutout", "by": "learned"}), ("ncnn", {"type": "upscale", "factor": 2, "by": "learned"})],
)
def test_an_extra_that_is_not_installed_is_told_where_a_step_asks_for_it(
    card: Callable[..., Card], monkeypatch: pytest.MonkeyPatch, package: str, step: dict[str, Any]
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    told, line = faults(card, step, b"")
    assert told.code == "step-lacks"
    assert "pip install" in told.hint
    assert any(word in line for word in ("cutout", "upscale", "learned"))


@pytest.mark.heavy
def test_a_network_that_answers_no_map_is_told_at_the_line_of_its_step(card: Callable[..., Card]) -> None:
    """It has the right shape, so that it is known only once it has looked at a picture."""
    needed.package("onnxruntime")
    steps = [{"type": "tone"}, OWN]
    made = card(
        {"type": "image", "id": "p", "picture": "p", "box": {"in": "bleed"}},
        files={"jobs/own.onnx": network(operator="Identity"), "templates/prompts/x.j2": b"a room"},
        job={"pictures": {"p": {"prompt": "x.j2", "masters": {"one": {"size": "600x400"}}, "steps": steps}}},
    )
    assert made.run().codes == ["picture-failed"]
    line = (made.root / "runs/latest/assets.jsonl").read_text("utf-8")
    [told] = json.loads(line)["findings"]
    assert "no map of one subject" in told["message"]
    assert told["place"]["file"] == "jobs/job.yaml"
    assert "type: cutout" in (made.root / "jobs/job.yaml").read_text("utf-8").splitlines()[told["place"]["line"] - 1]
