"""Sheets as far as they go without their pictures."""
