"""An SVG as Illustrator, Inkscape and Figma write it: its texts and marked pictures are parts, all else artwork.

`document` conducts, `elements` knows where an element stands and how it looks, `styles` reads CSS, `names` what people
called things, `words` makes templates of texts; `texts`, `pictures` and `artwork` make parts.
"""

from pressrun.designs.svg.document import read_svg

__all__ = ["read_svg"]
