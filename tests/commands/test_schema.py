"""`schema`: what the models take, the schemas take, and no more."""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pressrun import registry
from pressrun.commands.json_schemas import MODELS, EditorSchema, schema
from pressrun.commands.schema import KINDS
from pressrun.model.run_record import RunReport
from pressrun.readers.yaml_source import read_yaml

REPOSITORY = Path(__file__).parents[2]
WRITTEN = [
    *(("brand", path) for path in sorted(REPOSITORY.glob("brands/*/brand.yaml"))),
    *(("layout", path) for path in sorted(REPOSITORY.glob("templates/layouts/*/*.yaml"))),
    *(("part", path) for path in sorted(REPOSITORY.glob("templates/parts/**/*.yaml"))),
    *(("job", path) for path in sorted(REPOSITORY.glob("jobs/*.yaml"))),
]
ARRANGED = Path(__file__).parents[1] / "load" / "arranged"
PUT_TOGETHER = [
    *(("layout", path) for path in sorted(ARRANGED.glob("*/templates/layouts/**/*.yaml"))),
    *(("part", path) for path in sorted(ARRANGED.glob("*/templates/parts/**/*.yaml"))),
]


def data_of(path: Path) -> Any:
    source, findings = read_yaml(path)
    assert source is not None, findings
    return source.data


def faults(kind: str, data: Any) -> list[str]:
    return [error.json_path for error in Draft202012Validator(schema(kind)).iter_errors(data)]


@pytest.mark.parametrize(("kind", "path"), WRITTEN, ids=lambda value: value.stem if isinstance(value, Path) else value)
def test_every_file_of_the_repository_is_valid(kind: str, path: Path) -> None:
    assert faults(kind, data_of(path)) == []


@pytest.mark.parametrize(
    ("kind", "path"), PUT_TOGETHER, ids=lambda value: "/".join(value.parts[-4:]) if isinstance(value, Path) else value
)
def test_layouts_that_are_put_together_are_valid(kind: str, path: Path) -> None:
    assert faults(kind, data_of(path)) == []


@pytest.mark.parametrize(
    ("written", "where"),
    [
        ({"extends": "social/base"}, []),
        ({"extend": "social/base"}, ["$", "$"]),  # the key, and what a layout of its own must have
        ({"extends": "social/base", "page": "instagram-stroy"}, ["$.page"]),
        ({"extends": "b", "overrides": [{"locale": "de", "chnge": {}}]}, ["$.overrides[0]"]),
        ({"extends": "b", "add": [{"above": "x", "layers": [{"use": "parts/x", "wiht": {}}]}]}, ["$.add[0].layers[0]"]),
        ({"extends": "b", "add": [{"layers": [{"type": "shape", "box": {"x": "$x", "y": "$"}}]}]},
         ["$.add[0].layers[0].box.y"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_one_is_found_where_it_is(written: Any, where: list[str]) -> None:
    assert faults("layout", written) == where


def test_the_starter_is_valid(campaign: tuple[Path, RunReport]) -> None:
    root = campaign[0]
    assert faults("job", data_of(root / "jobs" / "first-run.yaml")) == []
    [brand] = root.glob("brands/*/brand.yaml")
    assert faults("brand", data_of(brand)) == []


@pytest.mark.parametrize("kind", MODELS)
def test_the_schemas_are_schemas(kind: str) -> None:
    drawn = schema(kind)
    assert drawn["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(drawn)


@pytest.mark.parametrize("kind", MODELS)
def test_no_parser_of_the_models_is_unknown(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new parser in front of a type needs a line in PARSED, or editors complain of what is right."""
    unseen: list[str] = []
    ask = EditorSchema._with_shorthand

    def told(self: EditorSchema, function: Callable[..., Any], inner: Any) -> Any:
        answer = ask(self, function, inner)
        unseen.extend(self.unseen)
        return answer

    monkeypatch.setattr(EditorSchema, "_with_shorthand", told)
    text = json.dumps(schema(kind))
    assert unseen == []
    assert '"unit"' not in text  # a length drawn as the object it becomes


LAYOUT = {
    "page": {"trim": "A5", "bleed": "3mm", "safe": ["5mm", "5mm", "8mm", 0]},
    "target": "print",
    "formats": ["press-pdf"],
    "layers": [
        {"type": "image", "picture": "hero", "box": {"in": "bleed", "y": "50%"}, "focus": ["50%", 0.2]},
        {"type": "text", "text": "{{ x }}", "size": ["8pt", "12pt"], "color": ["paper", "ink"]},
        {"type": "text", "text": "{{ x }}", "size": "8pt", "color": "ink"},
    ],
}


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    data: Any = copy.deepcopy(LAYOUT)
    at = data
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return data  # type: ignore[no-any-return]


def test_the_sample_layout_is_valid_for_both() -> None:
    assert faults("layout", LAYOUT) == []
    registry.layout_model().model_validate(LAYOUT)


@pytest.mark.parametrize(
    "page", ["a5", "instagram-story", {"size": "A5", "bleed": "3mm"}, {"size": "tiktok", "safe": 0}, {"trim": "a5"}]
)
def test_a_page_may_be_a_name(page: Any) -> None:
    data = changed(("page",), page)
    assert faults("layout", data) == []
    registry.layout_model().model_validate(data)


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("pge",), {}, "$"),
        (("layers", 0, "pitcure"), "hero", "$.layers[0]"),
        (("layers", 0, "type"), "imgae", "$.layers[0].type"),
        (("layers", 1, "size"), "8", "$.layers[1].size"),
        (("layers", 1, "size"), 8, "$.layers[1].size"),
        (("layers", 1, "size"), ["8pt", "9pt", "10pt"], "$.layers[1].size"),
        (("layers", 1, "lines"), 0, "$.layers[1].lines"),
        (("layers", 0, "box", "in"), "margin", "$.layers[0].box.in"),
        (("layers", 0, "box", "x"), "3 mmm", "$.layers[0].box.x"),
        (("page", "trim"), "A55", "$.page.trim"),
        (("page", "safe"), ["5mm"], "$.page.safe"),
        (("page",), "A55", "$.page"),
        (("page",), {"bleed": "3mm"}, "$.page"),
        (("page",), {"size": "A5", "trim": "A5"}, "$.page"),
        (("page",), {"size": "A55"}, "$.page.size"),
        (("target",), "paper", "$.target"),
    ],
)
def test_a_fault_is_found_where_it_is_and_the_model_agrees(path: tuple[Any, ...], value: Any, where: str) -> None:
    data = changed(path, value)
    assert faults("layout", data) == [where]
    with pytest.raises(ValueError, match="validation error"):
        registry.layout_model().model_validate(data)


@pytest.mark.parametrize(
    ("key", "value"),
    [("srgb", "#12345"), ("srgb", "red"), ("cmyk", [0, 0, 0]), ("cmyk", [0, 0, 0, 101]), ("spott", "x")],
)
def test_colours(key: str, value: Any) -> None:
    [path] = REPOSITORY.glob("brands/northlight/brand.yaml")
    data = data_of(path)
    data["palette"]["primary"][key] = value
    assert all(fault.startswith("$.palette.primary") for fault in faults("brand", data))
    assert faults("brand", data)


@pytest.mark.parametrize("kind", MODELS)
def test_what_a_format_asks_for_is_a_pattern_too(kind: str) -> None:
    """Editors and validators take ``format`` for a remark: 1.3.2027 would be a date."""

    def walk(drawn: Any, path: str = "$") -> Iterator[str]:
        if isinstance(drawn, dict):
            if isinstance(drawn.get("format"), str) and "pattern" not in drawn:
                yield path
            for key, inner in drawn.items():
                yield from walk(inner, f"{path}.{key}")
        elif isinstance(drawn, list):
            for index, inner in enumerate(drawn):
                yield from walk(inner, f"{path}[{index}]")

    assert list(walk(schema(kind))) == []


@pytest.mark.parametrize("date", ["1.3.2027", "2027-3-1", "March 2027", "2027-03-01T00:00"])
def test_a_date_is_written_one_way(date: str) -> None:
    job = data_of(REPOSITORY / "jobs/spring-launch.yaml")
    assert faults("job", {**job, "date": date}) == ["$.date"]
    assert faults("job", {**job, "date": "2027-03-01"}) == []


def test_formats_are_those_there_are() -> None:
    assert faults("layout", changed(("formats",), ["pdf"])) == ["$.formats[0]"]


def test_the_kinds_of_the_command_are_those_of_the_models() -> None:
    assert set(KINDS) == set(MODELS)


def test_every_entry_of_the_open_sets_is_in_it() -> None:
    layout, job = json.dumps(schema("layout")), json.dumps(schema("job"))
    for name in (*registry.LAYERS, *registry.FORMATS):
        assert f'"{name}"' in layout
    for name in (*registry.PROVIDERS, *registry.STEPS):
        assert f'"{name}"' in job


def test_editors_are_told_what_things_are() -> None:
    drawn = schema("layout")
    assert drawn["description"]
    assert "`" in drawn["$defs"]["TextLayer"]["description"]
    assert "``" not in json.dumps(drawn)


def test_defaults_are_as_one_would_write_them() -> None:
    drawn = schema("layout")
    page = drawn["$defs"]["Page"]["else"]["properties"]
    assert (page["bleed"]["default"], page["safe"]["default"]) == (0, 0)
    for kind in MODELS:
        Draft202012Validator(schema(kind))
    for definition in drawn["$defs"].values():
        for name, entry in definition.get("properties", {}).items():
            if entry.get("default") is not None:
                Draft202012Validator({**entry, "$defs": drawn["$defs"]}).validate(entry["default"]), name


def test_the_command(pressrun: Any, tmp_path: Path) -> None:
    for kind in MODELS:
        assert json.loads(pressrun("schema", kind).stdout) == schema(kind)
    (tmp_path / "brands").mkdir()
    result = pressrun("schema", "--out", tmp_path / "schemas")
    assert result.exit_code == 0
    assert "# yaml-language-server: $schema=../schemas/job.schema.json" in result.output
    assert "# yaml-language-server: $schema=../../../schemas/layout.schema.json" in result.output
    assert sorted(path.name for path in (tmp_path / "schemas").iterdir()) == [
        f"{kind}.schema.json" for kind in sorted(MODELS)
    ]


def test_mistakes(process: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for arguments in (["schema"], ["schema", "brnad"], ["schema", "--out", "file"]):
        done = process(*arguments, cwd=tmp_path)
        assert done.returncode == 2, arguments
        assert "Traceback" not in done.stderr
