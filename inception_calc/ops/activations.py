"""Activations, functions of each element alone: `relu`, `{leaky relu: 0.2}`; as a setting `activation: relu`.

    word           function                                     element ops   its number
    relu           max(x, 0)                                    1
    relu6          min(max(x, 0), 6)                            2
    leaky relu     x, below zero slope * x                      1             slope, 0.01
    rrelu          leaky relu, its slope drawn in training      1             slope at inference, 11/48
    elu            x, below zero alpha * (exp(x) - 1)           1             alpha, 1
    celu           x, below zero alpha * (exp(x / alpha) - 1)   1             alpha, 1
    selu           1.0507 * elu of alpha 1.6733                 1
    sigmoid        1 / (1 + exp(-x))                            1
    hard sigmoid   max(0, min(1, slope * x + 1/2))              1             slope, 1/6
    log sigmoid    log(sigmoid(x))                              2
    tanh           (exp(x) - exp(-x)) / (exp(x) + exp(-x))      1
    hard tanh      max(-bound, min(bound, x))                   2             bound, 1
    softsign       x / (1 + |x|)                                1
    softplus       log(1 + exp(x))                              1
    exponential    exp(x)                                       1
    silu           x * sigmoid(x), also called swish            2
    hard swish     x * hard sigmoid(x)                          2
    mish           x * tanh(softplus(x))                        3
    gelu           x / 2 * (1 + erf(x / sqrt(2)))               5
    gelu tanh      the same, erf by tanh of a cubic             8
    quick gelu     x * sigmoid(1.702 * x)                       3
    hard shrink    x, zero where |x| < bound                    1             bound, 0.5
    soft shrink    x less bound towards zero, and zero there    1             bound, 0.5
    tanh shrink    x - tanh(x)                                  2
    threshold      x, zero where x <= bound                     1             bound, 1
    square plus    (x + sqrt(x * x + b)) / 2                    5             b, 4
    relu squared   max(x, 0) * max(x, 0)                        2
    sparse sigmoid max(0, min(1, (x + 1) / 2))                  1
    sparse plus    (x + 1)^2 / 4, below -1 zero, above 1 x      8

An element op is one of the steps that an ONNX graph takes: a function that runtimes have a kernel for is one step, a
limit on each side one. Numbers that are not written are PyTorch's: Keras's leaky relu has a slope of 0.3,
and its hard sigmoid had one of 0.2 before Keras 3. Sources: Krizhevsky et al. 2012, section 3.1 (relu); MobileNetV2,
section 3.3 (relu6); Ramachandran et al. 2017 (silu); Hendrycks and Gimpel 2016 (gelu); MobileNetV3, section 5.2 (hard
swish); LeCun et al. 1998, equation 6 (tanh); Primer (So et al. 2021; relu squared).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import pi, sqrt
from typing import Any, ClassVar, NamedTuple

from pydantic import Field, create_model

from inception_calc.dims import Decimal, Scope, Shape
from inception_calc.ops.fields import DecimalOrNothingField, NothingField
from inception_calc.ops.layer import Elementwise
from inception_calc.ops.nodes import Constant, Node, Nodes, one
from inception_calc.ops.operator import Operator, Part, decimal_at


class Function(NamedTuple):
    """An activation: element ops, and the nodes that compute it with the value of its number."""

    ops: int
    nodes: Callable[[float], Nodes]
    number: str = ""
    """What its number is called; empty where it has none."""
    default: Fraction = Fraction(0)


class Chain:
    """Nodes of one input or two, one after the other; constants are written where they are used."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._constants: list[Constant] = []

    def then(self, op_type: str, *inputs: str | float, **attributes: float) -> str:
        """Adds a node; its name."""
        names = tuple(self._constant(item) if isinstance(item, float) else item for item in inputs)
        self._nodes.append(Node(op_type, names, f"step {len(self._nodes) + 1}", attributes))
        return self._nodes[-1].name

    def nodes(self) -> Nodes:
        """The nodes, the last of which gives the layer's value."""
        *before, last = self._nodes
        return Nodes((*before, last._replace(name="")), constants=tuple(dict.fromkeys(self._constants)))

    def _constant(self, value: float) -> str:
        constant = Constant(f"{value:.6g}", (value,), ())
        self._constants.append(constant)
        return constant.name


def _between(low: float, high: float) -> Nodes:
    chain = Chain()
    chain.then("Clip", "x", low, high)
    return chain.nodes()


def _log_sigmoid(_: float) -> Nodes:
    chain = Chain()
    chain.then("Log", chain.then("Sigmoid", "x"))
    return chain.nodes()


def _silu(_: float) -> Nodes:
    chain = Chain()
    chain.then("Mul", "x", chain.then("Sigmoid", "x"))
    return chain.nodes()


def _hard_swish(_: float) -> Nodes:
    chain = Chain()
    chain.then("Mul", "x", chain.then("HardSigmoid", "x", alpha=1 / 6, beta=0.5))
    return chain.nodes()


def _mish(_: float) -> Nodes:
    chain = Chain()
    chain.then("Mul", "x", chain.then("Tanh", chain.then("Softplus", "x")))
    return chain.nodes()


def _gelu(_: float) -> Nodes:
    chain = Chain()
    share = chain.then("Add", chain.then("Erf", chain.then("Div", "x", sqrt(2))), 1.0)
    chain.then("Mul", chain.then("Mul", "x", share), 0.5)
    return chain.nodes()


def _gelu_tanh(_: float) -> Nodes:
    chain = Chain()
    cubic = chain.then("Add", "x", chain.then("Mul", chain.then("Pow", "x", 3.0), 0.044715))
    share = chain.then("Add", chain.then("Tanh", chain.then("Mul", cubic, sqrt(2 / pi))), 1.0)
    chain.then("Mul", chain.then("Mul", "x", share), 0.5)
    return chain.nodes()


def _quick_gelu(_: float) -> Nodes:
    chain = Chain()
    chain.then("Mul", "x", chain.then("Sigmoid", chain.then("Mul", "x", 1.702)))
    return chain.nodes()


def _tanh_shrink(_: float) -> Nodes:
    chain = Chain()
    chain.then("Sub", "x", chain.then("Tanh", "x"))
    return chain.nodes()


def _square_plus(b: float) -> Nodes:
    chain = Chain()
    root = chain.then("Sqrt", chain.then("Add", chain.then("Mul", "x", "x"), b))
    chain.then("Mul", chain.then("Add", "x", root), 0.5)
    return chain.nodes()


def _relu_squared(_: float) -> Nodes:
    chain = Chain()
    positive = chain.then("Relu", "x")
    chain.then("Mul", positive, positive)
    return chain.nodes()


def _sparse_plus(_: float) -> Nodes:
    chain = Chain()
    inside = chain.then("Add", chain.then("Clip", "x", -1.0, 1.0), 1.0)
    bent = chain.then("Mul", chain.then("Mul", inside, inside), 0.25)
    chain.then("Add", bent, chain.then("Relu", chain.then("Sub", "x", 1.0)))
    return chain.nodes()


FUNCTIONS: dict[str, Function] = {
    "relu": Function(1, lambda _: one("Relu")),
    "relu6": Function(2, lambda _: _between(0.0, 6.0)),
    "leaky relu": Function(1, lambda slope: one("LeakyRelu", alpha=slope), "slope", Fraction(1, 100)),
    "rrelu": Function(1, lambda slope: one("LeakyRelu", alpha=slope), "slope", Fraction(11, 48)),
    "elu": Function(1, lambda alpha: one("Elu", alpha=alpha), "alpha", Fraction(1)),
    "celu": Function(1, lambda alpha: one("Celu", alpha=alpha), "alpha", Fraction(1)),
    "selu": Function(1, lambda _: one("Selu")),
    "sigmoid": Function(1, lambda _: one("Sigmoid")),
    "hard sigmoid": Function(1, lambda slope: one("HardSigmoid", alpha=slope, beta=0.5), "slope", Fraction(1, 6)),
    "log sigmoid": Function(2, _log_sigmoid),
    "tanh": Function(1, lambda _: one("Tanh")),
    "hard tanh": Function(2, lambda bound: _between(-bound, bound), "bound", Fraction(1)),
    "softsign": Function(1, lambda _: one("Softsign")),
    "softplus": Function(1, lambda _: one("Softplus")),
    "exponential": Function(1, lambda _: one("Exp")),
    "silu": Function(2, _silu),
    "hard swish": Function(2, _hard_swish),
    "mish": Function(3, _mish),
    "gelu": Function(5, _gelu),
    "gelu tanh": Function(8, _gelu_tanh),
    "quick gelu": Function(3, _quick_gelu),
    "hard shrink": Function(1, lambda bound: one("Shrink", lambd=bound, bias=0.0), "bound", Fraction(1, 2)),
    "soft shrink": Function(1, lambda bound: one("Shrink", lambd=bound, bias=bound), "bound", Fraction(1, 2)),
    "tanh shrink": Function(2, _tanh_shrink),
    "threshold": Function(1, lambda bound: one("ThresholdedRelu", alpha=bound), "bound", Fraction(1)),
    "square plus": Function(5, _square_plus, "b", Fraction(4)),
    "relu squared": Function(2, _relu_squared),
    "sparse sigmoid": Function(1, lambda _: one("HardSigmoid", alpha=0.5, beta=0.5)),
    "sparse plus": Function(8, _sparse_plus),
}
"""Word -> what it computes."""


@dataclass(frozen=True, slots=True)
class Activation(Elementwise):
    """One of the functions, with its number where it has one."""

    op: str  # type: ignore[misc]
    number: Fraction | None = None

    @property
    def ops_per_element(self) -> int:  # type: ignore[override]
        """As many as the table says."""
        return FUNCTIONS[self.op].ops

    def facts(self) -> dict[str, object]:
        """Its number, by name."""
        return {} if self.number is None else {FUNCTIONS[self.op].number: self.number}

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        return FUNCTIONS[self.op].nodes(float(self.number or 0))


class ActivationStep(Operator):
    """An activation as a step of its own."""

    keeps_map: ClassVar[bool] = True
    argument: Any

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        if not FUNCTIONS[self.key].number:
            return [Part("", Activation(self.key))]
        written: Decimal | None = self.argument
        number = FUNCTIONS[self.key].default if written is None else decimal_at(self.key, scope, written)
        return [Part("", Activation(self.key, number))]


@cache
def __getattr__(word: str) -> type[Operator]:
    """The operator of one word, made where the register first asks for it."""
    if word not in FUNCTIONS:
        raise AttributeError(word)
    field: Any = DecimalOrNothingField if FUNCTIONS[word].number else NothingField
    model = create_model(word, __base__=ActivationStep, __module__=__name__, argument=(field, Field(alias=word)))
    model.__doc__ = ActivationStep.__doc__
    model.key, model.smallest = word, {word: ""}
    return model
