"""The studio: local pages over a campaign, to look, compare, decide and change. It is no second pipeline: it reads the
records of runs, and writes what the commands write; the next run obeys."""
