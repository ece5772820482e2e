"""Prints how fast Pressrun is here, beside two other ways of drawing the same square.

    python -m tests.bench [NAME …]

Each figure is taken in a process of its own. Machines differ and are noisy: quote the ratios of one call.
"""

from __future__ import annotations

import json
import subprocess
import sys

FIGURES = {
    "square": ("screen square 1080x1080 JPEG, its plate in the cache", "files/s", 40.0),
    "flyer": ("press A5, its plate in the cache", "files/s", 60.0),
    "pillow": ("the same square by a plain Pillow script, one process", "files/s", None),
    "chromium": ("the same square as a headless Chromium screenshot", "files/s", None),
    "sample": ("the sample job, cold", "s", 60.0),
    "unchanged": ("a second run of 10 000 unchanged files", "s", 3.0),
    "expand": ("expanding 100 000 rows with their prompts", "s", 20.0),
}


def main(names: list[str]) -> None:
    results: dict[str, dict[str, float]] = {}
    for name in names or FIGURES:
        title, unit, goal = FIGURES[name]
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.figures", name], capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(f"{name:<10} {title}: failed: {done.stderr.strip().splitlines()[-1:]}")
            continue
        result = results[name] = json.loads(done.stdout.strip().splitlines()[-1])
        better = "at least" if unit == "files/s" else "at most"
        wanted = f"   ({better} {goal:g} {unit} wanted)" if goal else ""
        memory = f", {result['megabytes']:.0f} MB" if "megabytes" in result else ""
        print(f"{name:<10} {title}: {result['value']:.1f} {unit}{memory}{wanted}", flush=True)
    ours = results.get("square")
    for other in ("pillow", "chromium"):
        if ours and other in results:
            print(f"square / {other}: {ours['value'] / results[other]['value']:.1f} times the files a second")


if __name__ == "__main__":
    main(sys.argv[1:])
