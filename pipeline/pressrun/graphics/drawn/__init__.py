"""Pages as pixels, by PDFium; and what is drawn that way for its own sake: shapes, shadows, looks of spots."""
