"""``python -m pressrun``."""

from pressrun.commands.cli import main

main()
