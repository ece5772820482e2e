"""What the terminal says and hears: one command a file, listed in ``cli``."""
