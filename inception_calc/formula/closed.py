"""Analysis with free symbols -> closed forms of the whole, of each row and of each layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import lcm
from typing import TYPE_CHECKING

from inception_calc.analysis import Analysis, analyze
from inception_calc.analysis.analyze import source_of
from inception_calc.analysis.receptive_field import total_stride
from inception_calc.dims import SIZE
from inception_calc.dims.named_sizes import NamedSizes, named_sizes
from inception_calc.dims.polynomial import FRACTIONAL, Polynomial, polynomial, summed
from inception_calc.dims.printing import LATEX_LETTERS, LETTERS, identifier
from inception_calc.formula.assumption import Assumption, read_assumption
from inception_calc.formula.domain import Domain, domain_of
from inception_calc.graph import Source, Symbols
from inception_calc.problems import InputError, Problem, Stop

if TYPE_CHECKING:
    from inception_calc.spec_file import LoadedSpec

CLOSED_METRICS = ("params", "weights", "multiply_adds", "activation_elements")
"""The metrics that closed forms are made of: sums whose formulas people read."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The closed forms of one thing."""

    name: str
    row: str
    counts: Mapping[str, Polynomial]


@dataclass(frozen=True, slots=True)
class ClosedForms:
    """The closed forms of one spec. Under assumptions they are written in the multiples."""

    analysis: Analysis
    free: tuple[str, ...]
    assumptions: tuple[Assumption, ...]
    totals: Forms
    rows: tuple[Forms, ...]
    layers: tuple[Forms, ...]
    domain: Domain
    """Where they hold."""

    @property
    def letters(self) -> dict[str, str]:
        """The built-in symbols whose usual letter is the name of something else here, and so stand unshortened."""
        taken = {*self.free, *(one.multiple for one in self.assumptions)}
        return {name: name for name, letter in LATEX_LETTERS.items() if letter in taken}

    def called(self, name: str) -> str:
        """What a symbol is called in text: `k` for the width multiplier, unless a symbol of the spec is called so."""
        return self.letters.get(name) or LETTERS.get(name, name)

    @property
    def identifiers(self) -> dict[str, str]:
        """Free symbol -> the name that it has in expressions of Python, each different."""
        return identifiers(self.free)

    def in_symbols(self, form: Polynomial) -> Polynomial:
        """A closed form in the free symbols alone; equal wherever the assumptions hold."""
        return form.replaced({one.multiple: one.back for one in self.assumptions})


def names_of_sizes(specs: Iterable[ClosedForms], more: Iterable[Polynomial] = ()) -> NamedSizes:
    """Names for the rounded quotients of all rows of some specs, then of `more`: the same size, the same name."""
    specs = list(specs)
    parts = [[form for forms in (spec.totals, *spec.rows) for form in forms.counts.values()] for spec in specs]
    taken = {name for spec in specs for name in (*spec.free, *(one.multiple for one in spec.assumptions))}
    letters = {name: letter for spec in specs for name, letter in spec.letters.items()}
    found = named_sizes((), taken, letters)
    for forms in (*parts, list(more)):
        found = named_sizes(forms, taken, letters, found.names)
    return found


def identifiers(free: Iterable[str]) -> dict[str, str]:
    """Name -> an identifier of Python, each different."""
    names: dict[str, str] = {}
    for name in free:
        chosen = identifier(name)
        while chosen in names.values():
            chosen += "_"
        names[name] = chosen
    return names


def default_question(origins: Sequence[Source], sized: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is free and what is assumed where nobody says it: of ONNX files all sizes that they leave free.

    Of specs, free are batch, the image's sides unless they are given (`sized`), and the width multiplier where the
    networks allow one (a connection table does not). Where branches meet at some sizes only, the image is taken for a
    multiple of the total stride.
    """
    if not any(origin.is_spec for origin in origins):
        return tuple(dict.fromkeys(name for origin in origins for name in origin.symbols)), ()
    from inception_calc.analysis.spec_source import spec_of  # models do without what reads specs

    specs = [spec_of(origin) for origin in origins if origin.is_spec]
    sizes = [spec.spec.input.symbols for spec in specs]
    sides = tuple(name for name in sizes[0] if all(name in one for one in sizes))
    if SIZE in sides:
        sides = tuple(name for name in sides if name not in ("height", "width"))
    wide = (FRACTIONAL,) if all(_allows(spec, (FRACTIONAL,)) for spec in specs) else ()
    if sized:
        return ("batch", *wide), ()
    undecided = [spec for spec in specs if not _allows(spec, sides)]
    stride = lcm(*(total_stride(analyze(spec).graph) for spec in undecided))
    assumed = tuple(f"{side} % {stride} == 0" for side in sides) if undecided else ()
    return ("batch", *sides, *wide), assumed


def _allows(spec: LoadedSpec, free: Iterable[str]) -> bool:
    """Whether a network has a shape with these symbols left free."""
    try:
        analyze(spec, symbols=dict.fromkeys(free))
    except Stop:
        return False
    return True


def closed_forms(
    network: Source | LoadedSpec | str,
    free: Iterable[str],
    assume: Iterable[str] = (),
    *,
    symbols: Symbols | None = None,
    input: tuple[int, ...] | Mapping[str, tuple[int, ...]] | None = None,  # noqa: A002 - the word of the spec
    training: bool = False,
) -> ClosedForms:
    """The closed forms of a network in the symbols or cells that `free` names, and in all that a file leaves free.

    `assume` states remainders, `size % 32 == 0`. Raises `InputError` for unknown names and for networks whose
    shape depends on a free symbol.
    """
    origin = source_of(network)
    names = tuple(dict.fromkeys(free))
    taken = {*names, *origin.symbols, *(symbols or {}), "h", "w"}
    assumptions: list[Assumption] = []
    for text in assume:
        assumption = read_assumption(text, names, taken, origin.symbols)
        if any(assumption.name == one.name for one in assumptions):
            what = f"'{assumption.name}' has two assumptions"
            raise InputError(Problem("bad-assumption", what, None, "write one remainder for both"))
        assumptions.append(assumption)
        taken.add(assumption.multiple)
    assumed = {one.name: one.value for one in assumptions}
    chosen = {**(symbols or {}), **dict.fromkeys(names), **assumed}
    analysis = analyze(origin, input=input, symbols=chosen, training=training)
    if not origin.is_spec:
        multiples = {one.multiple for one in assumptions}
        names += tuple(name for name in analysis.free if name not in names and name not in multiples)
    layers = tuple(
        Forms(cost.layer.name, cost.layer.row, {metric: polynomial(getattr(cost, metric)) for metric in CLOSED_METRICS})
        for cost in analysis.layers
    )
    rows = tuple(
        Forms(row.name, row.name, _summed([layers[index] for index in row.layers])) for row in analysis.graph.rows
    )
    totals = Forms("total", "", _summed(layers))
    domain = domain_of(analysis, names, assumptions)
    return ClosedForms(analysis, names, tuple(assumptions), totals, rows, layers, domain)


def _summed(layers: Sequence[Forms]) -> dict[str, Polynomial]:
    return {metric: summed(layer.counts[metric] for layer in layers) for metric in CLOSED_METRICS}
