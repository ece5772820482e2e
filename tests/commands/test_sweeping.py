"""When memory is looked through for what is not used any more, by commands that keep what they make until they end."""

from __future__ import annotations

import gc
import subprocess
import sys

from pressrun.model.memory_sweeps import without_sweeping


def test_what_was_made_without_sweeping_is_not_looked_through_behind_it() -> None:
    with without_sweeping(keeping=True):
        made: list[list[int]] = [[] for _ in range(2000)]
        assert not gc.isenabled()
    assert gc.isenabled()
    young = {id(one) for generation in (0, 1) for one in gc.get_objects(generation)}
    assert young.isdisjoint(map(id, made))
    assert gc.get_freeze_count() == 0


def test_what_was_kept_out_before_stays_so() -> None:
    script = (
        "import gc; from pressrun.model.memory_sweeps import without_sweeping\n"
        "gc.freeze(); before = gc.get_freeze_count()\n"
        "with without_sweeping(keeping=True): made = [[] for _ in range(2000)]\n"
        "print(gc.get_freeze_count() == before > 0, gc.isenabled())"
    )
    assert said(script) == "True True"


def test_nothing_is_looked_through_when_a_command_ends() -> None:
    script = (
        "import gc\nfrom pressrun.commands.cli import main\n"
        "try: main(['--version'])\n"
        "except SystemExit as end: print(end.code, gc.get_freeze_count() > 1000)"
    )
    assert said(script).splitlines()[-1] == "0 True"


def said(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
