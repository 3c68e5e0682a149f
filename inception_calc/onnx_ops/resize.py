"""Maps made larger or smaller: Resize and its forerunner Upsample. Sizes are floors of floats of 32 bits."""

from __future__ import annotations

from fractions import Fraction

from inception_calc.dims import Dim, exact_quotient
from inception_calc.onnx_ops.arithmetic import Scalar, Sizes, equal, exact, numeric, scaled
from inception_calc.onnx_ops.kind import Call, Kind, Setting, Unresolved, axis_of, integers, text
from inception_calc.onnx_ops.value import Outputs, Tensor
from inception_calc.primitives.elements import Elementwise, Enlarge
from inception_calc.primitives.primitive import Primitives


def _scaled_shape(call: Call, shape: Sizes, scales: tuple[Scalar, ...] | None) -> Sizes:
    if scales is None:
        return tuple(call.fresh() for _ in shape)
    return tuple(
        call.fresh() if scale is None else scaled(size, exact(scale)) for size, scale in zip(shape, scales, strict=True)
    )


def _resize_10(call: Call) -> Outputs:
    x = call.tensor(0)
    return (Tensor(_scaled_shape(call, x.shape, call.vector(1)), x.data_type),)


def _upsample_7(call: Call) -> Outputs:
    x = call.tensor(0)
    return (Tensor(_scaled_shape(call, x.shape, call.settings["scales"]), x.data_type),)


def _upsample_1(call: Call) -> Outputs:
    x = call.tensor(0)
    batch, channels, height, width = x.shape
    scales = (exact(call.settings["height_scale"]), exact(call.settings["width_scale"]))
    return (Tensor((batch, channels, *_scaled_shape(call, (height, width), scales)), x.data_type),)


def _resize(call: Call) -> Outputs:
    x = call.tensor(0)
    axes = call.integers("axes")
    axes = tuple(range(x.rank)) if axes is None else tuple(axis_of(axis, x.rank) for axis in axes)
    part = tuple(x.shape[axis] for axis in axes)
    if call.has(3) and call.shape(3) != (0,):
        sizes = _sizes(call, part)
    elif call.has(2):
        crop = call.settings["coordinate_transformation_mode"] == "tf_crop_and_resize"
        cropped = _cropped(call, part) if crop else None
        sizes = _scaled_shape(call, part, call.vector(2)) if cropped is None else cropped
    else:
        raise Unresolved
    shape = list(x.shape)
    for axis, size in zip(axes, sizes, strict=True):
        shape[axis] = size
    return (Tensor(tuple(shape), x.data_type),)


def _cropped(call: Call, part: Sizes) -> Sizes | None:
    """Sizes of a crop that is enlarged: floor(size * (end - start) * scale)."""
    roi, scales = call.vector(1) if call.has(1) else None, call.vector(2)
    if roi is None or scales is None or len(roi) != 2 * len(part):
        return None
    spans = [roi[axis + len(part)] - roi[axis] for axis in range(len(part))]
    return tuple(scaled(size, Fraction(span) * scale) for size, span, scale in zip(part, spans, scales, strict=True))


def _sizes(call: Call, part: Sizes) -> Sizes:
    """Sizes as an input gives them; a policy keeps the aspect ratio."""
    given = call.vector(3)
    if given is None:
        return tuple(call.fresh() for _ in part)
    sizes = tuple(call.fresh() if size is None else size for size in given)
    policy = call.settings["keep_aspect_ratio_policy"]
    if policy == "stretch":
        return sizes
    if not all(numeric(size) for size in (*sizes, *part)):
        return tuple(call.fresh() for _ in part)
    ratios = [Fraction(size, own) for size, own in zip(sizes, part, strict=True)]
    ratio = min(ratios) if policy == "not_larger" else max(ratios)
    return tuple(_rounded(ratio * own) for own in part)


def _rounded(value: Fraction) -> Dim:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


TAPS = {"nearest": 1, "linear": 2, "cubic": 4}


def _cost(call: Call, outputs: Outputs) -> Primitives:
    """Products and sums of the taps along each axis that changes; nearest takes one element as it is."""
    y = outputs[0]
    assert isinstance(y, Tensor)
    if (enlarged := _enlarged(call, y)) is not None:
        return (enlarged,)
    taps = TAPS.get(call.settings["mode"], 2)
    if taps == 1:
        return ()
    changed = sum(a is not b and a != b for a, b in zip(call.shape(0), y.shape, strict=True))
    return (Elementwise(y.elements, 2 * taps**changed - 1),)


def _enlarged(call: Call, y: Tensor) -> Enlarge | None:
    """A map whose sides all grow by whole factors, each element copied, or worked out from the neighbours around it."""
    x, settings = call.shape(0), call.settings
    factors = tuple(exact_quotient(after, before) for before, after in zip(x[2:], y.shape[2:], strict=True))
    if len(x) < 3 or not all(isinstance(factor, int) and factor > 1 for factor in factors):
        return None
    if not all(map(equal, y.shape, (*x[:2], *(side * factor for side, factor in zip(x[2:], factors, strict=True))))):
        return None
    is_linear = settings["mode"] == "linear"
    centred = settings.get("coordinate_transformation_mode", "asymmetric") in {"half_pixel", "pytorch_half_pixel"}
    rounded = settings.get("nearest_mode", "floor")
    copies = rounded in {"round_prefer_floor", "round_prefer_ceil"} if centred else rounded == "floor"
    if (settings["mode"] == "nearest" and copies) or (is_linear and centred):
        return Enlarge(x[2:], y.shape[2:], y.elements, is_linear, factors)
    return None


MODE = {"mode": text("nearest")}

KINDS: tuple[Kind, ...] = (
    Kind(
        "Upsample",
        1,
        _upsample_1,
        _cost,
        {**MODE, "height_scale": Setting(1, required=True), "width_scale": Setting(1, required=True)},
    ),
    Kind("Upsample", 7, _upsample_7, _cost, {**MODE, "scales": Setting(6, required=True)}),
    Kind("Upsample", 9, _resize_10, _cost, MODE),
    Kind("Resize", 10, _resize_10, _cost, MODE),
    Kind(
        "Resize",
        11,
        _resize,
        _cost,
        {
            **MODE,
            "axes": integers(),
            "coordinate_transformation_mode": text("half_pixel"),
            "keep_aspect_ratio_policy": text("stretch"),
            "nearest_mode": text("round_prefer_floor"),
        },
    ),
)
