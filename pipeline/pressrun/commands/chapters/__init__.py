"""What `pressrun manual` writes: HTML made from the program's own tables and models, and pictures from the gallery.

A chapter is a page. ``book`` has their order; each is laid out by a template in ``pages/``.
"""
