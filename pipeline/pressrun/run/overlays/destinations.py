"""Which key goes to which host, told before anything is sent, and refused where only the campaign says so."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from pressrun.model.destination import Destination
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.project import KeyPath, Project
from pressrun.readers.environment import read_environment
from pressrun.readers.user_config import config_path, read_user_config


class _Use(Struct, frozen=True):
    """A destination, and where the job says it."""

    there: Destination
    path: KeyPath


def require_allowed(project: Project, allowed: tuple[str, ...]) -> None:
    """Raises InputError where the job names a host, or a key, that the user has not allowed: not by a flag
    (``allowed``), and not in the configuration."""
    unknown = [use for use in _uses(project) if not (use.there.is_known and use.there.key_is_meant)]
    if not unknown:
        return
    config = read_user_config()
    hosts = {*allowed, *config.allow_hosts}
    faults = []
    for use in unknown:
        there = use.there
        if not there.is_known and not {there.host, there.name} & hosts:
            key = f", and the key in {there.key} with them" if there.key else ""
            message = f"prompts and pictures would be sent to {there.host}{key}, which nobody but the job says"
            where = f"or write it under allow_hosts in {config_path()}"
            hint = f"if you trust it, run with --allow-host {there.host}, {where}"
            faults.append(Finding(Severity.ERROR, "host-not-allowed", message, _place(project, use, "base_url"), hint))
        if not there.key_is_meant and there.key not in config.allow_keys:
            message = f"the job would send the secret in {there.key} to {there.host} as its key"
            hint = f"call the variable PRESSRUN_…, or write its name under allow_keys in {config_path()}"
            faults.append(Finding(Severity.ERROR, "key-not-allowed", message, _place(project, use, "key_from"), hint))
    if faults:
        raise InputError(faults)


def destinations_told(project: Project) -> list[Finding]:
    """A note for each host that is asked for pictures, with the key that goes there."""
    notes = []
    for use in _uses(project):
        key = f"with the key in {use.there.key}" if use.there.key else "without a key"
        notes.append(Finding(Severity.NOTE, "key-goes-to", f"pictures are asked of {use.there.host}, {key}"))
    return notes


def links_told(project: Project) -> list[Finding]:
    """A warning where the campaign brought a link in place of the folder that runs or the store are written to."""
    notes = []
    for name in ("runs", ".pressrun"):
        if (folder := project.root / name).is_symlink():
            message = f"{name} is a link: what is made is written to {folder.resolve()}"
            hint = "delete the link if you did not make it"
            notes.append(Finding(Severity.WARNING, "linked-folder", message, Place(name), hint))
    return notes


def _uses(project: Project) -> list[_Use]:
    """The destinations of all the job's providers, each once."""
    job = project.job
    named: list[tuple[Any, KeyPath]] = [(job.provider, ("provider",))]
    named += [(slot.provider, ("pictures", name, "provider")) for name, slot in job.pictures.items()]
    environment = read_environment(project.root)
    found: dict[Destination, _Use] = {}
    for provider, path in named:
        there = provider.destination(environment) if isinstance(provider, PaidProvider) else None
        if there is not None:
            found.setdefault(there, _Use(there, path))
    return list(found.values())


def _place(project: Project, use: _Use, option: str) -> Place:
    nothing = Place(project.job_file.name)
    return project.places.get((*use.path, option)) or project.places.get(use.path, nothing)
