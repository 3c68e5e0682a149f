"""Matrix products and sums of products over named axes."""

from __future__ import annotations

from itertools import accumulate
from string import ascii_letters

from inception_calc.dims import Dim, product
from inception_calc.onnx_ops.arithmetic import Sizes, broadcast
from inception_calc.onnx_ops.kind import Call, Cost, Kind, Rule, integer, real, text
from inception_calc.onnx_ops.value import INT32, Outputs, Tensor
from inception_calc.primitives.matrix import Contraction, MatrixProduct
from inception_calc.primitives.primitive import Primitives
from inception_calc.problems import Fault


def _agree(first: Dim, second: Dim) -> Dim:
    """The size that is summed over; both must say the same."""
    if isinstance(first, int) and isinstance(second, int) and first != second:
        raise Fault("shapes", f"a matrix product over {first} and {second} elements", fix="they must be equally many")
    return first if isinstance(first, int) else second


def matrix_shapes(call: Call, a: Sizes, b: Sizes) -> tuple[Sizes, MatrixProduct]:
    """The product's shape and size: vectors stand for one row, or one column; other axes are broadcast."""
    if not a or not b:
        raise Fault("wrong-rank", "a matrix product of a scalar")
    rows, columns = a if len(a) > 1 else (1, *a), b if len(b) > 1 else (*b, 1)
    batch = call.broadcast(rows[:-2], columns[:-2])
    middle = _agree(rows[-1], columns[-2])
    shape = batch + rows[-2:-1] * (len(a) > 1) + columns[-1:] * (len(b) > 1)
    return shape, MatrixProduct(product(batch), rows[-2], middle, columns[-1])


def multiplying(b: int, data_type: int | None = None, typed_by: int = 0) -> Rule:
    """A matrix product of inputs 0 and `b`."""

    def rule(call: Call) -> Outputs:
        shape, _ = matrix_shapes(call, call.shape(0), call.shape(b))
        return (Tensor(shape, call.tensor(typed_by).data_type if data_type is None else data_type),)

    return rule


def multiplying_cost(b: int) -> Cost:
    """The primitive of a matrix product."""

    def cost(call: Call, outputs: Outputs) -> Primitives:
        return (matrix_shapes(call, call.shape(0), call.shape(b))[1],)

    return cost


def _gemm_shapes(call: Call) -> tuple[Dim, Dim, Dim]:
    a, b = call.shape(0, 2), call.shape(1, 2)
    m, k = a if not call.settings["transA"] else a[::-1]
    other, n = b if not call.settings["transB"] else b[::-1]
    return m, _agree(k, other), n


def _gemm(call: Call) -> Outputs:
    m, _, n = _gemm_shapes(call)
    return (Tensor((m, n), call.tensor(0).data_type),)


def gemm_cost(call: Call, outputs: Outputs) -> Primitives:
    """One matrix product."""
    return (MatrixProduct(1, *_gemm_shapes(call)),)


def _axes(call: Call) -> tuple[list[str], str, dict[str, Dim]]:
    """The letters of each operand and of the output, and the size of each letter; dots become spare letters."""
    equation = call.settings["equation"].replace(" ", "")
    left, arrow, right = equation.partition("->")
    terms = left.split(",")
    if len(terms) != len(call.inputs):
        raise Fault("wrong-value", f"equation '{equation}' has {len(terms)} terms for {len(call.inputs)} inputs")
    spare = "".join(letter for letter in ascii_letters if letter not in equation)
    dots = ""
    for slot, term in enumerate(terms):
        if "..." in term:
            count = len(call.shape(slot)) - len(term) + 3
            dots = dots if len(dots) >= count else spare[:count]
    terms = [_spelled(term, dots, len(call.shape(slot))) for slot, term in enumerate(terms)]
    if not arrow:
        right = dots + "".join(
            sorted(letter for letter in set("".join(terms)) - set(dots) if "".join(terms).count(letter) == 1)
        )
    else:
        right = right.replace("...", dots)
    sizes: dict[str, Dim] = {}
    for slot, term in enumerate(terms):
        for letter, size in zip(term, call.shape(slot, len(term)), strict=True):
            sizes[letter] = broadcast(sizes.get(letter, 1), size, call.undecided)
    if not set(right) <= set(sizes):
        raise Fault("wrong-value", f"equation '{equation}' asks for an axis that no input has")
    return terms, right, sizes


def _spelled(term: str, dots: str, rank: int) -> str:
    """A term with letters for its dots: the last ones, where it has fewer axes than others."""
    if "..." not in term:
        return term
    count = rank - len(term) + 3
    return term.replace("...", dots[len(dots) - count :] if count else "")


def _einsum(call: Call) -> Outputs:
    _, right, sizes = _axes(call)
    return (Tensor(tuple(sizes[letter] for letter in right), call.tensor(0).data_type),)


def _einsum_cost(call: Call, outputs: Outputs) -> Primitives:
    """Inputs are joined from left to right, as runtimes do; an axis is summed away as soon as nobody needs it."""
    terms, right, sizes = _axes(call)
    behind = list(accumulate(reversed(terms[1:]), lambda needed, term: needed | set(term), initial=set(right)))
    steps: list[Contraction] = []
    have = terms[0]
    for term, needed in zip(terms[1:], reversed(behind[:-1]), strict=True):
        letters = dict.fromkeys(have + term)
        steps.append(Contraction(tuple((letter, sizes[letter]) for letter in letters)))
        have = "".join(letter for letter in letters if letter in needed)
    return tuple(steps)


GEMM = {"transA": integer(0), "transB": integer(0), "alpha": real(1.0), "beta": real(1.0)}
PRODUCT = {0: "weights", 1: "weights"}

KINDS: tuple[Kind, ...] = (
    Kind("MatMul", 1, multiplying(1), multiplying_cost(1), roles=PRODUCT),
    Kind("MatMulInteger", 10, multiplying(1, INT32), multiplying_cost(1), roles=PRODUCT),
    Kind("QLinearMatMul", 10, multiplying(3, typed_by=7), multiplying_cost(3), roles={0: "weights", 3: "weights"}),
    Kind("Gemm", 1, _gemm, gemm_cost, GEMM, {0: "weights", 1: "weights", 2: "biases"}),
    Kind(
        "Einsum",
        12,
        _einsum,
        _einsum_cost,
        {"equation": text(required=True)},
        {0: "weights", 1: "weights", 2: "weights"},
    ),
)
