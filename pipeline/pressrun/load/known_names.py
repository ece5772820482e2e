"""Names that jobs and layouts use of what is known elsewhere: palette colours in steps, checks by their levels."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pressrun.load.campaign_reader import Reader
from pressrun.model.brand import Brand
from pressrun.model.job import Job
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.yaml_source import YamlSource


def know_step_colors(reader: Reader, job: Job, brand: Brand, source: YamlSource) -> None:
    """Every colour that a retouching step names is in the palette."""
    for slot, options in job.pictures.items():
        for index, step in enumerate(options.steps):
            for used in step.references():
                if used.name not in brand.palette:
                    place = source.place(("pictures", slot, "steps", index, *used.path))
                    hint = did_you_mean(used.name, brand.palette, "palette")
                    reader.error("unknown-color", f"the palette has no '{used.name}'", place, hint)


def know_checks(reader: Reader, named: Iterable[str], known: Collection[str], source: YamlSource) -> None:
    """Every check whose level is set exists."""
    for name in named:
        if name not in known:
            hint = did_you_mean(name, known, "checks")
            reader.error("unknown-check", f"there is no check '{name}'", source.key_place(("checks", name)), hint)
