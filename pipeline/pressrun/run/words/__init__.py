"""The words of a run: rendered once, what is odd about them, and the fonts that they need."""
