"""Single sheets shown at once, and nothing kept."""
