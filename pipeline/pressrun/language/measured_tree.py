"""Jinja's tree of a template, changed so that nothing grows unseen, texts have letters for parts, and
comparisons mean what they mean in expressions."""

from __future__ import annotations

from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.compiler import operators
from jinja2.visitor import NodeTransformer

COMPARED = "_compared"
"""What comparisons go through: not a filter of anybody's."""


class MeasuredTree(NodeTransformer):
    """A tree in which everything that grows passes through the allowance."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        literal = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        self.generic_visit(node)
        node.iter = _filtered_by("_bounded", node.iter, nodes.Const(literal, lineno=node.lineno))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _filtered_by("_concat", nodes.List(node.nodes, lineno=node.lineno))

    def visit_List(self, node: nodes.List) -> nodes.Node:
        self.generic_visit(node)
        return _filtered_by("_weighed", node)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:
        self.generic_visit(node)
        return _filtered_by("_weighed", node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:
        self.generic_visit(node)
        return _filtered_by("_weighed", node) if node.ctx == "load" else node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        links = [part for one in node.ops for part in (nodes.Const(operators[one.op]), one.expr)]
        return _filtered_by(COMPARED, node.expr, *links)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Tuple) and any(isinstance(one, nodes.Slice) for one in node.arg.items):
            raise TemplateSyntaxError("a slice is alone in its [ ], as in product.name[:3]", node.lineno)
        if not isinstance(node.arg, nodes.Slice):
            return node
        places = [one or nodes.Const(None) for one in (node.arg.start, node.arg.stop, node.arg.step)]
        return _filtered_by("_sliced", node.node, *places)

    def visit_Const(self, node: nodes.Const) -> nodes.Node:
        try:
            str(node.value).encode()
        except UnicodeEncodeError:
            raise TemplateSyntaxError("there is half a character in this text", node.lineno) from None
        return node

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:
        if node.name.startswith("_"):
            raise TemplateSyntaxError(f"there is no filter '{node.name}'", node.lineno)
        self.generic_visit(node)
        return node


def _filtered_by(name: str, node: Any, *more: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(more), [], None, None, lineno=node.lineno)
