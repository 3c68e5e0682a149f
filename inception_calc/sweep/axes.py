"""What can vary: cells of the table, alone or bound by a glob, symbols, repetitions, variants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cached_property
from itertools import islice

from inception_calc.analysis.spec_source import spec_behind
from inception_calc.dims import BUILT_IN_SYMBOLS, SIZE
from inception_calc.dims.polynomial import FRACTIONAL
from inception_calc.graph import Source
from inception_calc.graph.cells import cells_of
from inception_calc.problems import MOST_FAULTS, Fault, InputError, Problem, listed, nearest
from inception_calc.spec_file import DEFAULT
from inception_calc.sweep.values import Steps, Value, Values, progression, read_names, read_values

VARIANT = "variant"
"""The axis of variants."""
REPEAT = "repeat"
"""`ROW.repeat` is how often a row stands."""
MOST_AXES = 60
"""Arrays of numpy have no more directions than 64."""
CELL, SYMBOL, REPEATS, VARIANTS = "cell", "symbol", "repeat", "variant"


@dataclass(frozen=True)
class Axis:
    """One direction of a space: a name as it was typed, what it sets, and the values."""

    name: str
    kind: str
    targets: tuple[str, ...]
    """The cells or symbols that take the value; rows of repetitions."""
    values: Values
    is_plain: bool = False
    """The symbol itself stands in closed forms, as of files that take no other quantity for it."""

    def __len__(self) -> int:
        return len(self.values)

    @property
    def is_structural(self) -> bool:
        """Whether each value is a network of its own kind, and none that a closed form says."""
        return self.kind in (REPEATS, VARIANTS)

    @property
    def has_integers(self) -> bool:
        """Whether every value is an integer."""
        if isinstance(self.values, Steps):
            return self.values.divisor == 1
        return all(isinstance(value, int) for value in self.values)

    def value(self, digit: int) -> Value:
        """The value at a place."""
        return self.values[digit]

    @cached_property
    def _steps(self) -> tuple[int, ...]:
        """Which step of the progression each listed value is."""
        step, before = self.progression
        return tuple(int((value - before) / step) for value in self.values if not isinstance(value, str))

    def steps(self, low: int, high: int) -> Sequence[int]:
        """The steps of the progression at some places."""
        if isinstance(self.values, Steps):
            return self.values.numerators[low:high] if self.is_plain else range(low + 1, high + 1)
        return self._steps[low:high]

    @cached_property
    def extent(self) -> tuple[int, int]:
        """The least and the largest step of all."""
        return ends(self.steps(0, len(self)))

    @property
    def progression(self) -> tuple[Fraction, Fraction]:
        """`step` and `before` such that every value is `before + step * t` for the steps t."""
        return (Fraction(1), Fraction(0)) if self.is_plain else progression(self.values)


def ends(steps: Sequence[int]) -> tuple[int, int]:
    """The least and the largest of some steps."""
    return (steps[0], steps[-1]) if isinstance(steps, range) else (min(steps), max(steps))


@dataclass(frozen=True, slots=True)
class Names:
    """What a spec, or each of its variants, has under a name."""

    cells: tuple[str, ...]
    symbols: tuple[str, ...]
    rows: tuple[str, ...]
    variants: tuple[str, ...]
    is_spec: bool = True

    @classmethod
    def of(cls, source: Source) -> Names:
        """The names of a spec, or of another kind of file, which has symbols alone."""
        loaded = spec_behind(source)
        if loaded is None:
            return cls((), source.symbols, (), (), is_spec=False)
        spec = loaded.spec
        return cls(tuple(cells_of(spec)), source.symbols, (*spec.rows, *spec.heads), (DEFAULT, *spec.variants))

    @property
    def repeats(self) -> list[str]:
        """What repetitions are called."""
        return [f"{row}.{REPEAT}" for row in self.rows]

    @property
    def all(self) -> list[str]:
        """Every name that may vary."""
        return [*self.cells, *self.symbols, *self.repeats, VARIANT]


def read_axes(texts: Mapping[str, str], names: Names, *, each: bool = False) -> tuple[Axis, ...]:
    """The axes that `NAME=VALUES` pairs state; with `each` every cell of a glob is an axis of its own.

    Raises `InputError` with every problem, each `about` the name it is found at.
    """
    axes: list[Axis] = []
    problems: list[Problem] = []
    for name, text in texts.items():
        try:
            axes += _axes(name, text, names, each)
        except Fault as fault:
            problems.append(Problem(fault.code, f"'{name}': {fault.what}", None, fault.fix, about=name))
    problems += _clashes(axes)
    if len(axes) > MOST_AXES:
        problems.append(Problem("too-many", f"{len(axes)} axes are too many", None, "bind cells with a glob"))
    if problems:
        raise InputError(*islice(problems, MOST_FAULTS))
    return tuple(axes)


def _axes(name: str, text: str, names: Names, each: bool) -> list[Axis]:
    if name == VARIANT and VARIANT not in names.symbols:
        chosen = read_names(text)
        for value in chosen:
            if value not in names.variants:
                hint = nearest(value, names.variants) or f"there are {listed(names.variants)}"
                raise Fault("unknown-variant", f"there is no variant '{value}'", fix=hint)
        return [Axis(name, VARIANTS, (), chosen)]
    if name in names.symbols:
        own = names.is_spec and name not in BUILT_IN_SYMBOLS
        values = read_values(text, fractions=name == FRACTIONAL, least=0 if own else 1)
        return [Axis(name, SYMBOL, (name,), values, not names.is_spec)]
    for kind, known in ((CELL, names.cells), (REPEATS, names.repeats)):
        found = [name] if name in known else matching(name, known)
        if found:
            values = read_values(text)
            targets = tuple(one.removesuffix(f".{REPEAT}") if kind == REPEATS else one for one in found)
            if each:
                return [Axis(one, kind, (target,), values) for one, target in zip(found, targets, strict=True)]
            return [Axis(name, kind, targets, values)]
    what = "no cell of the table matches" if _is_glob(name) else "no cell, symbol or repetition is called so"
    some = listed(names.cells or names.symbols, all_in="`inception-calc formula SPEC`")
    raise Fault("unknown-symbol", what, fix=nearest(name, names.all) or f"there are {some}")


def _is_glob(name: str) -> bool:
    return any(mark in name for mark in "*?[")


def matching(glob: str, known: Iterable[str]) -> list[str]:
    """The names that a glob matches, in order; capital letters are other letters."""
    return [name for name in known if fnmatchcase(name, glob)] if _is_glob(glob) else []


def _clashes(axes: Sequence[Axis]) -> list[Problem]:
    """Cells and symbols that two axes would set."""
    problems: list[Problem] = []
    setter: dict[tuple[str, str], str] = {}
    for axis in axes:
        for target in axis.targets or (axis.name,):
            other = setter.setdefault((axis.kind, target), axis.name)
            if other != axis.name:
                what = f"'{target}' varies under '{other}' and under '{axis.name}'"
                problems.append(Problem("bad-usage", what, None, "leave it out of one", about=axis.name))
    symbols = {axis.name for axis in axes if axis.kind == SYMBOL}
    if SIZE in symbols and symbols & {"height", "width"}:
        what = "'size' is height and width; vary either it or them"
        problems.append(Problem("two-sizes", what, None, "leave one out", about=SIZE))
    return problems
