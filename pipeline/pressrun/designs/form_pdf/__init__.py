"""A PDF with form fields: its page is artwork, each of its fields a part of its own (ISO 32000-2, 12.7).

`document` opens a file, `fields` knows what a widget inherits, `looks` its type and colour, `appearance` where its text
stands, `page` how the page is turned; `texts` and `buttons` make parts of widgets, `artwork` a page without them.
"""

from pressrun.designs.form_pdf.document import read_form

__all__ = ["read_form"]
