"""What a brand says in every prompt: its style, its themes, and who comes back."""

from __future__ import annotations

from pydantic import Field

from pressrun.model.authored import Authored


class SentPicture(Authored):
    """A picture that goes along with prompts, and what the model is to take from it."""

    file: str = Field(min_length=1, description="The picture; in a job a path or a template of one.")
    purpose: str = Field(
        default="", alias="for",
        description="What it is for, as the prompt says it: “take its light and grain, and draw nothing of it”.",
    )  # fmt: skip


class Style(Authored):
    """The words every prompt repeats, so that pictures of one brand look like one brand."""

    medium: str = Field(default="", description="What kind of picture it is, such as: editorial product photography.")
    lighting: str = Field(default="", description="How pictures of the brand are lit.")
    terms: tuple[str, ...] = Field(default=(), description="Words that every prompt has.")
    avoid: tuple[str, ...] = Field(default=(), description="What no picture may show.")
    use: str = Field(
        default="background picture for an advertisement",
        description="What pictures are meant for, which prompts say first.",
    )
    boards: tuple[SentPicture, ...] = Field(
        default=(), description="Style boards that go along with every prompt, from the brand's folder, numbered."
    )
    not_with: dict[str, tuple[str, ...]] = Field(
        default={},
        description="Words that fight each other in a prompt: `{photograph: [contour lines, drawing]}`.",
    )


class Theme(Authored):
    """A preset world of a brand; ``palette`` names palette colours, the dominant one first."""

    setting: str = Field(default="", description="Where the picture takes place.")
    lighting: str = Field(default="", description="How it is lit; in place of the style's.")
    composition: str = Field(default="", description="How it is composed: distance, angle, depth.")
    terms: tuple[str, ...] = Field(
        default=(),
        description="Words that prompts of this theme have besides those of the style.",
    )
    avoid: tuple[str, ...] = Field(default=(), description="What pictures of this theme may not show besides.")
    palette: tuple[str, ...] = Field(
        default=(),
        description="Colours of the brand's palette that rule the picture, the dominant one first.",
    )


class Character(Authored):
    """A person, animal or thing that comes back: whatever prompt has the ``name`` gets the whole description with it,
    and the reference pictures (paths from the brand's folder or the job's)."""

    name: str = Field(min_length=1, description="The name that prompts call it by.")
    description: str = Field(
        min_length=1,
        description="What it looks like, in full: it stands in every prompt that has the name.",
    )
    references: tuple[str, ...] = Field(
        default=(),
        description="Pictures of it that are sent along, from the brand's folder or the job's.",
    )
