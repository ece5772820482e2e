"""Safe repairs of anybody's PDF: `repair` says what one is, the other files make them, a subject each. None changes how
a page looks; who applies them proves it."""
