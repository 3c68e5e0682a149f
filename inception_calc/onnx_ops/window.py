"""Windows that slide over any number of spatial axes: convolutions, transposed ones, pools and their kin."""

from __future__ import annotations

from typing import NamedTuple

from inception_calc.dims import Dim, ceil_div, exact_quotient, floor_div, product, sides_text
from inception_calc.onnx_ops.arithmetic import Sizes, equal, less, smaller
from inception_calc.onnx_ops.kind import Call, Cost, Kind, Rule, integer, integers, text
from inception_calc.onnx_ops.primitives import Conv, Elementwise, Pool, Primitives, Reduce
from inception_calc.onnx_ops.value import INT32, INT64, Outputs, Tensor
from inception_calc.problems import Fault


class Window(NamedTuple):
    """A kernel on some spatial axes; `pads` are all beginnings, then all ends, None for "same"."""

    kernel: Sizes
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    pads: tuple[int, ...] | None
    ceil: bool = False

    def positions(self, spatial: Sizes) -> Sizes:
        """How many positions it takes along each axis."""
        return tuple(self._along(axis, size) for axis, size in enumerate(spatial))

    def _along(self, axis: int, size: Dim) -> Dim:
        stride = self.strides[axis]
        if self.pads is None:
            return ceil_div(size, stride)
        before, after = self.pads[axis], self.pads[axis + len(self.kernel)]
        span = size + before + after - self.reach(axis)
        if less(span, 0):
            raise Fault("window-too-large", f"a window of {self.reach(axis)} does not fit into axis {axis} of {size}")
        if not self.ceil:
            return floor_div(span, stride) + 1
        return ceil_div(smaller(span + stride, size + before), stride)  # no window begins in the padding behind

    def reach(self, axis: int) -> Dim:
        """How many elements the dilated kernel spans."""
        return self.dilations[axis] * (self.kernel[axis] - 1) + 1


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
    match settings.get("auto_pad"):
        case "SAME_UPPER" | "SAME_LOWER":
            return Window(kernel, strides, dilations, None)
        case "VALID":
            pads = (0,) * 2 * rank
    return Window(kernel, strides, dilations, pads, bool(settings.get("ceil_mode")))


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
        groups = call.settings["group"]
        return (Conv(x[0], w[1] * groups, w[0], groups, w[2:], y.shape[2:]),)

    return cost


def _transposed(call: Call) -> Outputs:
    x, w = call.tensor(0), call.shape(1)
    rank = x.rank - 2
    window = window_of(call, rank, w[2:])
    extra = call.integers("output_padding") or (0,) * rank
    wanted = call.integers("output_shape")
    sizes: list[Dim] = []
    for axis, size in enumerate(x.shape[2:]):
        stride = window.strides[axis]
        if wanted:
            sizes.append(wanted[len(wanted) - rank :][axis])
        elif window.pads is None:
            sizes.append(size * stride)
        else:
            pads = window.pads[axis] + window.pads[axis + rank]
            sizes.append(stride * (size - 1) + extra[axis] + window.reach(axis) - pads)
    return (Tensor((x.shape[0], w[1] * _groups(call, w[0]), *sizes), x.data_type),)


def _transposed_cost(call: Call, outputs: Outputs) -> Primitives:
    x, w, groups = call.shape(0), call.shape(1), call.settings["group"]
    return (Conv(x[0], x[1], w[1] * groups, groups, w[2:], x[2:], transposed=True),)


def _deformable_cost(call: Call, outputs: Outputs) -> Primitives:
    """The convolution, and four products for each tap that is read between elements."""
    (conv,) = convolution_cost(1)(call, outputs)
    assert isinstance(conv, Conv)
    taps = conv.batch * conv.in_channels * product(conv.kernel) * product(conv.positions)
    return conv, Elementwise("interpolation", taps, 7)


def _pool(call: Call) -> Outputs:
    x = call.tensor(0)
    shape = (*x.shape[:2], *window_of(call, x.rank - 2, None).positions(x.shape[2:]))
    return Tensor(shape, x.data_type), Tensor(shape, INT64)


def _pool_cost(kind: str, saved: int) -> Cost:
    def cost(call: Call, outputs: Outputs) -> Primitives:
        x, y = call.shape(0), outputs[0]
        assert isinstance(y, Tensor)
        kernel = window_of(call, len(x) - 2, None).kernel
        return (Pool(kind, x[0] * x[1], kernel, y.shape[2:], saved),)

    return cost


def _global(call: Call) -> Outputs:
    x = call.tensor(0)
    return (Tensor(x.shape[:2] + (1,) * (x.rank - 2), x.data_type),)


def _global_cost(kind: str, saved: int) -> Cost:
    def cost(call: Call, outputs: Outputs) -> Primitives:
        x = call.shape(0)
        return (Pool(kind, x[0] * x[1], x[2:], (1,) * (len(x) - 2), saved),)

    return cost


def _unpool(call: Call) -> Outputs:
    x = call.tensor(0)
    if call.has(2):
        return (Tensor(call.sizes(2), x.data_type),)
    rank = x.rank - 2
    window = window_of(call, rank, None)
    pads = window.pads or (0,) * 2 * rank
    sizes = tuple(
        window.strides[axis] * (size - 1) + window.kernel[axis] - pads[axis] - pads[axis + rank]
        for axis, size in enumerate(x.shape[2:])
    )
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


def _columns_cost(call: Call, outputs: Outputs) -> Primitives:
    y = outputs[0]
    assert isinstance(y, Tensor)
    return (Reduce("Col2Im", call.tensor(0).elements, y.elements),)


def _grid_sample(call: Call) -> Outputs:
    x, grid = call.tensor(0), call.shape(1)
    return (Tensor((*x.shape[:2], *grid[1:-1]), x.data_type),)


def _sample_cost(call: Call, outputs: Outputs) -> Primitives:
    y = outputs[0]
    assert isinstance(y, Tensor)
    return (Elementwise("interpolation", y.elements, 2 ** (y.rank - 2) * 2 - 1),)


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
    Kind("MaxPool", 1, _pool, _pool_cost("max", 1), POOL),
    Kind("AveragePool", 1, _pool, _pool_cost("average", 0), POOL),
    Kind("LpPool", 1, _pool, _pool_cost("lp", 0), POOL),
    Kind("GlobalMaxPool", 1, _global, _global_cost("max", 1), in_place=False),
    Kind("GlobalAveragePool", 1, _global, _global_cost("average", 0)),
    Kind("GlobalLpPool", 1, _global, _global_cost("lp", 0)),
    Kind("MaxUnpool", 9, _unpool, settings={**KERNEL, "strides": integers(), "pads": integers()}),
    Kind("RoiAlign", 10, _roi_align, _sample_cost, {"output_height": integer(1), "output_width": integer(1)}),
    Kind("MaxRoiPool", 1, _roi_pool, settings={"pooled_shape": integers(required=True)}),
    Kind("Col2Im", 18, _columns_to_image, _columns_cost),
    Kind("GridSample", 16, _grid_sample, _sample_cost),
)
