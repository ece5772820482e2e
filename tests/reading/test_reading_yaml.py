"""YAML 1.2 core values, and positions that lead back to what was written."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pressrun.model.finding import Place
from pressrun.readers.composed_text import composed
from pressrun.readers.yaml_source import YamlSource, core_value, parse_yaml, read_yaml


def _parsed(text: str) -> YamlSource:
    source, findings = parse_yaml(text, "a.yaml")
    assert findings == []
    assert source is not None
    return source


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("16:9", "16:9"),
        ("0123", 123),
        ("-7", -7),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("-.inf", -math.inf),
        ("~", None),
        ("", None),
        ("null", None),
        ("NULL", None),
        ("nUll", "nUll"),
        ("2027-03-01", "2027-03-01"),
        ("1.2.3", "1.2.3"),
        ("٣", "٣"),
        ("+", "+"),
        ("=", "="),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_plain_words_mean_what_yaml_1_2_says(word: str, value: Any) -> None:
    assert core_value(word) == value
    assert type(core_value(word)) is type(value)
    assert type(_parsed(f"a: {word}\n").data["a"]) is type(value)


def test_quotes_and_tags_make_text() -> None:
    assert _parsed("a: '12'\nb: \"true\"\nc: !!str 12\nd: !!float 3\ne: |\n  12\n").data == {
        "a": "12",
        "b": "true",
        "c": "12",
        "d": 3.0,
        "e": "12\n",
    }


def test_keys_are_text_as_written() -> None:
    assert _parsed("NO: 1\n0123: 2\ntrue: 3\n").data == {"NO": 1, "0123": 2, "true": 3}


def test_places() -> None:
    source = _parsed("name: x\nlayers:\n  - {id: 'head', box: {x: 1}}\n  - |\n    text\n")
    assert source.place(("name",)) == Place("a.yaml", 1, 7)
    assert source.key_place(("name",)) == Place("a.yaml", 1, 1)
    assert source.place(("layers",)) == Place("a.yaml", 2, 1)
    assert source.place(("layers", 0)) == Place("a.yaml", 3, 5)
    assert source.place(("layers", 0, "box")) == Place("a.yaml", 3, 18)
    assert source.place(("layers", 0, "box", "y")) == Place("a.yaml", 3, 18)
    assert source.text_place(("layers", 0, "id")) == Place("a.yaml", 3, 11)
    assert source.text_place(("layers", 1)) == Place("a.yaml", 5)
    assert source.place(("nowhere",)) == Place("a.yaml", 1, 1)


def test_an_alias_is_placed_where_it_is_used_and_its_parts_where_they_are_written() -> None:
    source = _parsed("a: &a {x: 1}\nb: *a\n")
    assert source.data["b"] == {"x": 1}
    assert source.positions[("b",)] == (2, 4)
    assert source.positions[("b", "x")] == (1, 11)


def test_an_empty_file_is_nothing() -> None:
    assert _parsed("").data is None
    assert _parsed("# only a comment\n").data is None


def test_byte_order_mark_and_crlf(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    source, findings = read_yaml(tmp_path / "a.yaml", "a.yaml")
    assert findings == []
    assert source is not None
    assert source.data == {"a": 1, "b": 2}
    assert source.key_place(("b",)) == Place("a.yaml", 2, 1)


def test_a_missing_file_is_told_where_it_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "brand.yaml").write_text("a: 1\n")
    place = Place("job.yaml", 3, 8)
    _, [finding] = read_yaml(tmp_path / "brnad.yaml", "brnad.yaml", asked_at=place)
    assert (finding.code, finding.place, finding.hint) == ("missing-file", place, "did you mean 'brand.yaml'?")
    _, [folder] = read_yaml(tmp_path, "here")
    assert folder.code == "missing-file"
    _, [deep] = read_yaml(tmp_path / "brand.yml" / "x.yaml", "x.yaml")
    assert deep.code == "missing-file"


# Letters are put together where they are read, which has its own tests.
_texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12).map(composed)
_scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _texts
_data = st.recursive(_scalars, lambda inner: st.lists(inner) | st.dictionaries(_texts, inner), max_leaves=12)


class _Dumper(yaml.SafeDumper):
    """Writes what YAML 1.2 reads back: every text in quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _float(dumper: yaml.SafeDumper, value: float) -> yaml.Node:
    return dumper.represent_scalar(
        "tag:yaml.org,2002:float", repr(value) if math.isfinite(value) else f"{value:+}"[0] + ".inf"
    )


_Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
_Dumper.add_representer(float, _float)


@given(_data, st.booleans())
def test_data_survives_and_every_position_leads_to_its_text(data: Any, flow: bool) -> None:
    text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, default_flow_style=flow, width=10_000)
    source = _parsed(text)
    assert source.data == data
    lines = text.split("\n")
    for path, (line, column) in source.positions.items():
        value = source.at(path)
        rest = lines[line - 1][column - 1 :]
        if isinstance(value, str):
            assert rest.startswith('"')
        elif isinstance(value, bool) or value is None:
            assert rest.startswith(("true", "false", "null", "..."))
        elif isinstance(value, int):
            assert rest.startswith(str(value))
        if path and isinstance(path[-1], str):
            key_line, key_column = source.key_positions[path]
            assert lines[key_line - 1][key_column - 1] in '"?'


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    source, findings = parse_yaml(text, "a.yaml")
    assert source is not None or findings
    assert all(finding.place for finding in findings)


@pytest.mark.parametrize(
    ("line", "is_value"),
    [
        ("layers: [{type: text, when: kind in ['guest', 'artist'], text: a}]", True),
        ("layers: [{type: text, lines: 2, text: a", False),
    ],
)
def test_a_list_within_an_unquoted_value_is_to_be_put_in_quotes(line: str, is_value: bool) -> None:
    _, findings = parse_yaml(f"{line}\nname: x\n", "a.yaml")
    assert [str(one.hint).startswith("put a value that has [ in it in quotes") for one in findings] == [is_value]


@pytest.mark.parametrize("line", ["text: 'it's here'", "{type: text, text: 'it's here', size: 9pt}", "- 'a \"b\" it's'"])
def test_an_apostrophe_that_ends_a_text_is_told_with_what_to_write(line: str) -> None:
    source, [fault] = parse_yaml(f"layers:\n{line}\n", "card.yaml")
    assert source is None
    assert fault.code == "yaml-syntax"
    assert fault.place == Place("card.yaml", 2, line.index("'s") + 2)
    assert "apostrophe of it's" in fault.message
    assert "it''s" in (fault.hint or "")
