"""Inputs given to one reader, in this process: a line of JSON for each that is done, with what went wrong, if it did."""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import random
import resource
import signal
import sys
import tempfile
import traceback
import warnings
from pathlib import Path

from .inputs import input_of
from .readers import READERS

SECONDS = 10  # of this process' own work, however busy the machine is
WAITING = 120  # seconds on the wall, for what does nothing but wait
MEMORY = 2**30
EVERY = 25  # inputs that are right are told of in steps


def main(name: str, first: int, count: int) -> None:
    warnings.simplefilter("error")
    reader = READERS[name]
    with tempfile.TemporaryDirectory(prefix="pressrun-fuzz-") as folder:
        os.chdir(folder)
        with contextlib.suppress(*reader.refusals):
            reader.read(reader.seeds()[0], Path(folder))  # whatever is imported and kept is no input's
        print(json.dumps({"number": first - 1}), flush=True)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        faulthandler.register(signal.SIGPROF, chain=True)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with open("/proc/self/statm") as statm:
            mapped = int(statm.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + 2 * MEMORY, resource.RLIM_INFINITY))
        for number in range(first, first + count):
            told: dict[str, object] = {"number": number}
            data = input_of(reader, random.Random(f"{name} {number}"))
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            faulthandler.dump_traceback_later(WAITING, exit=True)
            try:
                reader.read(data, Path(folder))
            except reader.refusals:
                pass
            except BaseException:
                told["what"] = f"{data[:200]!r}\n{traceback.format_exc()[-3000:]}"
            signal.setitimer(signal.ITIMER_PROF, 0)
            faulthandler.cancel_dump_traceback_later()
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
            if grown > MEMORY:
                told["what"] = f"{data[:200]!r}\ntook {grown >> 20} MB"
                print(json.dumps(told), flush=True)
                sys.exit(3)  # the most that was taken is not taken back
            if "what" in told or number % EVERY == EVERY - 1 or number == first + count - 1:
                print(json.dumps(told), flush=True)
            else:
                print(json.dumps(told), flush=False)
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
