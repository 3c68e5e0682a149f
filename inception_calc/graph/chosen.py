"""What a user chooses about a spec, read and judged."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import islice
from typing import Any

from inception_calc.dims import (
    AXIS_SYMBOLS,
    BUILT_IN_SYMBOLS,
    SIDE_SYMBOLS,
    SIZE,
    Dim,
    Shape,
    checked,
    free_symbols,
    prefixes,
    substitute,
)
from inception_calc.graph.cells import cells_of
from inception_calc.graph.setting import Setting, Size, Sizes, Symbols, read_value
from inception_calc.problems import MOST_FAULTS, Fault, InputError, Problem, counted, listed, nearest
from inception_calc.spec import Spec

SQUARE = ("height", "width")
"""The axes that the symbol `size` stands for."""


def setting_of(
    spec: Spec,
    input: Sizes | None = None,  # noqa: A002 - the word of the spec
    batch: int | None = None,
    symbols: Symbols | None = None,
    training: bool = False,
    round_to: int | None = None,
) -> Setting:
    """The setting that a user asks for; a symbol given as None is left free. Raises `InputError`.

    `input` is the size of the first input, or of several by name.
    """
    chosen = dict(symbols or {})
    sizes = dict(input) if isinstance(input, Mapping) else {} if input is None else {next(iter(spec.entering)): input}
    known = {**dict.fromkeys(spec.built_in_symbols, None), **spec.symbols}
    cells = cells_of(spec) if chosen.keys() - known.keys() else {}
    problems = [
        Problem(
            "unknown-symbol",
            f"'{name}' is no symbol of this spec" + (", nor a cell of its table" if "." in name else ""),
            None,
            nearest(name, [*known, *cells]) or f"there are {', '.join(known)}, and cells of the table: ROW.COLUMN",
            about=name,
        )
        for name in islice((name for name in chosen if name not in known and name not in cells), MOST_FAULTS)
    ]
    problems += _unknown_inputs(spec, sizes)
    values: dict[str, Dim | Fraction] = {}
    for name, value in chosen.items():
        try:
            values[name] = read_value(name, value)
        except ValueError as error:
            fix = f"write {name}=4, or {name}= to leave it free"
            problems.append(Problem("bad-value", str(error), None, fix, about=name))
    before = prefixes(spec.entering)
    for name, own in spec.entering.items():
        problems += _size_problems(name, own, sizes.get(name), values, before[name])
    if batch is not None and "batch" in values:
        what = "the batch is given twice, once by a symbol"
        problems.append(Problem("two-sizes", what, None, "leave one of the two out", about="batch"))
    if problems:
        raise InputError(*problems[:MOST_FAULTS])
    inputs = _inputs(spec, sizes, values, before)
    own_symbols: dict[str, Dim | Fraction] = {
        **spec.symbols,
        **{name: v for name, v in values.items() if name not in BUILT_IN_SYMBOLS and name not in spec.built_in_symbols},
    }
    own_symbols["width_multiplier"] = values.get("width_multiplier", 1)
    return Setting(
        next(iter(inputs.values())),
        values.get("batch", 1 if batch is None else batch),
        own_symbols,
        training,
        round_to,
        cells=frozenset(cells[name] for name in chosen if name in cells and name not in known),
        inputs=inputs if spec.inputs else {},
    )


def _inputs(
    spec: Spec, sizes: Mapping[str, Size], values: Mapping[str, Dim | Fraction], before: Mapping[str, str]
) -> dict[str, Shape]:
    """Name -> size of each input at what is chosen; sizes of further ones may follow from the first one's."""
    inputs: dict[str, Shape] = {}
    known: dict[str, Any] = {**spec.symbols, **{name: value for name, value in values.items() if name in spec.symbols}}
    for name, own in spec.entering.items():
        followed = Shape(*(_followed(name, size, known) for size in own))
        inputs[name] = _sized(Shape(*sizes[name]) if name in sizes else followed, values, before[name])
        known = {**inputs[name].symbols, **known} if len(inputs) == 1 else known
    return inputs


def _followed(name: str, size: Dim, known: Mapping[str, Any]) -> Dim:
    """A size of an input, what it follows from replaced; raises `InputError` where it cannot be one."""
    lacking = free_symbols(size).difference(known)
    try:
        if lacking:
            what = f"the input '{name}' follows from '{min(lacking)}', which has no value where height and width differ"
            raise Fault("bad-input", what, fix="write height and width for it")
        return checked(substitute(size, known), f"a size of the input '{name}'")
    except Fault as fault:
        raise InputError(Problem(fault.code, fault.what, None, fault.fix, about="input")) from None


def _sized(own: Shape, values: Mapping[str, Dim | Fraction], before: str) -> Shape:
    """An input with what is chosen for its sides; the symbols of its size begin with `before`."""
    return own.over(_extent(axis, side, values, before) for axis, side in zip(own.axes, own.sides, strict=True))


def _extent(axis: str, own: Dim, values: Mapping[str, Dim | Fraction], before: str) -> Dim:
    """How far an input reaches along an axis: what is chosen, else its own extent."""
    chosen = values.get(before + AXIS_SYMBOLS[axis], own)
    return values.get(before + SIZE, chosen) if axis in SQUARE else chosen


def _unknown_inputs(spec: Spec, sizes: Iterable[str]) -> list[Problem]:
    """Names of inputs that the spec does not have."""
    names = list(spec.inputs)
    rule = f"the inputs are {listed(names)}" if names else "this spec's input has no name: write --input 3x224x224"
    return [
        Problem("unknown-input", f"there is no input '{name}'", None, nearest(name, names) or rule, about="input")
        for name in sizes
        if name not in spec.entering
    ]


def _size_problems(
    name: str, own: Shape, given: Size | None, values: Mapping[str, Dim | Fraction], before: str
) -> list[Problem]:
    """What is wrong with a choice of an input's size."""
    problems: list[Problem] = []
    if before + SIZE in values and values.keys() & {before + word for word in SQUARE}:
        what = f"'{before}size' is {before}height and {before}width; set either it or them"
        problems.append(Problem("two-sizes", what, None, "leave one out", about=before + SIZE))
    if given is not None and values.keys() & {before + word for word in SIDE_SYMBOLS}:
        which = f"the size of '{name}'" if before else "the input's size"
        what = f"{which} is given as an input and by a symbol"
        problems.append(Problem("two-sizes", what, None, "leave one of the two out", about="input"))
    if given is not None and len(given) != len(own):
        sizes = [f"{'x'.join(map(str, one))} ({counted(len(one), 'number')})" for one in (given, own)]
        of = f"the input '{name}' of {sizes[0]}" if name else f"the input {sizes[0]}"
        what = f"{of} has other axes than the spec's {sizes[1]}"
        problems.append(
            Problem("bad-input", what, None, f"write {' x '.join(own.names)}: {'x'.join(map(str, own))}", about="input")
        )
    return problems
