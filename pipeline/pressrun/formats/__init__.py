"""File formats: an open set. One file an entry, one line in :data:`pressrun.registry.FORMATS`.

A format writes a :class:`~pressrun.model.rendering.Rendering` as bytes; it knows marks only through the plate and
the overlays, so that no format learns a layer.
"""
