"""A long round: how many inputs were given to each reader, and what went wrong."""

from __future__ import annotations

import sys
import time

from .readers import READERS
from .rounds import found_by


def main(count: int, names: list[str]) -> int:
    wrong = 0
    for name in names or READERS:
        began, bad = time.monotonic(), 0
        for found in found_by(name, 0, count):
            bad += 1
            if bad <= 20:
                print(f"{name} {found.number}: {found.what}\n", flush=True)
        wrong += bad
        print(f"{name}: {count} inputs, {bad} went wrong, {time.monotonic() - began:.0f} s", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
