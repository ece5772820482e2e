"""The layers of a layout: an open set. One file an entry, one line in :data:`pressrun.registry.LAYERS`.

A layer is its options model (what people write) with one method, ``compose``, that turns it into marks.
"""
