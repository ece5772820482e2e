"""`verify`: files of a run, hashed again and held against the record."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pressrun.model.errors import InputError
from pressrun.model.run_record import RunReport

Ran = tuple[Path, RunReport]


@pytest.fixture
def delivery(campaign: Ran, tmp_path: Path) -> Path:
    """The run's folder, on its own and with files of its own."""
    shutil.copytree(Path(campaign[1].folder), tmp_path / "sent")
    return tmp_path / "sent"


def test_a_run_as_it_was_delivered(pressrun: Any, campaign: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(campaign[0])
    delivered = sum(asset.sha256 is not None for asset in campaign[1].assets)
    for named in ((), ("latest",), (campaign[1].run,), (campaign[1].folder,)):
        done = pressrun("verify", *named, "--json")
        told = json.loads(done.stdout)
        assert (done.exit_code, told["sound"], told["findings"]) == (0, delivered, [])


def test_what_was_changed_lost_or_added_is_told(pressrun: Any, delivery: Path) -> None:
    changed, lost, *_ = sorted(path for path in (delivery / "assets").rglob("*") if path.is_file())
    data = changed.read_bytes()
    changed.unlink()
    changed.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    lost.unlink()
    (delivery / "assets/draft.png").write_bytes(b"")
    (delivery / "assets/.DS_Store").write_bytes(b"")
    done = pressrun("verify", str(delivery), "--json")
    assert done.exit_code == 1
    told = {one["code"]: one["place"]["file"] for one in json.loads(done.stdout)["findings"]}
    assert told == {
        "changed-file": changed.relative_to(delivery).as_posix(), "lost-file": lost.relative_to(delivery).as_posix(),
        "extra-file": "assets/draft.png",
    }  # fmt: skip
    said = pressrun("verify", str(delivery))
    assert said.exit_code == 1
    assert "[changed-file]" in said.stderr
    assert "as delivered" in said.stdout


def test_a_folder_that_is_no_run(pressrun: Any, campaign: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(campaign[0])
    with pytest.raises(InputError, match="there is no run"):
        raise pressrun("verify", "nothing-such").exception
