"""What tests of decisions, forks and finals share: a campaign with takes, commands on it, its pictures by file."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

from job_campaign import LONGEST, Campaign, Ended
from PIL import Image
from warm_process import run_warm

from pressrun.stores.folder import FolderStore
from pressrun.stores.sqlite import SqliteJournal

TWO_TAKES = {
    "    steps: [{type: tone}]": "    takes: 2",
    "{{ layout.name }}": "{{ layout.name }}-{{ take }}",
}


def with_takes(campaign: Campaign) -> Campaign:
    """Two takes of one product in one language, without steps: four sheets, six files, four pictures."""
    for old, new in TWO_TAKES.items():
        campaign.edit(campaign.job, old, new)
    campaign.edit(campaign.job, "locale: region.locale", "where: product.sku == 'MUG'\nlocale: region.locale")
    return campaign


def line(campaign: Campaign, path: str) -> dict[str, Any]:
    """A file's line in the record of the latest run."""
    return next(one for one in campaign.lines() if one["path"] == f"assets/{path}")


def paths(campaign: Campaign) -> set[str]:
    return set(campaign.assets())


def picture_of(campaign: Campaign, path: str) -> str:
    """The key of the one picture on a file."""
    [picture] = line(campaign, path)["pictures"]
    return str(picture["key"])


def pixels(campaign: Campaign, key: str) -> Image.Image:
    store, found = FolderStore(campaign.root / ".pressrun"), journal(campaign)
    with found:
        digest = found.lookup([key])[key].digest
    return Image.open(io.BytesIO(store.read(digest))).convert("RGB")


def journal(campaign: Campaign) -> SqliteJournal:
    return SqliteJournal(campaign.root / ".pressrun" / "journal.db")


def notes(campaign: Campaign) -> dict[str, str]:
    """Messages of the latest run's own notes, by code."""
    return {note["code"]: note["message"] for note in campaign.manifest()["notes"]}


def shell(campaign: Campaign, *arguments: str, **environment: str) -> Ended:
    """A command as a shell calls it, in the campaign's folder; without workers."""
    env = {**os.environ, "PRESSRUN_EXECUTOR": "inline", **campaign.environment, **environment}
    done = run_warm(["-m", "pressrun", *arguments], cwd=campaign.root, env=env, timeout=LONGEST)
    return Ended(done.returncode, done.stdout, done.stderr)


def saved(image: Image.Image, path: Path, kind: str = "PNG") -> Path:
    image.save(path, kind)
    return path


def as_json(ended: Ended) -> Any:
    assert ended.code == 0, ended.err
    return json.loads(ended.out)
