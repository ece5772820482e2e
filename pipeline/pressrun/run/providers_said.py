"""What settings say of providers in place of a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace
from pydantic import ValidationError

from pressrun import registry
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.project import Project


def made_by(project: Project, kind: str | None) -> Project:
    """The project with this kind of provider in place of its own, if one is named. Raises InputError."""
    if kind is None:
        return project
    job = project.job.with_provider(registry.provider(kind))
    lacks = {slot: lack for slot in job.pictures if (lack := job.lack_of(slot))}
    if lacks:
        raise InputError(
            Finding(
                Severity.ERROR, "missing-key", f"'{slot}': {lack}", project.places.get(("pictures", slot)),
                f"{kind} needs it",
            )
            for slot, lack in lacks.items()
        )  # fmt: skip
    return replace(project, job=job)


def with_options(project: Project, said: Mapping[str, Any]) -> Project:
    """The project with these options of the job's provider in place of its own. Raises InputError."""
    provider = project.job.provider
    faults = []
    for name in said:
        if name not in type(provider).model_fields:
            message = f"the provider {provider.type} has no {name}"
            faults.append(Finding(Severity.ERROR, "unknown-key", message, Place(f"--{name}"), "name one: --provider"))
    if faults:
        raise InputError(faults)
    if not said:
        return project
    try:
        told = {**provider.model_dump(exclude_unset=True), **said}
        changed = type(provider).model_validate(told)
    except ValidationError as error:
        raise InputError(
            Finding(Severity.ERROR, "invalid-value", str(one["msg"]), Place(f"--{one['loc'][0]}" if one["loc"] else ""))
            for one in error.errors()
        ) from None
    return replace(project, job=project.job.model_copy(update={"provider": changed}))
