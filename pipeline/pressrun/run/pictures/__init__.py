"""Masters of a run: had, made, tried again, and cut."""
