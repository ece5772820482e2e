"""Every rule there is: what to import, so that all have been told."""

from __future__ import annotations

from pressrun.readers.press_pdf.rules import color, fine, geometry, identification, ink, pictures, structure
from pressrun.readers.press_pdf.rules.rule import FILE_RULES, PAGE_RULES, Rule

GROUPS = (identification, structure, geometry, color, ink, fine, pictures)
RULES: tuple[Rule, ...] = (*FILE_RULES, *PAGE_RULES)
CODES = frozenset(rule.code for rule in RULES)
