"""How much of each pixel is subject, and which colour that has."""
