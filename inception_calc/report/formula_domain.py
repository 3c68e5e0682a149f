"""Where closed forms hold, for people and for programs."""

from fractions import Fraction
from math import lcm
from typing import Any

from inception_calc.analysis.needs import Need
from inception_calc.dims.intervals import Interval
from inception_calc.dims.named_sizes import NamedSizes
from inception_calc.dims.printing import LatexWriter, python_text
from inception_calc.dims.ring import Rational
from inception_calc.formula import ClosedForms, Values
from inception_calc.problems import listed
from inception_calc.report.json_values import quantity


def domain_words(forms: ClosedForms, sizes: NamedSizes) -> str:
    """`holds for size >= 47 (pool4 needs it) and k a multiple of 1/8`; empty where nothing is free."""
    if not forms.free:
        return ""
    assumed = {one.name for one in forms.assumptions}
    parts = [
        f"{_values_words(forms.called(name), values, stepped=name not in assumed)}{_decided_by(values)}"
        for name, values in forms.domain.values.items()
        if not values.is_every and (name not in assumed or values.runs != ((1, None),))
    ]
    parts += [f"{_condition_words(need, sizes)} ({need.layer} needs it)" for need in forms.domain.conditions]
    held = listed(parts or map(forms.called, forms.free), all_in="-f json")
    return f"holds for {held}" if parts else f"holds for every {held}"


def _values_words(name: str, values: Values, stepped: bool) -> str:
    """`size >= 47`; with `stepped`, the steps are said too where they are not whole numbers."""
    steps = values.progression
    if not values.runs:
        return f"no {name}"
    bounds = " or ".join(_bounds(name, values, run) for run in values.runs)
    if not stepped or (steps.step, steps.before) == (1, 0):
        return bounds
    if Fraction(steps.before, 1) % Fraction(steps.step) == 0:
        words = f"{name} a multiple of {Fraction(steps.step)}"
        return words if values.runs == ((1, None),) and values.first == steps.step else f"{words} with {bounds}"
    first = [str(steps.value(count)) for count in range(1, 4)]
    return f"{name} = {', '.join(first)} ..." + ("" if values.runs == ((1, None),) else f" with {bounds}")


def _bounds(name: str, values: Values, run: Interval, between: str = "<=", over: str = ">=") -> str:
    low, high = _ends(values, run)
    if high is None:
        return f"{name} {over} {low}"
    return f"{name} = {low}" if low == high else f"{low} {between} {name} {between} {high}"


def _ends(values: Values, run: Interval) -> tuple[Rational, Rational | None]:
    start, stop = run
    return values.progression.value(start), None if stop is None else values.progression.value(stop)


def _decided_by(values: Values) -> str:
    return f" ({values.layer} needs it)" if values.layer else ""


def _condition_words(need: Need, sizes: NamedSizes) -> str:
    value = sizes.text(need.value)
    if need.multiple_of is None:
        return f"{value} >= 1"
    return (
        f"{value} whole" if need.multiple_of.constant == 1 else f"{value} a multiple of {sizes.text(need.multiple_of)}"
    )


def latex_domain(forms: ClosedForms, sizes: NamedSizes) -> list[str]:
    """What is needed of the symbols, one relation each, its place of alignment before the relation."""
    writer, lines = LatexWriter(forms.letters), []
    for name, values in forms.domain.values.items():
        letter, steps = writer.name(name), values.progression
        if steps.step != 1 and name not in {one.name for one in forms.assumptions}:
            scale, before, modulus = _whole_steps(values)
            shifted = f"{'' if scale == 1 else f'{scale} '}{letter}{f' - {before}' if before else ''}"
            lines.append(
                rf"{shifted} &\equiv 0 \pmod{{{modulus}}}" if modulus != 1 else rf"{shifted} &= 1, 2, 3, \dots"
            )
        if values.runs != ((1, None),):
            bounds = (_bounds(letter, values, run, r"\le", r"\ge") for run in values.runs)
            text = r" \text{ or } ".join(bounds) or rf"{letter} = \text{{nothing}}"
            lines.append(text.replace(f"{letter} ", f"{letter} &", 1))
    for need in forms.domain.conditions:
        value = sizes.latex(need.value)
        lines.append(
            rf"{value} &\ge 1"
            if need.multiple_of is None
            else rf"{value} &\equiv 0 \pmod{{{sizes.latex(need.multiple_of)}}}"
        )
    return lines


def python_condition(forms: ClosedForms) -> str:
    """One expression of Python that is true exactly where the network can be built; values are positive integers.

    The width multiplier is a `fractions.Fraction` or an integer.
    """
    names = forms.identifiers
    parts = [part for name, values in forms.domain.values.items() for part in _python_values(names[name], values)]
    parts += [_python_need(need, names) for need in forms.domain.conditions]
    return " and ".join(parts) or "True"


def _python_values(name: str, values: Values) -> list[str]:
    scale, before, modulus = _whole_steps(values)
    scaled = f"{'' if scale == 1 else f'{scale}*'}{name}"
    steps = [] if scale == modulus == 1 else [f"{f'({scaled} - {before})' if before else scaled} % {modulus} == 0"]
    runs = [_python_run(name, *_ends(values, run)) for run in values.runs]
    either = " or ".join(runs) or "False"
    return [f"({either})" if len(runs) > 1 else either, *steps]


def _python_run(name: str, low: Rational, high: Rational | None) -> str:
    """Between two values, in integers alone: a quotient of Python would be a float."""
    scale = lcm(low.denominator, 1 if high is None else high.denominator)
    scaled = name if scale == 1 else f"{scale}*{name}"
    return f"{int(low * scale)} <= {scaled}" + ("" if high is None else f" <= {int(high * scale)}")


def _whole_steps(values: Values) -> tuple[int, int, int]:
    """(scale, before, modulus): the steps are where `scale*x - before` is a multiple of the modulus, all integers."""
    step, before = Fraction(values.progression.step), Fraction(values.progression.before)
    scale = lcm(step.denominator, before.denominator)
    modulus = int(step * scale)
    return scale, int(before * scale) % modulus, modulus


def _python_need(need: Need, names: dict[str, str]) -> str:
    if need.multiple_of is None:
        return f"{python_text(need.value, names)} >= 1"
    return f"({python_text(need.value, names)}) % ({python_text(need.multiple_of, names)}) == 0"


def domain_entry(forms: ClosedForms) -> dict[str, Any]:
    """JSON: what each symbol may be, what must hold besides, and all of it as one expression of Python."""
    names = forms.identifiers
    return {
        "domain": {names[name]: _entry(values) for name, values in forms.domain.values.items()},
        "conditions": [{"layer": need.layer, "python": _python_need(need, names)} for need in forms.domain.conditions],
        "can_be_built": python_condition(forms),
    }


def _entry(values: Values) -> dict[str, Any]:
    """The runs of values, null without end, how far apart they are, and the layer that decides the first."""
    runs = [dict(zip(("from", "to"), map(_end, _ends(values, run)), strict=True)) for run in values.runs]
    return {"runs": runs, "step": quantity(values.progression.step), "layer": values.layer or None}


def _end(value: Rational | None) -> Any:
    return None if value is None else quantity(value)
