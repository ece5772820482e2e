"""SVG drawings: read with caution, judged, and as flat paths."""
