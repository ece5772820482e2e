"""Processes that use a store until they are killed; started by the tests, never imported by them.

    python store_processes.py campaign ROOT SEED      works through the campaign, telling what is certain
    python store_processes.py crash ROOT STEP         dies at every STEP-th line of the store's code, and carries on

A campaign is a small run: pictures that are charged, files made from them, deliveries.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "pipeline"))

from pressrun.model.journal import Quote, Result, Settlement
from pressrun.stores.folder import FolderStore
from pressrun.stores.sqlite import SqliteJournal


def key_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def picture_of(name: str) -> bytes:
    """What the provider would answer: some of it large enough to be written in several goes."""
    return random.Random(name).randbytes(200_000 if name.endswith("0") else 3_000)


def charge(root: Path, attempt: int, name: str) -> bytes:
    """The provider: books the call, then answers."""
    descriptor = os.open(root / "charges.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.write(descriptor, f"{attempt} {name}\n".encode())
    os.close(descriptor)
    return picture_of(name)


def campaign(root: Path, pictures: list[str], *, retry_unknown: bool, tell: bool = False) -> None:
    """Make and deliver all pictures that are not there, with a file made from each."""
    store = FolderStore(root / "store")
    with SqliteJournal(root / "store" / "journal.db") as journal:
        for name in pictures:
            key, file_key = key_of(name), key_of("file of " + name)
            if not sound(journal, store, key) and not buy(root, store, journal, name, key, retry_unknown):
                continue
            made = sound(journal, store, key)
            assert made is not None
            file = sound(journal, store, file_key)
            if file is None:
                data = b"file made from " + hashlib.sha256(store.read(made.digest)).digest()
                result = Result.of(file_key, "file", store.put(data), len(data), {"name": name})
                file = journal.record([result])[file_key]
            store.deliver(file.digest, root / "out" / name / "file", within=root / "out")
            store.deliver(made.digest, root / "out" / name / "picture", within=root / "out")
            if tell:
                print(name, flush=True)


def buy(root: Path, store: FolderStore, journal: SqliteJournal, name: str, key: str, retry_unknown: bool) -> bool:
    if not journal.claim_all([key]):
        return False
    try:
        if sound(journal, store, key):  # whoever had the claim before us made it
            return True
        for attempt in journal.open_attempts([key]):
            if not retry_unknown or attempt.standing != "unknown":
                return False
            journal.finish_attempts([Settlement(attempt.id, "written_off")])
        number = journal.begin_attempts([Quote(key, "provider", "model", 0.04, {"name": name}, run="run")])[0]
        data = charge(root, number, name)
        digest = store.put(data, durable=True)
        result = Result.of(key, "picture", digest, len(data), {"name": name})
        return bool(journal.finish_attempts([Settlement(number, "charged", 0.04, result=result)]))
    finally:
        journal.release_all([key])


def sound(journal: SqliteJournal, store: FolderStore, key: str) -> Result | None:
    result = journal.lookup([key]).get(key)
    if result is None or store.verify(result.digest):
        return result
    journal.forget(key, result.digest)
    return None


def inspect(root: Path) -> list[str]:
    """What is wrong with what is on disk, whatever happened to the processes that wrote it."""
    wrong = []
    store = FolderStore(root / "store")
    for path in (root / "store" / "objects").rglob("*"):
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != path.parent.name + path.name:
            wrong.append(f"partial object {path}")
    for path in (root / "out").rglob("*"):
        whole = {"picture": picture_of(path.parent.name)}.get(path.name)
        if path.is_file() and whole is not None and path.read_bytes() != whole:
            wrong.append(f"partial delivery {path}")
    if not (root / "store" / "journal.db").exists():
        return wrong
    charges = [line.split() for line in (root / "charges.log").read_text().splitlines()] if charged(root) else []
    with SqliteJournal(root / "store" / "journal.db") as journal:
        if journal._query("PRAGMA integrity_check") != [("ok",)]:
            wrong.append("the journal is damaged")
        attempts = {str(attempt.id): attempt for attempt in journal.attempts()}
        results = journal.lookup(attempt.picture for attempt in attempts.values())
        for result in results.values():
            if not store.verify(result.digest):
                wrong.append(f"a recorded picture is not there: {result}")
        for number, name in charges:
            attempt = attempts.get(number)
            if attempt is None:
                wrong.append(f"charged, but not written down: {name}")
            elif attempt.state == "charged" and attempt.picture not in results:
                wrong.append(f"paid, and lost: {name}")
            elif attempt.state not in ("charged", "open", "written_off"):
                wrong.append(f"charged, but said to be {attempt.state}: {name}")
        paid = [attempt.picture for attempt in attempts.values() if attempt.state == "charged"]
        if len(paid) != len(set(paid)):
            wrong.append("paid twice")
        booked = {number for number, _ in charges}
        if any(attempt.state == "charged" and number not in booked for number, attempt in attempts.items()):
            wrong.append("booked, but never charged")
    return wrong


def charged(root: Path) -> bool:
    return (root / "charges.log").exists()


def delivered(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root / "out")): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((root / "out").rglob("*"))
        if path.is_file()
    }


class DeathAtLine:
    """Kills this process at the n-th line that it executes of the store's code; counts them meanwhile."""

    def __init__(self, at: int | None) -> None:
        self.at = at
        self.count = 0

    def __call__(self, frame: FrameType, event: str, argument: Any) -> DeathAtLine | None:
        if event == "call":
            return self if "stores" in frame.f_code.co_filename else None
        if event == "line":
            if self.count == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
            self.count += 1
        return self


def crash(root: Path, step: int) -> dict[str, Any]:
    """Kill a campaign at every `step`-th line, inspect what is left, carry on, and compare with one left in peace."""
    pictures = ["first-1", "large-0"]
    undisturbed = root / "undisturbed"
    undisturbed.mkdir()
    counter = DeathAtLine(None)
    sys.settrace(counter)
    campaign(undisturbed, pictures, retry_unknown=False)
    sys.settrace(None)
    expected = delivered(undisturbed)
    killed, unknown, wrong = 0, 0, []
    for line in range(0, counter.count, step):
        place = root / f"line-{line}"
        place.mkdir()
        child = os.fork()
        if child == 0:
            sys.settrace(DeathAtLine(line))
            campaign(place, pictures, retry_unknown=False)
            os._exit(0)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        wrong += [f"after line {line}: {fault}" for fault in inspect(place)]
        with SqliteJournal(place / "store" / "journal.db") as journal:
            open_now = [one for one in journal.open_attempts() if one.standing == "unknown"]
            unknown += len(open_now)
        campaign(place, pictures, retry_unknown=False)
        calls = (place / "charges.log").read_text().splitlines() if charged(place) else []
        if len({name.split()[1] for name in calls}) != len(calls):
            wrong.append(f"after line {line}: asked again without being told to")
        campaign(place, pictures, retry_unknown=True)
        wrong += [f"in the end, after line {line}: {fault}" for fault in inspect(place)]
        if delivered(place) != expected:
            wrong.append(f"after line {line}: other files than an undisturbed run")
        shutil.rmtree(place)
    return {"lines": counter.count, "killed": killed, "unknown": unknown, "wrong": wrong}


def main() -> None:
    what, root, number = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if what == "crash":
        print(json.dumps(crash(root, number)))
        return
    pictures = [f"picture-{index}" for index in range(400)]
    random.Random(number).shuffle(pictures)
    campaign(root, pictures, retry_unknown=False, tell=True)


if __name__ == "__main__":
    main()
