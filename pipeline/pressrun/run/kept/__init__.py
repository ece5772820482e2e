"""Runs and checks that are kept whole, and rows that are carried over from them."""
