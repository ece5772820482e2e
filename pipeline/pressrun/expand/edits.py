"""What is asked for where an approved picture is to be changed: by a fork, or as the variant of a job's set."""

from __future__ import annotations

from pressrun.model.picture import PictureRequest

INSTRUCTION, CHANGE = "instruction", "change"
"""The options by which a provider that sees no pictures learns what was asked of a fork, and of a variant."""


def change_told(change: str, space: str) -> str:
    """What is asked for, and what is not: a model that is told the change alone changes more than that. ``space`` is
    the part that stays calm for copy."""
    calm = f" The {space} stays calm and even in tone." if space else ""
    return (
        f"{change}\n\nChange this and nothing else. What it does not speak of stays as it is in the picture: "
        f"subject, composition, viewpoint, style and colours.{calm} Add no lettering, logos or frames that are not "
        "asked for."
    )


def unseen(asked: PictureRequest, changes: list[str], option: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The prompt and the options for a provider that sees no pictures: what was ``asked`` for the picture, with all
    ``changes`` behind it, the last of which it is told apart, as this ``option``."""
    return "\n\n".join((asked.prompt, *changes)), (*asked.options, (option, changes[-1]))
