"""Printed formulas judged by their syntax tree: only free symbols, `min`, `max`, integers and + - * // ** ( ) occur."""

import ast
import operator
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

Number = int | Fraction
BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Pow: operator.pow,
}
COMPARED = {ast.LtE: operator.le, ast.GtE: operator.ge, ast.Eq: operator.eq}
CALLS = {"min": min, "max": max}


def evaluate(text: str, values: Mapping[str, Number]) -> Number:
    """The number that the text stands for; an AssertionError where it holds anything else."""
    return _value(ast.parse(text, mode="eval").body, values)


def holds(text: str, values: Mapping[str, Number]) -> bool:
    """Whether comparisons of such expressions hold, joined by and, or; remainders occur there too."""
    return _holds(ast.parse(text, mode="eval").body, values)


def _holds(node: ast.expr, values: Mapping[str, Number]) -> bool:
    if isinstance(node, ast.BoolOp):
        parts = [_holds(part, values) for part in node.values]
        return all(parts) if isinstance(node.op, ast.And) else any(parts)
    assert isinstance(node, ast.Compare), ast.dump(node)
    sides = [_side(side, values) for side in (node.left, *node.comparators)]
    return all(COMPARED[type(mark)](*pair) for mark, pair in zip(node.ops, pairwise(sides), strict=True))


def _side(node: ast.expr, values: Mapping[str, Number]) -> Number:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _value(node.left, values) % _value(node.right, values)
    return _value(node, values)


def _value(node: ast.expr, values: Mapping[str, Number]) -> Number:
    if isinstance(node, ast.Name):
        assert node.id in values, node.id
        return values[node.id]
    if isinstance(node, ast.Constant):
        assert type(node.value) is int, node.value
        return node.value
    if isinstance(node, ast.BinOp):
        assert type(node.op) in BINARY, ast.dump(node)
        return BINARY[type(node.op)](_value(node.left, values), _value(node.right, values))
    if isinstance(node, ast.UnaryOp):
        assert isinstance(node.op, ast.USub), ast.dump(node)
        return -_value(node.operand, values)
    assert isinstance(node, ast.Call), ast.dump(node)
    assert isinstance(node.func, ast.Name), ast.dump(node)
    assert not node.keywords
    return CALLS[node.func.id](*(_value(argument, values) for argument in node.args))
