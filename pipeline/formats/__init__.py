"""File formats: an open set. One file an entry, one line in :data:`pipeline.registry.FORMATS`.

A format writes a :class:`~pipeline.model.rendering.Rendering` as bytes; it knows marks only through the plate and
the overlays, so that no format learns a layer.
"""
