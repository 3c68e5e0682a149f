"""The words of printed columns and references, and the counts that they stand for.

`params`, `weights`, `biases`, `buffers`, `multiply_adds` (or `ops`), `element_ops`, `depth` and `depth_with_pools`
are those of the analysis. Besides:

    connections   multiply-adds, one per output for its bias, for subsampling one per tap and bias of each output,
                  inputs x outputs for RBF units (LeNet-5's count)
    neurons       outputs of convolutions, linear layers and RBF units (AlexNet's count)
    layers.KIND   how many layers of an operator
    heads.METRIC  the training heads alone
    output, input .height .width .channels
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from inception_calc.analysis import Analysis, Group, LayerCost
from inception_calc.dims import Dim, Shape, total
from inception_calc.dims.formula import Part
from inception_calc.ops.register import REGISTER
from inception_calc.problems import Fault, listed, nearest

Layers = Sequence[LayerCost]

NEURONS = ("convolution", "depthwise convolution", "transposed convolution", "linear", "rbf")


def connections(analysis: Analysis, layers: Layers) -> Dim:
    """Connections as LeNet-5's authors count them."""

    def of(cost: LayerCost) -> Dim:
        layer, y = cost.layer, cost.layer.output
        if layer.op.op == "subsampling":
            return cost.element_ops  # additions and the product; the bias takes the place of the first addition
        if layer.op.op == "rbf":
            return analysis.graph.map_of(layer.inputs[0]).elements * y.elements
        return cost.multiply_adds + (y.elements if cost.used.weights and cost.used.biases else 0)

    return total(map(of, layers))


def neurons(layers: Layers) -> Dim:
    """Outputs of the layers that have weights; a separable convolution's first half is no layer of its own."""
    return total(
        cost.layer.output.elements
        for cost in layers
        if cost.layer.op.op in NEURONS and (cost.layer.depth or cost.layer.op.op == "rbf")
    )


OF_TOTALS = {
    "params": "params",
    "weights": "weights",
    "biases": "biases",
    "buffers": "buffers",
    "ops": "multiply_adds",
    "multiply_adds": "multiply_adds",
    "element_ops": "element_ops",
}
"""Word -> the metric that it stands for."""
OF_AUTHORS: dict[str, Callable[[Analysis, Layers], Dim]] = {
    "connections": connections,
    "neurons": lambda _, layers: neurons(layers),
}
"""Word -> a count that authors of papers make and that is no metric of ours."""
SUMS = (*OF_TOTALS, *OF_AUTHORS)
DEPTHS = ("depth", "depth_with_pools")
MAPS = ("output", "input")
WORDS = (*SUMS, *DEPTHS, *MAPS, "layers", "heads")
NOT_LAYERS = ("sequence", "identity", "separable convolution", "output of")
KINDS = tuple(key.replace(" ", "_") for key in REGISTER if key not in NOT_LAYERS)


@dataclass(frozen=True, slots=True)
class Counted:
    """An analysis with its rows by name, each worked out once."""

    analysis: Analysis
    rows: dict[str, Group]

    @classmethod
    def of(cls, analysis: Analysis) -> "Counted":
        """The analysis, ready to be asked."""
        return cls(analysis, {group.name: group for group in analysis.rows})

    def layers(self, row: str) -> Layers:
        """A row's layers; all for an empty name."""
        return self.rows[row].layers if row else self.analysis.layers

    def count(self, word: str, row: str = "") -> Dim:
        """A sum or a depth of a row, or of the whole for an empty name."""
        if word in OF_AUTHORS:
            return OF_AUTHORS[word](self.analysis, self.layers(row))
        return getattr(self.rows[row].totals if row else self.analysis.totals, OF_TOTALS.get(word, word))

    def count_of_heads(self, word: str) -> Dim:
        """A sum over the layers of the training heads, where they are counted."""
        heads = [name for name, group in self.rows.items() if group.row and group.row.is_head]
        return total(self.count(word, name) for name in heads)

    def map(self, which: str, row: str = "") -> Shape:
        """What enters or leaves a row, or the network for an empty name."""
        graph = self.analysis.graph
        body = [group for group in self.rows.values() if group.row and not group.row.is_head]
        if which == "input":
            found = self.rows[row].row if row else None
            return graph.map_of(found.source) if found else graph.input
        result = self.rows[row].output if row else body[-1].output
        assert result is not None
        return result


def metric_value(counted: Counted, row: str, path: Sequence[Part]) -> Dim:
    """The count at the end of a reference; a `Fault` at the word that means nothing."""
    first, rest = path[0], path[1:]
    if first.text in SUMS or first.text in DEPTHS:
        _nothing_after(first, rest)
        return counted.count(first.text, row)
    if first.text in MAPS:
        side = _one_after(first, rest, counted.map(first.text, row).names)
        found = counted.map(first.text, row)
        return found[found.names.index(side.text)]
    if first.text == "layers":
        kind = _one_after(first, rest, KINDS).text.replace("_", " ")
        return sum(cost.layer.op.op == kind for cost in counted.layers(row))
    if first.text == "heads" and not row:
        return counted.count_of_heads(_one_after(first, rest, SUMS).text)
    known = [*WORDS] if row else [*WORDS, *counted.rows]
    what = f"'{first.text}' is no count of a row" if row else f"'{first.text}' is no row and no count"
    hint = nearest(first.text, known) or f"there are {', '.join(WORDS)}"
    raise Fault("unknown-metric", what, fix=hint, span=first.span)


def _nothing_after(word: Part, rest: Sequence[Part]) -> None:
    if rest:
        raise Fault("bad-reference", f"nothing can follow '{word.text}'", fix="leave it out", span=rest[0].span)


def _one_after(word: Part, rest: Sequence[Part], known: Iterable[str]) -> Part:
    known = list(known)
    if not rest:
        what = f"'{word.text}' alone is no number"
        fix = f"add {listed([f'.{name}' for name in known], 'or', '`inception-calc table --by kind`')}"
        raise Fault("bad-reference", what, fix=fix, span=word.span)
    if rest[0].text not in known:
        what = f"'{rest[0].text}' is nothing that '{word.text}' has"
        hint = nearest(rest[0].text, known) or f"there are {listed(known, all_in='`inception-calc table --by kind`')}"
        raise Fault("unknown-metric", what, fix=hint, span=rest[0].span)
    _nothing_after(rest[0], rest[1:])
    return rest[0]
