"""Outlines, and what fills them: shadings and tilings, as PDF writes them."""
