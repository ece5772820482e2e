"""Files that many rows are in."""
