"""A brand as its designers write it in ``brand.yaml``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pressrun.model.color import Swatch
from pressrun.model.locale import from_general


class Authored(BaseModel):
    """Base of everything people write: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Role(Authored):
    """How one typographic role is set. ``leading`` baseline to baseline in em, ``tracking`` in em."""

    family: str = "FiraGO"
    weight: int = Field(default=400, ge=100, le=900)
    style: Literal["normal", "italic"] = "normal"
    leading: float = Field(default=1.3, gt=0.5, lt=4)
    tracking: float = Field(default=0.0, gt=-0.5, lt=2)
    transform: Literal["none", "upper"] = "none"
    fallbacks: tuple[str, ...] = ()


class RoleOverride(Authored):
    """What differs from a role in one language; anything left out stays."""

    family: str | None = None
    weight: int | None = Field(default=None, ge=100, le=900)
    style: Literal["normal", "italic"] | None = None
    leading: float | None = Field(default=None, gt=0.5, lt=4)
    tracking: float | None = Field(default=None, gt=-0.5, lt=2)
    transform: Literal["none", "upper"] | None = None
    fallbacks: tuple[str, ...] | None = None


class LocaleOverrides(Authored):
    typography: dict[str, RoleOverride] = {}


class Style(Authored):
    """The words every prompt repeats, so that pictures of one brand look like one brand."""

    medium: str = ""
    lighting: str = ""
    terms: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()


class Theme(Authored):
    """A preset world of a brand; ``palette`` names palette colours, the dominant one first."""

    setting: str = ""
    lighting: str = ""
    composition: str = ""
    terms: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    palette: tuple[str, ...] = ()


class PrintConditions(Authored):
    """``profile``: a shipped profile's name or a path; ``total_ink`` in percent."""

    profile: str = "fogra39-300"
    total_ink: float = Field(default=300, gt=100, le=400)


class Character(Authored):
    """A person, animal or thing that comes back: whatever prompt has the ``name`` gets the whole description with it,
    and the reference pictures (paths from the brand's folder or the job's)."""

    name: str = Field(min_length=1)
    description: str = Field(min_length=1)
    references: tuple[str, ...] = ()


def _resolve_aliases(palette: Any) -> Any:
    """A colour may be another's name (``tint: sand``), so that layouts of one house fit several brands."""
    if not isinstance(palette, dict):
        return palette
    resolved = dict(palette)
    for name, swatch in palette.items():
        if isinstance(swatch, str) and isinstance(palette.get(swatch), (dict, Swatch)):
            resolved[name] = palette[swatch]
    return resolved


class Brand(Authored):
    name: str
    palette: Annotated[dict[str, Swatch], BeforeValidator(_resolve_aliases)]
    typography: dict[str, Role]
    fonts: tuple[str, ...] = ()
    logos: dict[str, str] = {}
    motifs: tuple[str, ...] = ()
    style: Style = Style()
    themes: dict[str, Theme] = {}
    characters: dict[str, Character] = {}
    print: PrintConditions = PrintConditions()
    locales: dict[str, LocaleOverrides] = {}

    @model_validator(mode="after")
    def _has_paper_and_ink(self) -> Brand:
        missing = [name for name in ("paper", "ink") if name not in self.palette]
        if missing:
            raise ValueError(f"palette needs {' and '.join(missing)}: the colours of the ground and of plain text")
        return self

    def role(self, name: str, locale: str) -> Role:
        """The role as ``locale`` sets it: the language's overrides first, those of the exact locale last."""
        role = self.typography[name]
        for key in from_general(locale):
            overrides = self.locales.get(key)
            if overrides and name in overrides.typography:
                role = role.model_copy(update=overrides.typography[name].model_dump(exclude_none=True))
        return role
