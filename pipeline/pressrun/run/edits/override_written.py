"""An override written into the campaign's own file, with what stood there before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pressrun.expand import expand_rows
from pressrun.model.disk import write_authored
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.project import Project
from pressrun.model.settings import Settings
from pressrun.readers.yaml_source import parse_yaml
from pressrun.readers.yaml_writer import changed, in_line
from pressrun.run.overlays.overridden_sheets import GROUND, RENDERED, SHOWN, ground_of, shown_under
from pressrun.run.planned_job import load_job

SAID_IN = "--set"
HEAD = "# Changes to single sheets, made by hand. They are kept, whatever is made again around them.\n"


class SheetNamed(Struct, frozen=True):
    """The sheet that is changed, with its ``pictures`` as `pictures_told` tells them."""

    row: str
    layout: str
    take: int
    pictures: Mapping[str, str]


def setting_of(text: str) -> tuple[str, tuple[str, ...], Any]:
    """``headline.text=Hello`` as layer, key (and keys below it) and value: a text as it stands, all else as YAML.
    Raises ValueError."""
    way, equals, said = text.partition("=")
    layer, *keys = way.strip().split(".")
    if not equals or not layer or not keys or not all(keys):
        raise ValueError(f"'{text}' changes nothing: write LAYER.KEY=VALUE, such as headline.text=Hello")
    if keys[0] in RENDERED:
        return layer, tuple(keys), said
    source, findings = parse_yaml(f"value: {said}", "")
    if source is None or findings:
        raise ValueError(f"'{said}' cannot be read: write it as in a layout")
    return layer, tuple(keys), source.data["value"]


def write_override(
    job_file: Path, sheet: SheetNamed, settings: list[tuple[str, tuple[str, ...], Any]], note: str
) -> Path:
    """Write changes of a sheet into the job's overrides, or into a new file beside the job that it is told of. What is
    wrong with them is raised as InputError, and nothing is written. The answer is the file."""
    project = load_job(job_file, Settings())
    path = _file_of(project)
    before = {
        file: file.read_bytes() if file.is_file() else None for file in (path.resolve(), project.job_file.resolve())
    }
    try:
        _write(path, project, sheet, settings, note, {})
        if project.job.overrides is None:
            text = project.job_file.read_text("utf-8")
            told = f"overrides: {path.name}\n"
            write_authored(project.job_file, text + ("" if text.endswith("\n") else "\n") + told)
        _write(path, project, sheet, settings, note, _stood(load_job(job_file, Settings()), sheet, settings))
        load_job(job_file, Settings())
    except BaseException as fault:
        for file, data in before.items():
            if data is None:
                file.unlink(missing_ok=True)
            else:
                file.write_bytes(data)
        if isinstance(fault, InputError):
            raise InputError(_as_said(one, project.campaign.shown(path)) for one in fault.findings) from fault
        raise
    return path


def _as_said(finding: Finding, file: str) -> Finding:
    """What is wrong in the file of overrides was said just now, and the file is as it was."""
    return replace(finding, place=Place(SAID_IN)) if finding.place and finding.place.file == file else finding


def _file_of(project: Project) -> Path:
    if project.job.overrides is None:
        new = project.job_file.with_name(f"{project.job_name}-overrides.yaml")
        if not new.resolve().is_relative_to(project.campaign.root):
            message = f"{new.name} is a link that leads out of the campaign's folder"
            hint = "take the link away, or name a file of the campaign in `overrides`"
            raise InputError([Finding(Severity.ERROR, "outside-campaign", message, Place(new.name), hint)])
        return new
    path = project.find_file(project.job.overrides.file)
    assert path, "it was read"
    if path.suffix.lower() == ".csv":
        message = f"the job's overrides are in a table, {project.campaign.shown(path)}"
        hint = "add a line there: row, layout, layer, key, value"
        raise InputError([Finding(Severity.ERROR, "overrides-in-table", message, Place(path.name), hint)])
    return path


def _write(
    path: Path, project: Project, sheet: SheetNamed, settings: list[tuple[str, tuple[str, ...], Any]], note: str,
    was: Mapping[str, Mapping[str, Any]],
) -> None:  # fmt: skip
    def change(data: Any) -> Any:
        entries = data.setdefault("overrides", [])
        own = next((one for one in entries if _is_of(one, project, sheet)), None)
        if own is None:
            told = {"take": sheet.take} if _is_one_of_several(project, sheet) else {}
            own = {"row": sheet.row, "layout": sheet.layout, **told}
            entries.append(own)
        if note:
            own["note"] = note
        for layer, keys, value in settings:
            at = own.setdefault("change", {}).setdefault(layer, {})
            for key in keys[:-1]:
                at = at.setdefault(key, {})
            at[keys[-1]] = in_line(value)
        for layer, stood in was.items():
            own.setdefault("was", {}).setdefault(layer, {}).update(
                {key: in_line(value) for key, value in stood.items()}
            )
        return data

    write_authored(path, changed(path.read_text("utf-8") if path.is_file() else HEAD, change))


def _is_of(entry: Mapping[str, Any], project: Project, sheet: SheetNamed) -> bool:
    """Whether an entry is for the sheet alone: one without a take is for all of them, which may be one."""
    takes = (sheet.take,) if _is_one_of_several(project, sheet) else (sheet.take, 0)
    return (entry.get("row"), entry.get("layout")) == (sheet.row, sheet.layout) and entry.get("take", 0) in takes


def _is_one_of_several(project: Project, sheet: SheetNamed) -> bool:
    return sheet.take > 1 or any(slot.takes > 1 for slot in project.job.pictures.values())


def _stood(
    project: Project, sheet: SheetNamed, settings: list[tuple[str, tuple[str, ...], Any]]
) -> dict[str, dict[str, Any]]:
    """What the sheet has where it is changed, without any override."""
    row = next(row for row in expand_rows(project) if row.id == sheet.row)
    ground = ground_of(project, row, sheet.layout, sheet.take)
    stood: dict[str, dict[str, Any]] = {}
    for layer, (key, *_), _ in settings:
        for under in GROUND.get(key, (key,)):
            has = ground.get(layer, {})
            value = shown_under(project, has, sheet.pictures) if under == SHOWN else has.get(under)
            may_say_yet = key != "hidden" and under == GROUND.get(key, (key,))[0]
            if value is not None or may_say_yet:
                stood.setdefault(layer, {})[under] = value
    return stood


def overrides_of(project: Project, sheet: SheetNamed) -> list[tuple[str, str, Any]]:
    """What is written for a sheet alone, as it stands in the job's overrides: layer, key, value."""
    every = project.overrides.every if project.overrides else ()
    own = (one.written for one in every if _is_of(one.written.model_dump(exclude_unset=True), project, sheet))
    return [(layer, key, value) for one in own for layer, keys in one.change.items() for key, value in keys.items()]


def take_back(job_file: Path, sheet: SheetNamed, layer: str, key: str) -> Path:
    """Take a change of a sheet out of the job's overrides again: the layer has what its layout and row say. Raises
    InputError where it is not there, or the job does not load without it; then nothing is written. The answer is the
    file."""
    project = load_job(job_file, Settings())
    if (layer, key) not in {(one, of) for one, of, _ in overrides_of(project, sheet)}:
        message = f"{layer}.{key} is not changed by hand on this sheet alone"
        raise InputError([Finding(Severity.ERROR, "no-override", message, hint="open the page again")])
    path = _file_of(project)
    before = path.read_bytes()
    try:
        write_authored(path, changed(before.decode("utf-8"), lambda data: _let_go_of(data, project, sheet, layer, key)))
        load_job(job_file, Settings())
    except BaseException:
        path.write_bytes(before)
        raise
    return path


def _let_go_of(data: Any, project: Project, sheet: SheetNamed, layer: str, key: str) -> Any:
    of_sheet = [one for one in data["overrides"] if _is_of(one, project, sheet)]
    for own in [one for one in of_sheet if key in one.get("change", {}).get(layer, {})]:
        left = own["change"][layer]
        del left[key]
        stands_on = {under for other in left for under in GROUND.get(other, (other,))}
        was = own.get("was", {}).get(layer, {})
        for under in {*GROUND.get(key, (key,))} - stands_on:
            was.pop(under, None)
        for part in ("change", "was"):
            if layer in own.get(part, {}) and not own[part][layer]:
                del own[part][layer]
            if part in own and not own[part]:
                del own[part]
        if not own.get("change") and not own.get("add"):
            data["overrides"].remove(own)
    return data
