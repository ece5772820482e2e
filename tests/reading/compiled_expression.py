"""An expression that is one."""

from __future__ import annotations

from pressrun.language.expression import Expression, compile_expression


def compiled(text: str) -> Expression:
    expression, findings = compile_expression(text)
    assert expression is not None, findings
    return expression
