"""Checks: an open set. One file an entry, one line in :data:`pipeline.registry.CHECKS`.

A check looks at a :class:`~pipeline.model.inspection.Inspection` and yields findings; it never changes anything.
"""
