"""Random nets without padding that enlarge, join, flatten and end in whole-map operators, run forward along one axis.

As in `nets`, all weights are 1 and an output element depends on an image element exactly if it is larger than 0 when
that element alone is 1. Nothing is padded, so every element must see just what it depends on, up to the edges. A
vector (what `flatten` makes) is a line whose elements lie in one place of the map, in channels of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from hypothesis import strategies as st

from tests.analysis.nets import Line, copied, interpolated, scatter, slide

LONGEST = 80


@dataclass(frozen=True)
class State:
    """A map along one axis, or a vector."""

    line: Line
    is_vector: bool = False


@dataclass(frozen=True)
class Layer:
    text: str
    run: Callable[[State], State]


def on_map(text: str, run: Callable[[Line], Line]) -> Layer:
    """A layer that mixes channels: of a vector nothing but the sum is left, in the one place of its map."""
    return Layer(text, lambda x: State(run([sum(x.line)] if x.is_vector else x.line)))


def by_channel(text: str, run: Callable[[Line], Line]) -> Layer:
    """A layer of each channel alone: the places of a vector are one place each."""
    return Layer(text, lambda x: x if x.is_vector else State(run(x.line)))


def bilinear(line: Line, factor: int) -> Line:
    """Beyond the edge is the element at the edge."""
    return interpolated([line[0], *line, line[-1]], factor)[factor:-factor]


def hanging_over(line: Line, kernel: int, stride: int) -> Line:
    """Caffe's pool that rounds up, without padding."""
    positions = ceil((len(line) - kernel) / stride) + 1
    return [sum(line[o * stride : o * stride + kernel]) for o in range(positions)]


def bins(line: Line, levels: list[int]) -> Line:
    size = len(line)
    return [sum(line[i * size // n : -(-(i + 1) * size // n)]) for n in levels for i in range(n)]


@st.composite
def windows(draw: st.DrawFn, side: int) -> Layer:
    kernel, stride = draw(st.integers(1, min(3, side))), draw(st.integers(1, 3))
    kind = draw(st.sampled_from(["convolution", "depthwise convolution", "max pool", "average pool", "ceil"]))
    if kind == "ceil":
        stride = min(stride, kernel)  # a wider step may leave a window beside the map
        text = f"{{max pool: {kernel}x{kernel}/{stride}, rounding: ceil}}"
        return by_channel(text, lambda line: hanging_over(line, kernel, stride))
    most = (side - 1) // (kernel - 1) if kernel > 1 else 1
    dilation = draw(st.integers(1, min(2, most))) if "conv" in kind else 1

    def run(line: Line) -> Line:
        return slide(line, kernel, stride, 0, 0, dilation)

    if kind == "convolution":
        return on_map(f"{{{kind}: {kernel}x{kernel}/{stride}, filters: 1, dilation: {dilation}}}", run)
    more = f", dilation: {dilation}" if "conv" in kind else ""
    return by_channel(f"{{{kind}: {kernel}x{kernel}/{stride}{more}}}", run)


@st.composite
def enlargements(draw: st.DrawFn) -> Layer:
    kind, factor = draw(st.sampled_from(["nearest", "bilinear", "transposed"])), draw(st.integers(1, 3))
    if kind == "nearest":
        return by_channel(f"{{upsampling: {factor}}}", lambda line: copied(line, factor))
    if kind == "bilinear":
        return by_channel(f"{{upsampling: {factor}, mode: bilinear}}", lambda line: bilinear(line, factor))
    kernel = factor + draw(st.integers(0, 2))
    cut = draw(st.integers(0, (kernel - 1) // 2))
    text = f"{{transposed convolution: {kernel}x{kernel}/{factor}, filters: 1, padding: {cut}}}"
    return on_map(text, lambda line: scatter(line, kernel, factor, cut))


def chain(*layers: Layer) -> Layer:
    def run(x: State) -> State:
        for layer in layers:
            x = layer.run(x)
        return x

    texts = [layer.text.removeprefix("[").removesuffix("]") for layer in layers]
    return Layer(f"[{', '.join(texts)}]", run)


ITSELF = Layer("identity", lambda x: x)
ONE_BY_ONE = on_map("{convolution: 1x1, filters: 1}", lambda line: line)
POOLED = by_channel("{average pool: global}", lambda line: [sum(line)])
FLATTENED = Layer("flatten", lambda x: State(x.line, is_vector=len(x.line) > 1 or x.is_vector))
LINEAR = on_map("{linear: 1}", lambda line: [sum(line)])
RBF = on_map("{rbf: 1}", lambda line: [sum(line)])
RELU = Layer("relu", lambda x: x)
SOFTMAX = on_map("softmax", lambda line: line)


@st.composite
def same_size(draw: st.DrawFn, side: int) -> Layer:
    """A branch that keeps the map's size without padding."""
    kind = draw(st.sampled_from(["1x1", "there and back", "halved", "spread", "spread bilinear", "spread transposed"]))
    if kind == "there and back" and side > 2:
        kernel = draw(st.integers(2, min(3, side)))
        back = f"{{transposed convolution: {kernel}x{kernel}, filters: 1}}"
        return chain(
            on_map(f"{{convolution: {kernel}x{kernel}, filters: 1}}", lambda line: slide(line, kernel, 1, 0, 0)),
            on_map(back, lambda line: scatter(line, kernel, 1, 0)),
        )
    if kind == "halved" and side % 2 == 0:
        return chain(
            by_channel("{max pool: 2x2/2}", lambda line: slide(line, 2, 2, 0, 0)),
            by_channel("{upsampling: 2, mode: bilinear}", lambda line: bilinear(line, 2)),
        )
    if kind.startswith("spread"):
        if kind == "spread transposed":
            how = f"{{transposed convolution: {side}x{side}, filters: 1}}"
            return chain(POOLED, on_map(how, lambda line: line * side))
        mode = ", mode: bilinear" if kind == "spread bilinear" else ""
        return chain(POOLED, by_channel(f"{{upsampling: {side}{mode}}}", lambda line: line * side))
    return ONE_BY_ONE


@st.composite
def joins(draw: st.DrawFn, side: int) -> Layer:
    """Branches of one size, one after the other or added; a gate spread over the map."""
    word = draw(st.sampled_from(["concat", "sum", "product"]))
    branches = [ITSELF, *draw(st.lists(same_size(side), min_size=1, max_size=2))]
    if word == "product":
        branches = [ITSELF, chain(POOLED, ONE_BY_ONE)]
    if word == "sum":
        branches = [ONE_BY_ONE, *(chain(branch, ONE_BY_ONE) for branch in branches[1:])]
    if word != "product" and draw(st.booleans()):
        branches = [chain(branch, FLATTENED) for branch in branches]

    def run(x: State) -> State:
        states = [branch.run(x) for branch in branches]
        if word == "concat" and any(state.is_vector for state in states):
            return State([value for state in states for value in state.line], is_vector=True)
        longest = max(len(state.line) for state in states)
        lines = [state.line * (longest // len(state.line)) for state in states]
        added = [sum(values) for values in zip(*lines, strict=True)]
        return State(added, is_vector=any(state.is_vector for state in states))

    named = ", ".join(f"b{number}: {branch.text}" for number, branch in enumerate(branches))
    return Layer(f"{{{word}: {{{named}}}}}", run)


@st.composite
def ends(draw: st.DrawFn, side: int) -> Layer:
    """What sees the whole map, or a large part of it."""
    levels = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    window = f"{{average pool: {side}x{side}/1}}"
    convolution = f"{{convolution: {side}x{side}, filters: 1}}"
    pyramid = Layer(
        f"{{spatial pyramid pool: {levels}}}", lambda x: x if x.is_vector else State(bins(x.line, levels), True)
    )
    choices = [POOLED, LINEAR, FLATTENED, RBF, pyramid]
    choices.append(by_channel(window, lambda line: [sum(line)]))
    choices.append(on_map(convolution, lambda line: [sum(line)]))
    return draw(st.sampled_from(choices))


@st.composite
def whole_map_nets(draw: st.DrawFn) -> tuple[int, list[Layer]]:
    """The side of the image and the layers."""
    image = draw(st.integers(1, 12))
    state, layers = State([1.0] * image), []
    for _ in range(draw(st.integers(1, 6))):
        side = 1 if state.is_vector else len(state.line)
        kinds = [windows(side), joins(side), ends(side), st.sampled_from([RELU, SOFTMAX, FLATTENED])]
        kinds += [enlargements()] * 2 if side < LONGEST // 4 and not state.is_vector else []
        layer = draw(st.one_of(kinds))
        after = layer.run(state)
        if not after.line or len(after.line) > LONGEST:
            continue
        layers.append(layer)
        state = after
    return image, [*layers, draw(ends(1 if state.is_vector else len(state.line)))]
