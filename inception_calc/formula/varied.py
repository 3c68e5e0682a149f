"""What may be varied of a network: its closed forms with symbols left free, where nobody says which.

A symbol that cannot be free (branches of other sizes would meet, a connection table fixes the widths) stays what it is,
and a reason is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from inception_calc.analysis import Analysis, analyze
from inception_calc.analysis.needs import Need
from inception_calc.analysis.spec_source import spec_of
from inception_calc.dims import AXIS_SYMBOLS, SIDE_SYMBOLS, SIZE
from inception_calc.dims.polynomial import FRACTIONAL
from inception_calc.dims.ring import Rational
from inception_calc.formula.assumption import Assumption
from inception_calc.formula.closed import closed_forms, default_question
from inception_calc.formula.domain import Values, domain_of
from inception_calc.graph import Sizes
from inception_calc.graph.cells import cell_values
from inception_calc.problems import InputError, Problem, Stop, listed


@dataclass(frozen=True, slots=True)
class Varied:
    """A network with free symbols, and where it can be built."""

    analysis: Analysis
    values: Mapping[str, Values]
    at: Mapping[str, Rational]
    """The value that each symbol has in the network as it was asked for."""
    assumptions: tuple[Assumption, ...] = ()
    conditions: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """How a network was asked for: the arguments of `analyze`, and the symbols and cells to leave free."""

    setting: Mapping[str, Any]
    free: tuple[str, ...] = ()

    @property
    def symbols(self) -> Mapping[str, str | None]:
        """The symbols that have a value of the user's."""
        return self.setting["symbols"] or {}


LIKELY = (224, 256, 512, 64, 1)
"""Sizes that a file's free sizes are tried at, in this order; those of the first axis are batches, and 1."""


def numbers_of(reference: str, asked: Asked, dtype: str) -> tuple[Analysis, Mapping[str, int]]:
    """The network in numbers, and the values that were chosen for what a file of another tool leaves free.

    Raises `InputError` where a size stays free.
    """
    analysis = analyze(reference, **asked.setting, dtype=dtype)
    if not analysis.free:
        return analysis, {}
    if analysis.graph.known is not None:
        batches = {str(shape[0]) for shape in analysis.graph.inputs.values() if len(shape)}
        for size in LIKELY:
            chosen = {name: 1 if name in batches else size for name in analysis.free}
            symbols = {**asked.symbols, **{name: str(value) for name, value in chosen.items()}}
            try:
                found = analyze(analysis.origin, **{**asked.setting, "symbols": symbols}, dtype=dtype)
            except Stop:
                continue
            if not found.free:
                return found, chosen
    names = listed(analysis.free)
    raise InputError(
        Problem(
            "free-symbol", f"a picture needs numbers, and {names} is free", None, f"set it: --set {analysis.free[0]}=1"
        )
    )


def varied(analysis: Analysis, asked: Asked, chosen: Iterable[str] = ()) -> tuple[Varied | None, str]:
    """The network with its symbols free, of a file those that were `chosen`; None and the reason where none can be."""
    if analysis.graph.known is not None:
        return _of_file(analysis, asked, tuple(chosen))
    if analysis.setting.round_to is not None:
        return None, "rounded filter counts follow no slider: leave --round out"
    if asked.free:
        return _of_spec(analysis, asked, asked.free, ())  # whoever names them is told why they cannot be free
    shape, own = analysis.setting.input, analysis.default_input
    square = {side for axis, side in zip(shape.axes, shape.sides, strict=True) if axis in ("height", "width")}
    sized = shape.channels != own.channels or (SIZE in spec_of(analysis.origin).spec.input.symbols and len(square) > 1)
    names, assume = default_question([analysis.origin], sized)
    names = tuple(name for name in names if name in ("batch", FRACTIONAL) or name not in asked.symbols or not sized)
    for tried in dict.fromkeys((names, tuple(name for name in names if name != FRACTIONAL), ("batch",))):
        try:
            found, why = _of_spec(analysis, asked, tried, assume if set(tried) & set(SIDE_SYMBOLS) else ())
        except Stop as stop:
            why = stop.problems[0].what
        else:
            if found is not None:
                return found, ""
    return None, why


def _of_spec(
    analysis: Analysis, asked: Asked, names: tuple[str, ...], assume: tuple[str, ...]
) -> tuple[Varied | None, str]:
    at = {name: _value(analysis, name) for name in names}
    assumed = [text for text in assume if _holds(text, at)]
    names = tuple(name for name in names if not _assumed(name, assume) or _assumed(name, assumed))
    sized = bool(set(names) & set(SIDE_SYMBOLS))
    symbols = {
        name: value
        for name, value in asked.symbols.items()
        if name not in (*names, *SIDE_SYMBOLS) and value is not None
    }
    if sized:
        symbols |= _sides_left(analysis, names)
    fixed = {} if "batch" in names else {"batch": str(analysis.setting.batch)}
    forms = closed_forms(
        analysis.origin,
        names,
        assumed,
        symbols={**symbols, **fixed},
        input=_sizes(analysis, asked, free=sized),
        training=analysis.setting.training,
    )
    if not _alike(analysis, forms.analysis):
        return None, f"which layers there are depends on {listed(names)}"
    found = {name: at[name] for name in names}
    if not all(_in_domain(forms.domain.values[name], value) for name, value in found.items()):
        return None, "the network's own setting is none of those at which its closed form holds"
    domain = forms.domain
    return Varied(forms.analysis, domain.values, found, forms.assumptions, domain.conditions), ""


def _alike(analysis: Analysis, free: Analysis) -> bool:
    """Whether the network has the same layers with free symbols as in numbers: pads may be left out where they fit."""
    pairs = zip(analysis.graph.layers, free.graph.layers, strict=False)
    same = all((one.name, one.op.op, one.inputs) == (other.name, other.op.op, other.inputs) for one, other in pairs)
    return same and len(analysis.graph.layers) == len(free.graph.layers)


def _sides_left(analysis: Analysis, names: Iterable[str]) -> dict[str, str]:
    """The sides of the input that stay while others are free."""
    shape, free = analysis.setting.input, set(names)
    free |= {AXIS_SYMBOLS[axis] for axis in ("height", "width")} if SIZE in free else set()
    sides = zip(shape.axes, shape.sides, strict=True)
    return {AXIS_SYMBOLS[axis]: str(side) for axis, side in sides if AXIS_SYMBOLS[axis] not in free}


def _sizes(analysis: Analysis, asked: Asked, free: bool) -> Sizes | None:
    """The sizes that stay: of the first input none where it is `free`, and of others what was asked for."""
    first, *_ = analysis.setting.entering
    given = asked.setting["input"]
    own: dict[str, tuple[int, ...]] = {} if free else {first: tuple(map(int, analysis.setting.input))}
    others = {name: size for name, size in given.items() if name != first} if isinstance(given, Mapping) else {}
    return {**own, **others} or None


def _of_file(analysis: Analysis, asked: Asked, names: tuple[str, ...]) -> tuple[Varied | None, str]:
    if not names:
        return None, "the file has no free sizes"
    given = {name: value for name, value in asked.symbols.items() if name not in names}
    try:
        free = analyze(analysis.origin, **{**asked.setting, "symbols": {**given, **dict.fromkeys(names)}})
    except Stop as stop:
        return None, stop.problems[0].what
    if set(free.free) - set(names):
        return None, "some of its sizes are known when it runs"
    if not _alike(analysis, free):
        return None, f"which layers there are depends on {listed(names)}"
    domain = domain_of(free, names, ())
    values = {name: int(analysis.setting.symbols[name]) for name in names}
    return Varied(free, domain.values, values, (), domain.conditions), ""


def _value(analysis: Analysis, name: str) -> Rational:
    """The value of a symbol or cell in a network of numbers."""
    setting = analysis.setting
    sides = dict(zip(setting.input.axes, setting.input.sides, strict=True))
    by_axis = {AXIS_SYMBOLS[axis]: side for axis, side in sides.items()}
    if name == "batch":
        value: Any = setting.batch
    elif name == SIZE:
        value = next(iter(sides.values()))
        value = sides.get("height", value)
    elif name in by_axis:
        value = by_axis[name]
    elif name in setting.symbols:
        value = setting.symbols[name]
    else:
        value = cell_values(spec_of(analysis.origin).spec, setting.symbols).get(name, 1)
    assert isinstance(value, int | Fraction)
    return value


def _assumed(name: str, assume: Iterable[str]) -> bool:
    return any(text.split()[0] == name for text in assume)


def _holds(text: str, at: Mapping[str, Rational]) -> bool:
    """Whether `size % 32 == 0`, as `default_question` writes it, is so at a setting."""
    name, _, divisor, *_ = text.split()
    return at.get(name, 0) % int(divisor) == 0


def _in_domain(values: Values, value: Rational) -> bool:
    steps = values.progression
    count = (Fraction(value) - Fraction(steps.before)) / Fraction(steps.step)
    return count.denominator == 1 and any(low <= count and (high is None or count <= high) for low, high in values.runs)
