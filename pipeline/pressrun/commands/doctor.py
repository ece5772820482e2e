"""`pressrun doctor`: whether everything that a run needs is there and works."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import cloup
from msgspec.structs import asdict

from pressrun.commands.flags import Output, flags
from pressrun.commands.terminal import tell, tell_json

if TYPE_CHECKING:
    from pressrun.commands.doctor_probes import Probe


@cloup.command()
@cloup.argument("job", required=False, type=click.Path(path_type=Path))
@cloup.option("--store", "whole_store", is_flag=True, help="Also read every object of the store, for bit rot.")
@flags(only=("as_json",), output=Output)
def doctor(job: Path | None, whole_store: bool, output: Output) -> int:
    """Try everything that a run (of JOB) needs: ✓ works, ! is worth knowing, ✗ is missing (exit 3)."""
    probes = []
    for probe in itertools.chain(_examined(job), _store_read(job) if whole_store else ()):
        probes.append(probe)
        if not output.as_json:
            tell(str(probe))
    if output.as_json:
        tell_json(json.dumps([asdict(probe) for probe in probes], ensure_ascii=False, indent=2))
    return 3 if any(probe.verdict == "missing" for probe in probes) else 0


def _store_read(job: Path | None) -> Iterator[Probe]:
    from pressrun.commands.store_probe import read_store
    from pressrun.doors import find_root
    from pressrun.readers.campaign_root import campaign_root

    yield from read_store(campaign_root(job) if job else find_root(Path.cwd()))


def _examined(job: Path | None) -> Iterator[Probe]:
    from pressrun.commands.doctor_probes import Probe, probe_all
    from pressrun.doors import find_root
    from pressrun.model.errors import InputError

    root, project = Path.cwd(), None
    if job is None:
        with contextlib.suppress(InputError):  # everything else can be tried outside of a campaign too
            root = find_root(root)
        yield from probe_all(root)
        return
    try:
        from pressrun import registry
        from pressrun.load import load_project
        from pressrun.readers.campaign_root import campaign_root
    except ImportError as error:
        yield Probe("job", "missing", f"cannot be read: {error}")
        yield from probe_all(root)
        return
    root = campaign_root(job)
    try:
        project = load_project(job, registry)
    except InputError as error:
        errors = sum(finding.is_error for finding in error.findings)
        said = f"{job} has {errors} error{'' if errors == 1 else 's'}"
        yield Probe("job", "missing", said, f"`pressrun check {job}` tells them")
    yield from probe_all(root, project)
