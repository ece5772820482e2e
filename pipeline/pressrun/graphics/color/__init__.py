"""Colours and inks: profiles, distances, curves, cubes, stocks."""
