"""What a user chooses about a spec, read and judged."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import islice

from inception_calc.dims import AXIS_SYMBOLS, BUILT_IN_SYMBOLS, SIDE_SYMBOLS, SIZE, Dim, Shape
from inception_calc.graph.cells import cells_of
from inception_calc.graph.setting import Setting, Symbols, read_value
from inception_calc.problems import MOST_FAULTS, InputError, Problem, counted, nearest
from inception_calc.spec import Spec

SQUARE = ("height", "width")
"""The axes that the symbol `size` stands for."""


def setting_of(
    spec: Spec,
    input: tuple[int, ...] | None = None,  # noqa: A002 - the word of the spec
    batch: int | None = None,
    symbols: Symbols | None = None,
    training: bool = False,
    round_to: int | None = None,
) -> Setting:
    """The setting that a user asks for; a symbol given as None is left free. Raises `InputError`."""
    chosen = dict(symbols or {})
    known = {**dict.fromkeys(spec.input.built_in_symbols, None), **spec.symbols}
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
    values: dict[str, Dim | Fraction] = {}
    for name, value in chosen.items():
        try:
            values[name] = read_value(name, value)
        except ValueError as error:
            fix = f"write {name}=4, or {name}= to leave it free"
            problems.append(Problem("bad-value", str(error), None, fix, about=name))
    problems += _size_problems(spec.input, input, values)
    if batch is not None and "batch" in values:
        what = "the batch is given twice, once by a symbol"
        problems.append(Problem("two-sizes", what, None, "leave one of the two out", about="batch"))
    if problems:
        raise InputError(*problems[:MOST_FAULTS])
    given = spec.input if input is None else Shape(*input)
    own: dict[str, Dim | Fraction] = {
        **spec.symbols,
        **{name: v for name, v in values.items() if name not in BUILT_IN_SYMBOLS},
    }
    own["width_multiplier"] = values.get("width_multiplier", 1)
    return Setting(
        given.over(_extent(axis, side, values) for axis, side in zip(given.axes, given.sides, strict=True)),
        values.get("batch", 1 if batch is None else batch),
        own,
        training,
        round_to,
        cells=frozenset(cells[name] for name in chosen if name in cells and name not in known),
    )


def _extent(axis: str, own: Dim, values: Mapping[str, Dim | Fraction]) -> Dim:
    """How far the input reaches along an axis: what is chosen, else its own extent."""
    chosen = values.get(AXIS_SYMBOLS[axis], own)
    return values.get(SIZE, chosen) if axis in SQUARE else chosen


def _size_problems(own: Shape, given: tuple[int, ...] | None, values: Mapping[str, Dim | Fraction]) -> list[Problem]:
    """What is wrong with a choice of the input's size."""
    problems: list[Problem] = []
    if SIZE in values and values.keys() & set(SQUARE):
        what = "'size' is height and width; set either it or them"
        problems.append(Problem("two-sizes", what, None, "leave one out", about=SIZE))
    if given is not None and values.keys() & set(SIDE_SYMBOLS):
        what = "the input's size is given as an input and by a symbol"
        problems.append(Problem("two-sizes", what, None, "leave one of the two out", about="input"))
    if given is not None and len(given) != len(own):
        sizes = [f"{'x'.join(map(str, one))} ({counted(len(one), 'number')})" for one in (given, own)]
        what = f"the input {sizes[0]} has other axes than the spec's {sizes[1]}"
        problems.append(
            Problem("bad-input", what, None, f"write {' x '.join(own.names)}: {'x'.join(map(str, own))}", about="input")
        )
    return problems
