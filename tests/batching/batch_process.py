"""A run of the batch lane in a process of its own, until it is killed; started by the tests, never imported by them.

    python batch_process.py STORE BASE_URL RUN MINUTE LANE PROMPT…     tells on standard output how far it is
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from batch_shop import Listener, provider_at, tasks_for

from pressrun.generate.buy import acquire
from pressrun.generate.buy.lanes import LaneChoice
from pressrun.generate.buy.terms import Terms
from pressrun.model.errors import PressrunError
from pressrun.stores.folder import FolderStore
from pressrun.stores.sqlite import SqliteJournal


class Teller(Listener):
    def say(self, line: str) -> None:
        print(line, flush=True)

    def step(self, count: int = 1) -> None:
        print("step", flush=True)


def main(folder: str, base_url: str, run: str, minute: str, lane: Any, *prompts: str) -> int:
    provider = provider_at(base_url, rows=4)
    provider.open_desk({}, "batch").close()  # importing the client takes a second: not between two moments of interest
    store = FolderStore(Path(folder))
    with SqliteJournal(Path(folder) / "journal.db") as journal:
        print("ready", flush=True)
        tasks, terms = tasks_for(list(prompts), provider), Terms(run, minute=float(minute))
        try:
            bought = acquire(tasks, store, journal, terms, lambda provider, count: LaneChoice(lane), {}, Teller())
        except PressrunError as error:
            print(error, flush=True)
            return error.exit_code
    print(f"made {len(bought.made)} failed {len(bought.failed)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
