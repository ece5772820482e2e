"""What a campaign needs that has no brand yet."""

from __future__ import annotations

import json

INK = "#1D1D1B"  # what black alone is through the profile that comes along


def small_brand(name: str) -> str:
    """Its brand.yaml: white paper, black ink, one font."""
    return f"""\
name: {json.dumps(name, ensure_ascii=False)}

# A colour is written twice, for paper and for screens: CMYK in percent for coated paper, and sRGB.
palette:
  paper: {{srgb: "#FFFFFF", cmyk: [0, 0, 0, 0]}}
  ink: {{srgb: "{INK}", cmyk: [0, 0, 0, 100]}}

# FiraGO is always there; put a family of your own into fonts/, list its files under `fonts`, and name it here.
typography:
  body: {{family: FiraGO, weight: 400, leading: 1.3}}

print: {{profile: fogra39-300, total_ink: 300}}
"""
