"""Operators that nobody declared, counted as a user tells: `com.acme::Foo=elementwise`.

    elementwise, elementwise=4   so many operations (1) for each element of the outputs
    free                         it moves nothing and costs nothing
    matmul, conv                 as onnx::MatMul, onnx::Conv
    onnx::Gelu, com.microsoft::FusedMatMul
                                 as an operator that is known, attributes and slots alike

Outputs of the first two have the shapes that the file declares, else that of the first input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from inception_calc.onnx_ops.kind import Call, Kind
from inception_calc.onnx_ops.register import OWN_DOMAIN, declared, find
from inception_calc.onnx_ops.value import Outputs, Tensor
from inception_calc.primitives.elements import Elementwise
from inception_calc.primitives.primitive import Primitives
from inception_calc.problems import Fault, nearest

ELEMENTWISE, FREE = "elementwise", "free"
SAME_AS = {"matmul": "onnx::MatMul", "conv": "onnx::Conv"}
WAYS = (ELEMENTWISE, FREE, *SAME_AS)
ONNX_DOMAINS = ("onnx", *OWN_DOMAIN)
"""How ONNX's own domain may be written."""
POSSIBLE = "write elementwise, elementwise=4, free, matmul, conv, or a known operator such as onnx::Gelu"
MOST_OPS = 1_000_000


class Told(NamedTuple):
    """How to count an operator: so many operations for each element, or as another one."""

    domain: str
    name: str
    text: str
    ops: int = 0
    like: tuple[str, str] | None = None
    """Domain and name of an operator that is known."""

    @property
    def words(self) -> str:
        """What is taken for granted."""
        return f"{operator_text(self.domain, self.name)} is counted as told: {self.text}"

    def kind(self, opsets: Mapping[str, int], made: Callable[[], Outputs]) -> Kind:
        """The operator under these opsets; `made` gives the outputs as far as the file declares them."""
        if self.like is not None:
            domain, name = self.like
            found = find(domain, name, opsets.get(domain, NEWEST))
            assert found is not None
            return found
        return Kind(
            self.name, 1, _as_declared(made), _elementwise(self.ops), view=self.text == FREE, domain=self.domain
        )


NEWEST = 1 << 30
"""The opset of a domain that the file does not import."""


def operator_text(domain: str, name: str) -> str:
    """`com.acme::Foo`."""
    return f"{domain}::{name}" if domain not in OWN_DOMAIN else name


def read_operator(text: str) -> tuple[str, str]:
    """Domain and name of `com.acme::Foo`, `onnx::Conv` or `Conv`; raises `Fault`."""
    domain, colons, name = text.strip().rpartition("::")
    if not name or (colons and not domain) or any(c.isspace() for c in name):
        raise Fault("bad-operator", f"'{text}' is no operator", fix="write DOMAIN::NAME, com.acme::Foo")
    return "" if domain in ONNX_DOMAINS else domain, name


def read_told(operator: str, way: str) -> Told:
    """How an operator is counted, from two texts; raises `Fault` with what is possible."""
    domain, name = read_operator(operator)
    text = way.strip()
    word, equals, number = text.partition("=")
    if word == ELEMENTWISE:
        ops = number if equals else "1"
        if not (ops.isascii() and ops.isdigit()) or int(ops[:10]) > MOST_OPS:
            raise Fault("bad-value", f"'{number}' is no number of operations for each element", fix="elementwise=4")
        return Told(domain, name, text, int(ops))
    if text == FREE:
        return Told(domain, name, text)
    meant = SAME_AS.get(text, text)
    if "::" not in meant:
        raise Fault("bad-value", f"'{way}' is no way to count an operator", fix=nearest(text, WAYS) or POSSIBLE)
    like = read_operator(meant)
    if find(*like, NEWEST) is None:
        known = [f"{kind.domain or 'onnx'}::{kind.name}" for kind in declared()]
        near = nearest(f"{like[0] or 'onnx'}::{like[1]}", known)
        raise Fault("bad-value", f"there is no known operator '{meant}'", fix=near or POSSIBLE)
    return Told(domain, name, text, like=like)


def _as_declared(made: Callable[[], Outputs]) -> Callable[[Call], Outputs]:
    """What the file declares of each output; of one that it says nothing of, the first input."""

    def rule(call: Call) -> Outputs:
        return tuple(value if isinstance(value, Tensor) else call.tensor(0)._replace(values=None) for value in made())

    return rule


def _elementwise(ops: int) -> Callable[[Call, Outputs], Primitives]:
    def cost(call: Call, outputs: Outputs) -> Primitives:
        sizes = [value.elements for value in outputs if isinstance(value, Tensor)]
        return tuple(Elementwise(size, ops) for size in sizes) if ops else ()

    return cost
