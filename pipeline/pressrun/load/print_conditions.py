"""The printing conditions that a brand or a job names: their profiles are there and can be used, which is told before
anything is made for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pressrun.graphics.color.inks import load_profile
from pressrun.load.campaign_reader import Reader
from pressrun.model.brand import Brand
from pressrun.model.color import Swatch
from pressrun.model.errors import MissingTool
from pressrun.model.job import Job
from pressrun.model.printing_conditions import PrintConditions, known_conditions, shipped_profiles
from pressrun.readers.suggestion import closest
from pressrun.readers.yaml_source import KeyPath, YamlSource


def check_condition(
    reader: Reader, folder: Path, conditions: PrintConditions, source: YamlSource, at: KeyPath
) -> None:  # fmt: skip
    """What a condition names can be used; ``at`` is where it is written."""
    name, condition = conditions.profile, conditions.condition
    try:
        load_profile(name, folder)
    except MissingTool as fault:
        reader.error("unusable-profile", fault.message, source.place((*at, "profile")), fault.hint)
    else:
        if name not in shipped_profiles():
            reader.remember(folder / name)
    place = source.place((*at, "condition"))
    built_for = shipped_profiles().get(name)
    if built_for and condition != built_for.name:
        message = f"the profile {name} is for {built_for.name}, not for {condition}"
        hint = f"write the one that you print by: leave condition out, or name the profile of {condition}"
        reader.error("other-condition", message, place, hint)
    elif condition and condition not in known_conditions():
        near = closest(condition, known_conditions())
        hint = f"did you mean '{near}'?" if near else "well, if your printer says so: the file will name it as it is"
        reader.warn("unknown-condition", f"'{condition}' is no registered condition that is known here", place, hint)


def check_inks(
    reader: Reader, palette: Mapping[str, Swatch], conditions: PrintConditions, source: YamlSource, named: str = ""
) -> None:  # fmt: skip
    """No colour of the palette has more ink than the paper takes. With the ``named`` condition of a job, whose file
    ``source`` is, that is no more than a warning: nothing says yet that the colour is on what is printed for it."""
    for name, swatch in palette.items():
        total, most = sum(swatch.cmyk), conditions.total_ink
        if total <= most:
            continue
        if named:
            message = f"'{name}' of the palette has {total:g} % of ink, more than the {most:g} % of {named}"
            hint = "keep it off what is printed for it, or lower its cmyk in the brand"
            reader.warn("too-much-ink", message, source.place(("print",)), hint)
        else:
            message = f"'{name}' has {total:g} % of ink, more than the {most:g} % that the print conditions take"
            reader.error("too-much-ink", message, source.place(("palette", name, "cmyk")), "lower cmyk")


def check_job_print(reader: Reader, folder: Path, brand: Brand, job: Job, source: YamlSource) -> None:
    """A job's own conditions: each is checked as a brand's is, and against the brand's palette."""
    if job.print is None:
        return
    for name, conditions in job.print.over(brand.print).items():
        at: KeyPath = ("print", "conditions", name) if name else ("print",)
        check_condition(reader, folder, conditions, source, at)
        check_inks(reader, brand.palette, conditions, source, name or conditions.condition or conditions.profile)
