"""`python -m pressrun.providers.openai.rehearsal [PORT]`: the server on its own."""

from __future__ import annotations

import sys

from pressrun.providers.openai.rehearsal.server import run

if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
