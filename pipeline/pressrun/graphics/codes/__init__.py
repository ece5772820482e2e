"""Codes: made, read again, and their clear zones."""
