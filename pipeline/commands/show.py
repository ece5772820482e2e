"""`pressrun show`: a run, or one file of it, explained."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipeline.model.run_record import Asset
    from pipeline.record_reading import RunRecord


@click.command()
@click.argument("wanted", metavar="[RUN|ASSET]", default="latest")
@click.option(
    "--run", "run_name", metavar="RUN", default="latest", show_default=True, help="The run to look for ASSET in."
)
@click.option("--tree", is_flag=True, help="Draw where the pictures come from, and what is made of them.")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False, exists=True), metavar="DIR",
              help="The campaign's folder (default: the nearest from here upwards).")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines, alone on standard output.")
def show(wanted: str, run_name: str, tree: bool, root: Path | None, as_json: bool) -> int:
    """Explain a run (its folder, its name, `latest`) or a file (its path, its id, or the beginning of one)."""
    from pipeline.lineage import family, tree_lines
    from pipeline.record_reading import opened_journal
    from pipeline.reporting.explanation import asset_data, asset_explained, run_data, run_explained

    record, asset, root = _find(wanted, run_name, root)
    with opened_journal(root) as journal:
        if tree:
            branches = family(record, journal, asset)
            if as_json:
                click.echo(json.dumps([asdict(branch) for branch in branches], ensure_ascii=False, indent=2))
            else:
                marked = asset.id if asset else None
                click.echo("\n".join(tree_lines(branches, marked)) or "There are no pictures.")
        elif as_json:
            data = asset_data(asset, record, journal) if asset else run_data(record, journal)
            click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        elif asset:
            click.echo(asset_explained(asset, record, journal, root / ".pressrun"))
        else:
            click.echo(run_explained(record, journal))
    return 0


def _find(wanted: str, run_name: str, root: Path | None) -> tuple[RunRecord, Asset | None, Path]:
    """The run, the asset if one is meant, and the campaign they belong to."""
    from pipeline import record_reading

    path = Path(wanted)
    if wanted != "latest" and path.is_file() and (folder := record_reading.run_of_file(path)):
        record = record_reading.read_run(folder)
        return record, record_reading.find_asset(record, wanted), root or record_reading.find_root(record.folder)
    if root is None:
        inside = path.is_dir() and (path / record_reading.MANIFEST).is_file()
        root = record_reading.find_root(path.resolve() if inside else Path.cwd())
    root = root.resolve()
    folder = record_reading.named_run(root, wanted)
    if folder is not None:
        return record_reading.read_run(folder), None, root
    record = record_reading.read_run(record_reading.find_run(root, run_name))
    return record, record_reading.find_asset(record, wanted), root
