"""Pages from red, green and blue into the inks of a press."""
