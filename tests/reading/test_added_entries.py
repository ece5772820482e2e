"""Entries written into somebody's YAML file, of which every other line stays as it was written."""

from __future__ import annotations

import pytest
import yaml

from pressrun.readers.yaml_writer import added

NEW = {"red": {"srgb": "#FF0000", "cmyk": [0, 100, 100, 0]}}

CASES = {
    "a-line-each": "name: A\npalette:   # ours\n  ink:    {srgb: x}   # text\n  tint: ink\n\n# below\nlast: 1\n",
    "values-of-several-lines": "palette:\n    ink:\n        srgb: x\n        cmyk:\n        - 1\n    wide: {a: 1,\n      b: 2}\nlast: 1\n",
    "at-the-end": "palette:\n  ink: {srgb: x}",
    "with-a-long-line": f"palette:\n  ink: {{srgb: x}}\nlong: {'word ' * 60}end\n",
    "with-carriage-returns": "palette:\r\n  ink: {srgb: x}\r\nlast: 1\r\n",
}


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_entries_are_added_and_no_line_is_touched(text: str) -> None:
    made = added(text, "palette", NEW)
    assert yaml.safe_load(made) == {**yaml.safe_load(text), "palette": {**yaml.safe_load(text)["palette"], **NEW}}
    new = [line for line in made.splitlines() if line not in text.splitlines()]
    assert [line.strip() for line in new] == ["red: {srgb: '#FF0000', cmyk: [0, 100, 100, 0]}"]
    assert [line for line in made.splitlines() if line not in new] == text.splitlines()


def test_a_mapping_on_one_line_takes_them_too() -> None:
    made = added("palette: {ink: {srgb: x}}\n", "palette", NEW)
    assert yaml.safe_load(made)["palette"] == {"ink": {"srgb": "x"}, **NEW}


def test_what_is_there_stays_as_it_is() -> None:
    text = "palette:\n  red: mine\n"
    assert added(text, "palette", NEW) == text
