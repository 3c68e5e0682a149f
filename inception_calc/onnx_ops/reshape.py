"""Operators that give the same elements another shape, and those that make shapes into values."""

from __future__ import annotations

from inception_calc.dims import Dim, exact_quotient, product, same, sides_text
from inception_calc.onnx_ops.arithmetic import Scalar, Sizes, equal
from inception_calc.onnx_ops.kind import MOST_AXES, Call, Kind, Unresolved, axis_of, integer, integers
from inception_calc.onnx_ops.value import INT64, Outputs, Tensor
from inception_calc.problems import Fault


def viewed(x: Tensor, shape: Sizes) -> Tensor:
    """The same elements in another shape."""
    return Tensor(shape, x.data_type, x.values)


def _reshape(call: Call) -> Outputs:
    x = call.tensor(0)
    given = call.tensor(1)
    target = given.values
    if target is None:
        if given.rank != 1 or not isinstance(given.shape[0], int) or given.shape[0] > MOST_AXES:
            raise Unresolved
        target = (None,) * given.shape[0]
    return (viewed(x, _target_shape(call, x, target, bool(call.settings["allowzero"]))),)


def _reshape_old(call: Call) -> Outputs:
    return (viewed(call.tensor(0), _target_shape(call, call.tensor(0), call.integers("shape") or (), False)),)


def _target_shape(call: Call, x: Tensor, target: tuple[Scalar, ...], zeros: bool) -> Sizes:
    """What a reshape leaves. 0 keeps an axis, -1 takes the rest, and so does the only element that is not known."""
    sizes: list[Dim | None] = []
    for axis, size in enumerate(target):
        if size is None:
            sizes.append(None)
        elif equal(size, 0) and not zeros:
            if axis >= x.rank:
                raise Fault("shapes", f"a reshape keeps axis {axis} of {x.rank} axes")
            sizes.append(x.shape[axis])
        else:
            sizes.append(None if equal(size, -1) else size)
    rest = [axis for axis, size in enumerate(sizes) if size is None]
    if len(rest) > 1:
        if target.count(-1) > 1:
            raise Fault("shapes", "a reshape leaves two sizes open (-1)")
        for axis in rest[1:] if -1 not in target else [axis for axis in rest if target[axis] is None]:
            sizes[axis] = call.fresh()
        rest = [axis for axis in rest if sizes[axis] is None]
    if not rest:
        return _checked(x, tuple(sizes), known=None not in target)
    sizes[rest[0]] = _rest(x, [size for size in sizes if size is not None])
    return tuple(sizes)


def _checked(x: Tensor, sizes: Sizes, known: bool) -> Sizes:
    elements, wanted = x.elements, product(sizes)
    if known and isinstance(elements, int) and isinstance(wanted, int) and elements != wanted:
        raise Fault(
            "shapes", f"{elements} elements cannot be reshaped to {sides_text(sizes) or 'a scalar'} ({wanted} elements)"
        )
    return sizes


def _rest(x: Tensor, known: list[Dim]) -> Dim:
    """The size that makes the number of elements right: axes that stand on both sides are crossed out first."""
    own = list(x.shape)
    left = []
    for size in known:
        match = next((axis for axis, other in enumerate(own) if other is size or same(other, size)), None)
        if match is None:
            left.append(size)
        else:
            del own[match]
    elements, divisor = product(own), product(left)
    if isinstance(divisor, int) and divisor == 0:
        return 0
    if isinstance(elements, int) and isinstance(divisor, int) and elements % divisor:
        raise Fault("shapes", f"a reshape of {sides_text(x.shape)} leaves no whole size: {elements} / {divisor}")
    return exact_quotient(elements, divisor) if left else elements


def _flatten(call: Call) -> Outputs:
    x = call.tensor(0)
    axis = call.settings["axis"]
    axis = axis + x.rank if axis < 0 else axis
    if not 0 <= axis <= x.rank:
        raise Fault("axis", f"axis {call.settings['axis']} is none of {x.rank} axes")
    return (viewed(x, (product(x.shape[:axis]), product(x.shape[axis:]))),)


def _squeeze_old(call: Call) -> Outputs:
    return (_squeezed(call, call.tensor(0), call.integers("axes")),)


def _squeeze(call: Call) -> Outputs:
    return (_squeezed(call, call.tensor(0), call.numbers(1) if call.has(1) else None),)


def _squeezed(call: Call, x: Tensor, axes: tuple[int, ...] | None) -> Tensor:
    if axes is None:
        if not all(isinstance(size, int) for size in x.shape):
            call.assumed.append("every free size is more than 1, so that a squeeze without axes keeps it")
        dropped = {axis for axis, size in enumerate(x.shape) if size == 1}
    else:
        dropped = {axis_of(axis, x.rank) for axis in axes}
    for axis in dropped:
        if isinstance(x.shape[axis], int) and x.shape[axis] != 1:
            raise Fault("shapes", f"axis {axis} is {x.shape[axis]}, only an axis of 1 can be squeezed")
    return viewed(x, tuple(size for axis, size in enumerate(x.shape) if axis not in dropped))


def _unsqueeze_old(call: Call) -> Outputs:
    return (_unsqueezed(call.tensor(0), call.integers("axes") or ()),)


def _unsqueeze(call: Call) -> Outputs:
    return (_unsqueezed(call.tensor(0), call.numbers(1)),)


def _unsqueezed(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    rank = x.rank + len(axes)
    new = {axis_of(axis, rank) for axis in axes}
    if len(new) != len(axes):
        raise Fault("axis", f"an axis is named twice: {list(axes)}")
    rest = iter(x.shape)
    return viewed(x, tuple(1 if axis in new else next(rest) for axis in range(rank)))


def _shape(call: Call) -> Outputs:
    sizes = call.shape(0)
    sizes = sizes[call.settings["start"] : call.settings["end"]]
    return (Tensor((len(sizes),), INT64, sizes),)


def _size(call: Call) -> Outputs:
    return (Tensor((), INT64, (call.tensor(0).elements,)),)


KINDS: tuple[Kind, ...] = (
    Kind("Reshape", 1, _reshape_old, settings={"shape": integers()}, carries=(0,), view=True),
    Kind("Reshape", 5, _reshape, settings={"allowzero": integer(0)}, carries=(0,), view=True),
    Kind("Flatten", 1, _flatten, settings={"axis": integer(1)}, carries=(0,), view=True),
    Kind("Squeeze", 1, _squeeze_old, settings={"axes": integers()}, carries=(0,), view=True),
    Kind("Squeeze", 13, _squeeze, carries=(0,), view=True),
    Kind("Unsqueeze", 1, _unsqueeze_old, settings={"axes": integers(required=True)}, carries=(0,), view=True),
    Kind("Unsqueeze", 13, _unsqueeze, carries=(0,), view=True),
    Kind("Shape", 1, _shape, settings={"start": integer(0), "end": integer()}),
    Kind("Size", 1, _size),
)
