"""Designs that exist, read: one entry a kind of file. What becomes of them is not known here."""
