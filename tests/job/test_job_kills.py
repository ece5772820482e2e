"""Real runs that are killed, interrupted, or not alone: the next one ends with the bytes of an undisturbed one.

``PRESSRUN_KILLS`` sets how often a run is killed (default 6).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from job_campaign import JOB, Campaign, digests, ended, kill, members, wait_until

KILLS = int(os.environ.get("PRESSRUN_KILLS", "6"))
KILLS_A_CAMPAIGN = 2
LINES = 22  # of progress that an undisturbed run writes
ORPHANS_END_WITHIN = 15  # seconds, on a busy machine; they finish what they have in hand

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs process groups and signals")


def wait_for_lines(process: subprocess.Popen[str], count: int) -> int:
    """Read lines of progress: moments of a run that do not depend on how fast the machine is."""
    assert process.stderr is not None
    seen = 0
    while seen < count and process.stderr.readline():
        seen += 1
    return seen


def half_written(campaign: Campaign) -> list[str]:
    """Delivered files that are not, byte for byte, the object that their content names."""
    objects = campaign.root / ".pressrun" / "objects"
    return [
        f"{run.name}/{path}"
        for run in sorted((campaign.root / "runs").glob("*-spring*"))
        for path, digest in digests(run / "assets").items()
        if not (objects / digest[:2] / digest[2:]).is_file()
    ]


def assert_sound_at_any_moment(campaign: Campaign) -> None:
    assert half_written(campaign) == []
    if campaign.latest.exists():
        assert campaign.manifest()["exit"] == 0
        assert len(campaign.lines()) == len(campaign.assets()) == 18


@pytest.mark.parametrize("number", range(-(-KILLS // KILLS_A_CAMPAIGN)))
def test_killed_at_any_moment_the_next_run_ends_the_same(number: int, fresh: Campaign, finished: Campaign) -> None:
    chance = random.Random(20270301 + number)
    for _ in range(KILLS_A_CAMPAIGN):
        process = fresh.start("run", JOB, "--jobs", "2")
        seen = wait_for_lines(process, chance.randrange(-4, LINES + 2))
        time.sleep(chance.uniform(0, 0.15 if seen else 1.0))
        kill(process)
        assert_sound_at_any_moment(fresh)
        assert wait_until(lambda group=process.pid: not members(group), ORPHANS_END_WITHIN)
        assert_sound_at_any_moment(fresh)
    done = fresh.command("run", PRESSRUN_EXECUTOR="inline")
    assert done.code == 0, done.err
    assert fresh.assets() == finished.assets()
    assert fresh.manifest()["counts"]["failed"] == 0
    assert_sound_at_any_moment(fresh)
    again = fresh.run()
    assert (again.counts.made, again.exit) == (0, 0)


@pytest.mark.parametrize(
    ("number", "whole_group", "lines"),
    [(signal.SIGINT, False, 1), (signal.SIGINT, True, 8), (signal.SIGINT, True, 15), (signal.SIGTERM, False, 14)],
)
def test_interrupted_it_says_how_to_carry_on(
    number: signal.Signals, whole_group: bool, lines: int, fresh: Campaign, finished: Campaign
) -> None:
    jobs = "2" if whole_group else "1"
    process = fresh.start("run", JOB, "--only", "region.locale != 'x y'", "--jobs", jobs)
    assert wait_for_lines(process, lines) == lines
    if whole_group:
        os.killpg(process.pid, number)  # as a terminal does
    else:
        process.send_signal(number)
    done = ended(process)
    assert done.code == 130, done.err
    assert "Traceback" not in done.err
    carry_on = f"""pressrun run {JOB} --only "region.locale != 'x y'" --jobs {jobs}"""
    assert done.err.rstrip().endswith(carry_on)
    assert wait_until(lambda: not members(process.pid), ORPHANS_END_WITHIN)
    assert not list((fresh.root / "runs").iterdir())
    report = fresh.run()
    assert report.exit == 0
    assert fresh.assets() == finished.assets()
    if lines > 12:  # all pictures were there
        assert all(picture.reused for asset in report.assets for picture in asset.pictures)


def test_two_runs_at_once_do_each_other_no_harm(fresh: Campaign, finished: Campaign) -> None:
    runs = [fresh.start("run", JOB, "--jobs", "1", "--json") for _ in range(2)]
    done = [ended(run) for run in runs]
    assert [one.code for one in done] == [0, 0], [one.err for one in done]
    folders = {Path(one.json["folder"]) for one in done}
    assert len(folders) == 2
    for folder in folders:
        assert digests(folder / "assets") == finished.assets()
        assert len(fresh.lines(folder)) == 18
    assert fresh.latest.resolve() in {folder.resolve() for folder in folders}
    assert_sound_at_any_moment(fresh)
    assert fresh.run().counts.made == 0


def test_one_of_two_runs_at_once_is_killed(fresh: Campaign, finished: Campaign) -> None:
    doomed, other = (fresh.start("run", JOB, PRESSRUN_EXECUTOR="inline") for _ in range(2))
    wait_for_lines(doomed, 9)
    kill(doomed)
    done = ended(other)
    assert done.code == 0, done.err
    assert fresh.assets() == finished.assets()


def test_the_same_bytes_anywhere_at_any_time_in_any_language(
    fresh: Campaign, finished: Campaign, tmp_path: Path
) -> None:
    elsewhere = Campaign.new(tmp_path / "another place" / "with a longer näme" / "c")
    environments = (
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C", "LANG": "C"},
        {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Chatham", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    )
    processes = [
        campaign.start("run", JOB, "--jobs", jobs, **environment)
        for campaign, jobs, environment in zip((fresh, elsewhere), ("1", "2"), environments, strict=True)
    ]
    for process in processes:
        done = ended(process)
        assert done.code == 0, done.err
    assert fresh.assets() == elsewhere.assets() == finished.assets()
    # All that was made on the way is the same too: masters, plates, thumbnails.
    objects = [digests(campaign.root / ".pressrun" / "objects") for campaign in (fresh, elsewhere, finished)]
    assert objects[0] == objects[1] == objects[2]
    records = [(campaign.latest / "assets.jsonl").read_bytes() for campaign in (fresh, elsewhere, finished)]
    assert records[0] == records[1] == records[2]
