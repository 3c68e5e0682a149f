"""Windows that slide over any number of spatial axes: convolutions, transposed ones, pools and their kin."""

from __future__ import annotations

from dataclasses import replace

from inception_calc.dims import (
    ALWAYS_CLIPPED,
    ODD_BEFORE,
    Dim,
    Pads,
    Sides,
    Window,
    exact_quotient,
    product,
    sides_text,
)
from inception_calc.onnx_ops.arithmetic import Sizes, equal, less
from inception_calc.onnx_ops.kind import Call, Cost, Kind, Rule, integer, integers, text
from inception_calc.onnx_ops.reduce import reduced_cost
from inception_calc.onnx_ops.value import INT32, INT64, Outputs, Tensor
from inception_calc.primitives.conv import Conv, TransposedConv
from inception_calc.primitives.elements import Elementwise
from inception_calc.primitives.pool import Pool
from inception_calc.primitives.primitive import Primitives
from inception_calc.problems import Fault


def window_of(call: Call, rank: int, kernel: Sizes | None) -> Window:
    """The settings of a window over `rank` axes; `kernel` is the size of the weights, where there are any."""
    settings = call.settings
    written = call.integers("kernel_shape")
    if written and kernel is not None and any(equal(a, b) is False for a, b in zip(written, kernel, strict=False)):
        raise Fault("shapes", f"a kernel_shape of {list(written)} and weights of {sides_text(kernel)}")
    kernel = written or kernel
    if kernel is None or len(kernel) != rank:
        raise Fault("wrong-rank", f"a kernel for {rank} spatial axes is needed")
    ones = (1,) * rank
    strides = call.integers("strides") or ones
    dilations = call.integers("dilations") or ones
    pads = call.integers("pads") or (0,) * 2 * rank
    if len(strides) != rank or len(dilations) != rank or len(pads) != 2 * rank:
        raise Fault("wrong-rank", f"strides, dilations and pads must fit {rank} spatial axes")
    if min((*strides, *dilations), default=1) < 1:
        raise Fault("wrong-value", "strides and dilations must be at least 1")
    if any(less(side, 1) for side in kernel):
        raise Fault("wrong-value", "each side of a kernel must be at least 1")
    auto_pad = settings.get("auto_pad")
    if auto_pad in {"SAME_UPPER", "SAME_LOWER"}:
        return Window(kernel, strides, None, dilations, rule=ODD_BEFORE if auto_pad == "SAME_LOWER" else "")
    around: Pads = tuple(zip(pads[:rank], pads[rank:], strict=True))
    if auto_pad == "VALID":
        around = ((0, 0),) * rank
    return Window(kernel, strides, around, dilations, bool(settings.get("ceil_mode")), ALWAYS_CLIPPED)


def convolution(weight: int, data_type: int | None = None, typed_by: int = 0) -> Rule:
    """A convolution whose weights are in slot `weight`."""

    def rule(call: Call) -> Outputs:
        x, w = call.tensor(0), call.shape(weight)
        if x.rank < 3 or len(w) != x.rank:
            raise Fault("wrong-rank", f"a convolution of {x.rank} axes with weights of {len(w)}")
        groups = _groups(call, w[0])
        if isinstance(x.shape[1], int) and isinstance(w[1], int) and x.shape[1] != w[1] * groups:
            raise Fault("shapes", f"{x.shape[1]} channels do not fit weights of {w[1]} in {groups} groups")
        positions = window_of(call, x.rank - 2, w[2:]).positions(x.shape[2:])
        kind = call.tensor(typed_by).data_type if data_type is None else data_type
        return (Tensor((x.shape[0], w[0], *positions), kind),)

    return rule


def _groups(call: Call, channels: Dim) -> int:
    """The number of groups that share out the first axis of the weights."""
    groups: int = call.settings["group"]
    if groups < 1 or (isinstance(channels, int) and channels % groups):
        raise Fault("wrong-value", f"weights of {channels} channels cannot be shared out among {groups} groups")
    return groups


def convolution_cost(weight: int) -> Cost:
    """The primitive of a convolution."""

    def cost(call: Call, outputs: Outputs) -> Primitives:
        x, w, y = call.shape(0), call.shape(weight), outputs[0]
        assert isinstance(y, Tensor)
        window, groups = window_of(call, len(x) - 2, w[2:]), call.settings["group"]
        return (Conv(window, x[2:], y.shape[2:], w[1] * groups, w[0], groups, x[0]),)

    return cost


def _transposed(call: Call) -> Outputs:
    x, w = call.tensor(0), call.shape(1)
    sizes = _transposed_window(call)[1]
    return (Tensor((x.shape[0], w[1] * _groups(call, w[0]), *sizes), x.data_type),)


def _transposed_window(call: Call) -> tuple[Window, Sides, Sides]:
    """The window, the sides of the output, and how much of these lies behind the last tap.

    Where the output's shape is written, padding follows from it: more of it behind with SAME_UPPER, else in front.
    """
    sides, rank = call.shape(0)[2:], len(call.shape(0)) - 2
    window = window_of(call, rank, call.shape(1)[2:])
    added = call.integers("output_padding") or (0,) * rank
    each = zip(window.axes, sides, added, strict=True)
    wanted = call.integers("output_shape")
    if not wanted:
        return window, tuple(axis.spread(extent, more) for axis, extent, more in each), added
    outputs = wanted[len(wanted) - rank :]
    pads = []
    for (axis, extent, more), output in zip(each, outputs, strict=True):
        both = axis._replace(padding=(0, 0)).spread(extent, more) - output
        less_half, more_half = both // 2, both - both // 2
        pads.append((less_half, more_half) if call.settings["auto_pad"] == "SAME_UPPER" else (more_half, less_half))
    return window._replace(padding=tuple(pads)), outputs, added


def _transposed_cost(call: Call, outputs: Outputs) -> Primitives:
    x, w, groups = call.shape(0), call.shape(1), call.settings["group"]
    window, sides, added = _transposed_window(call)
    return (TransposedConv(window, x[2:], sides, x[1], w[1] * groups, groups, x[0], output_padding=added),)


def _deformable_cost(call: Call, outputs: Outputs) -> Primitives:
    """The convolution, and four products for each tap that is read between elements."""
    (conv,) = convolution_cost(1)(call, outputs)
    assert isinstance(conv, Conv)
    taps = conv.batch * conv.in_channels * conv.window.area * product(conv.positions)
    return conv, Elementwise(taps, 7)


def pooled(call: Call, channels_last: bool = False) -> tuple[Sizes, Pool]:
    """The shape of what a pool leaves, and its primitive; `saved` is that of an average."""
    x = call.shape(0)
    sides, channels = (x[1:-1], x[-1]) if channels_last else (x[2:], x[1])
    window = window_of(call, len(sides), None)
    positions = window.positions(sides)
    shape = (x[0], *positions, channels) if channels_last else (x[0], channels, *positions)
    return shape, Pool(window, sides, positions, channels, batch=x[0])


def _pool(call: Call) -> Outputs:
    shape, _ = pooled(call)
    return Tensor(shape, call.tensor(0).data_type), Tensor(shape, INT64)


def pooling(saved: int, each: int = 1) -> Cost:
    """The primitive of a pool."""

    def cost(call: Call, outputs: Outputs) -> Primitives:
        return (replace(pooled(call)[1], saved=saved, each=each),)

    return cost


def _global(call: Call) -> Outputs:
    x = call.tensor(0)
    return (Tensor(x.shape[:2] + (1,) * (x.rank - 2), x.data_type),)


def _global_cost(saved: int, each: int = 1) -> Cost:
    def cost(call: Call, outputs: Outputs) -> Primitives:
        batch, channels, *sides = call.shape(0)
        return (Pool(None, tuple(sides), (1,) * len(sides), channels, saved, batch, each),)

    return cost


def _unpool(call: Call) -> Outputs:
    x = call.tensor(0)
    if call.has(2):
        return (Tensor(call.sizes(2), x.data_type),)
    axes = window_of(call, x.rank - 2, None).axes
    sizes = (axis.spread(extent) for axis, extent in zip(axes, x.shape[2:], strict=True))
    return (Tensor((*x.shape[:2], *sizes), x.data_type),)


def _roi_align(call: Call) -> Outputs:
    x = call.tensor(0)
    size = (call.settings["output_height"], call.settings["output_width"])
    return (Tensor((call.shape(1)[0], x.shape[1], *size), x.data_type),)


def _roi_pool(call: Call) -> Outputs:
    x = call.tensor(0)
    return (Tensor((call.shape(1)[0], x.shape[1], *(call.integers("pooled_shape") or ())), x.data_type),)


def _columns_to_image(call: Call) -> Outputs:
    x = call.tensor(0)
    known = call.vector(2)
    block = [] if known is None else [size for size in known if size is not None]
    sizes = call.sizes(1)
    channels = call.fresh() if known is None or len(block) < len(known) else exact_quotient(x.shape[1], product(block))
    return (Tensor((x.shape[0], channels, *sizes), x.data_type),)


def _grid_sample(call: Call) -> Outputs:
    x, grid = call.tensor(0), call.shape(1)
    return (Tensor((*x.shape[:2], *grid[1:-1]), x.data_type),)


def _sample_cost(call: Call, outputs: Outputs) -> Primitives:
    y = outputs[0]
    assert isinstance(y, Tensor)
    return (Elementwise(y.elements, 2 ** (y.rank - 2) * 2 - 1),)


WINDOW = {
    "auto_pad": text("NOTSET"),
    "kernel_shape": integers(),
    "strides": integers(),
    "dilations": integers(),
    "pads": integers(),
}
KERNEL = {"kernel_shape": integers(required=True)}
CONV = {**WINDOW, "group": integer(1)}
DEFORM = {name: setting for name, setting in CONV.items() if name != "auto_pad"}
POOL = {**WINDOW, **KERNEL, "ceil_mode": integer(0)}
WEIGHTS = {1: "weights", 2: "biases"}

KINDS: tuple[Kind, ...] = (
    Kind("Conv", 1, convolution(1), convolution_cost(1), CONV, WEIGHTS),
    Kind("ConvInteger", 10, convolution(1, INT32), convolution_cost(1), CONV, {1: "weights"}),
    Kind(
        "QLinearConv",
        10,
        convolution(3, typed_by=7),
        convolution_cost(3),
        CONV,
        {3: "weights", 8: "biases"},
    ),
    Kind(
        "ConvTranspose",
        1,
        _transposed,
        _transposed_cost,
        {**CONV, "output_padding": integers(), "output_shape": integers()},
        WEIGHTS,
    ),
    Kind("DeformConv", 19, convolution(1), _deformable_cost, DEFORM, {1: "weights", 3: "biases"}),
    Kind("MaxPool", 1, _pool, pooling(1), POOL),
    Kind("AveragePool", 1, _pool, pooling(0), POOL),
    Kind("LpPool", 1, _pool, pooling(0, 2), POOL),
    Kind("GlobalMaxPool", 1, _global, _global_cost(1), in_place=False),
    Kind("GlobalAveragePool", 1, _global, _global_cost(0)),
    Kind("GlobalLpPool", 1, _global, _global_cost(0, 2)),
    Kind("MaxUnpool", 9, _unpool, settings={**KERNEL, "strides": integers(), "pads": integers()}),
    Kind("RoiAlign", 10, _roi_align, _sample_cost, {"output_height": integer(1), "output_width": integer(1)}),
    Kind("MaxRoiPool", 1, _roi_pool, settings={"pooled_shape": integers(required=True)}),
    Kind("Col2Im", 18, _columns_to_image, reduced_cost),
    Kind("GridSample", 16, _grid_sample, _sample_cost),
)
