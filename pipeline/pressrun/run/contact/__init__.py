"""The contact sheet of a run."""
