"""Every bad file under cases/ brings exactly the findings written beside it, and says them in plain words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import reading_cases as cases
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from pressrun.model.finding import Finding, Place
from pressrun.readers.table import read_table
from pressrun.readers.validation import validate
from pressrun.readers.yaml_source import KeyPath, read_yaml


def _names(folder: Path) -> str:
    return folder.name


def _check(found: list[Finding], folder: Path) -> None:
    wanted = cases.expected(folder)
    assert cases.told(found, wanted) == wanted, "\n".join(map(str, found))
    for finding in found:
        message = finding.message.lower()
        assert not any(word in message for word in ("input", "valid ", "union", "pydantic", "tuple", "dict"))
        assert not finding.message.endswith(".")


@pytest.mark.parametrize("folder", cases.folders("yaml"), ids=_names)
def test_bad_yaml(folder: Path) -> None:
    source, findings = read_yaml(folder / "input.yaml", "input.yaml")
    _check(findings, folder)
    assert source is not None or findings


def _job(path: KeyPath) -> Place:
    return Place("job:" + ".".join(str(step) for step in path))


@pytest.mark.parametrize("folder", cases.folders("table"), ids=_names)
def test_bad_tables(folder: Path) -> None:
    _, findings = read_table(folder / "input.csv", "sheet.csv", place_of=_job, **cases.options(folder))
    _check(findings, folder)


def _length(value: Any) -> float:
    if isinstance(value, str) and value.endswith("mm"):
        return float(value.removesuffix("mm")) * 72 / 25.4
    raise ValueError(f"{value!r} is not a length; write a number with mm.")


def _color(value: str) -> str:
    if value != "reel":
        hint = "did you mean 'reel'?"
        raise PydanticCustomError("unknown_color", "there is no color '{name}'", {"name": value, "hint": hint})
    return value


Length = Annotated[float, BeforeValidator(_length)]
Color = Annotated[str, AfterValidator(_color)]


class _Authored(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Page(_Authored):
    trim: Literal["A4", "A5"] | tuple[Length, Length]
    bleed: Length = 0


class _Text(_Authored):
    type: Literal["text"]
    text: str
    height: float = Field(default=1, ge=0)
    size: Length | tuple[Length, Length] = 12

    @model_validator(mode="after")
    def _clean(self) -> _Text:
        if "bad" in self.text:
            raise ValueError("this text is bad")
        return self


class _Image(_Authored):
    type: Literal["image"]
    picture: str
    fit: Literal["cover", "contain"] = "cover"


class _Prompted(_Authored):
    prompt: str
    takes: int = 1


class _Given(_Authored):
    file: str


class _Sheet(_Authored):
    name: str
    page: _Page
    layers: list[Annotated[_Text | _Image, Field(discriminator="type")]]
    slots: dict[str, _Prompted | _Given] = {}
    stage: tuple[float, float] = (0, 0)
    launch: date | None = None
    amount: Decimal = Decimal(0)
    exact: int = 0
    on: bool = False
    names: tuple[str, ...] = Field(default=("x",), min_length=1)
    spare: dict[Annotated[str, StringConstraints(pattern=r"^\w+$")], Color] = {}


@pytest.mark.parametrize("folder", cases.folders("model"), ids=_names)
def test_bad_models(folder: Path) -> None:
    source, findings = read_yaml(folder / "input.yaml", "input.yaml")
    assert source is not None
    assert findings == []
    built, findings = validate(_Sheet, source)
    _check(findings, folder)
    assert (built is None) == bool(findings)


def test_a_part_of_a_file_is_validated_at_its_own_place(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("layers:\n  - {type: text, text: a}\n  - {type: text, txet: b}\n")
    source, _ = read_yaml(tmp_path / "a.yaml", "a.yaml")
    assert source is not None
    assert validate(_Text, source, ("layers", 0))[0] == _Text(type="text", text="a")
    _, [finding] = validate(_Text, source, ("layers", 1))
    assert (finding.code, str(finding.place)) == ("unknown-key", "a.yaml:3:18")
