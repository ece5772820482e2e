"""Retouching steps: an open set. One file an entry, one line in :data:`pressrun.registry.STEPS`."""
