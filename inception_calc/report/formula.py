"""Closed forms for people and programs: text, Markdown, LaTeX, Python, JSON."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from inception_calc.analysis.metrics import METRICS
from inception_calc.dims.polynomial import Polynomial
from inception_calc.dims.printing import LETTERS, LatexWriter, identifier, python_text
from inception_calc.formula import CLOSED_METRICS, ClosedForms, Difference, Forms, Sensitivity, growth
from inception_calc.problems import listed
from inception_calc.report import markdown, plain
from inception_calc.report.cost_table import title_of
from inception_calc.report.json_values import indented, quantity
from inception_calc.report.table import Cell, Column, Table
from inception_calc.report.text import exact, percent, visible, with_variant

MOST_CELLS = 10
"""Cells that the text shows; JSON has all."""
DEGREES = {1: "linear", 2: "quadratic", 3: "cubic"}


class Answer(NamedTuple):
    """What `formula` was asked."""

    specs: Sequence[ClosedForms]
    by: str = "row"
    sensitivities: Sequence[Sensitivity] = ()
    differences: Sequence[Difference] = ()


def title(forms: ClosedForms) -> str:
    """`GoogLeNet @naive`, as differences call it."""
    return with_variant(forms.analysis.name, forms.analysis.variant)


def groups(forms: ClosedForms, by: str) -> tuple[Forms, ...]:
    """The rows or layers that are shown below the total."""
    return {"total": (), "row": forms.rows, "layer": forms.layers}[by]


# -- words -------------------------------------------------------------------------------------------------------------


def legend(forms: ClosedForms) -> list[str]:
    """What is free, what is assumed, what the names of sizes mean."""
    letters = [f"{name} ({LETTERS[name]})" if name in LETTERS else name for name in forms.free]
    lines = [f"free: {listed(letters)}" if letters else "nothing is free"]
    lines += [f"assuming {one.text}: {one.name} = {forms.sizes.text(one.value)}" for one in forms.assumptions]
    return [*lines, *(f"{name} = {text}" for name, text in forms.sizes.definitions())]


def growth_words(forms: ClosedForms, metric: str) -> str:
    """The degree in each free symbol and the leading term, in words."""
    multiples = {one.name: one.multiple for one in forms.assumptions}
    names = tuple(multiples.get(name, name) for name in forms.free)
    form = forms.totals.counts[metric]
    found = growth(form, names)
    if found.leading is None:
        return f"{METRICS[metric].label}: a smaller or larger of two values decides, so there is no single leading term"
    letters = {name: LETTERS.get(name, name) for name in names}
    growing = [
        f"{DEGREES.get(degree, f'of degree {degree}')} in "
        + listed(letters[name] for name in names if found.degrees[name] == degree)
        for degree in sorted(set(found.degrees.values()) - {0}, reverse=True)
    ]
    if not growing:
        return f"{METRICS[metric].label} do not depend on {listed(letters.values(), 'or')}"
    still = [letters[name] for name in names if found.degrees[name] == 0]
    words = f"{METRICS[metric].label} are {listed(growing)}"
    words += f", and do not depend on {listed(still, 'or')}" if still else ""
    return words if form == found.leading else f"{words}; the leading term is {forms.sizes.text(found.leading)}"


def sign_words(difference: Difference, metric: str, first: str, second: str) -> str:
    """Where the second costs less, in words."""
    heading = METRICS[metric].label
    form = difference.forms[metric]
    if not form.terms:
        return f"{heading}: both cost the same"
    if not difference.over and form.constant is None:
        return f"{heading}: several symbols are free; free one alone to learn where the sign changes"
    if form.constant is not None:
        return f"{heading}: {second} has {'fewer' if form.constant < 0 else 'more'} than {first}, always"
    regions = difference.regions[metric]
    if regions is None:
        return f"{heading}: where the sign changes cannot be said exactly"
    words = {-1: "fewer", 0: "as many", 1: "more"}
    if len(regions) == 1:
        return f"{heading}: {second} has {words[regions[0].sign]} at every {difference.over}"
    parts = [f"{words[region.sign]} {_range(region.start, region.stop, difference)}" for region in regions]
    return f"{heading}: {second} has {', '.join(parts)}"


def _range(start: int, stop: int | None, difference: Difference) -> str:
    name = LETTERS.get(difference.over, difference.over)
    low, high = (None if one is None else str(Fraction(one, difference.step)) for one in (start, stop))
    if stop is None:
        return f"from {name} = {low} on"
    if start == stop:
        return f"at {name} = {low}"
    return f"up to {name} = {high}" if start == 1 else f"from {name} = {low} to {high}"


# -- text and Markdown -------------------------------------------------------------------------------------------------


def text(answer: Answer) -> str:
    """The answer as plain text."""
    parts: list[str] = []
    for forms in answer.specs:
        lines = [title_of(forms.analysis), *legend(forms), "", *_equations(forms, forms.totals)]
        lines += ["", *(growth_words(forms, metric) for metric in ("multiply_adds", "params"))]
        shown = groups(forms, answer.by)
        for metric in ("multiply_adds", "params") if shown else ():
            lines += ["", f"{METRICS[metric].label} of each {answer.by}"]
            costing = [group for group in shown if group.counts[metric].terms]
            width = max((len(visible(group.name)) for group in costing), default=0)
            lines += [
                f"  {visible(group.name).ljust(width)}  {forms.sizes.text(group.counts[metric])}" for group in costing
            ]
        parts.append("\n".join(map(visible, lines)) + "\n")
    if answer.differences:
        parts.append("\n".join(map(visible, _difference_lines(answer))) + "\n")
    if answer.sensitivities:
        parts.append(plain.draw(sensitivity_table(answer.sensitivities)))
    return "\n".join(parts)


def _equations(forms: ClosedForms, group: Forms) -> list[str]:
    texts = {METRICS[metric].label: forms.sizes.text(group.counts[metric]) for metric in CLOSED_METRICS}
    width = max(map(len, texts))
    return [f"{label.ljust(width)} = {text}" for label, text in texts.items()]


def _difference_lines(answer: Answer) -> list[str]:
    first, second = answer.specs
    lines = [f"{title(second)} less {title(first)}"]
    for difference in answer.differences:
        lines.append(f"{difference.name}")
        for metric in ("multiply_adds", "params"):
            lines.append(f"  {METRICS[metric].label} = {second.sizes.text(difference.forms[metric])}")
            lines.append(f"    {sign_words(difference, metric, title(first), title(second))}")
    return lines


def sensitivity_table(found: Sequence[Sensitivity], most: int = MOST_CELLS) -> Table:
    """What one more of each cell costs, and how far one percent of it moves the total."""
    columns = (
        Column("cell", "cell", importance=9),
        Column("value", "value", numeric=True),
        Column("multiply_adds", "multiply-adds for one more", numeric=True, importance=9),
        Column("elasticity", "elasticity", numeric=True, importance=9),
        Column("params", "params for one more", numeric=True),
        Column("params_elasticity", "elasticity of params", numeric=True),
    )
    rows = tuple(
        (
            Cell(one.cell, one.cell),
            Cell(exact(one.value), one.value),
            Cell(exact(_whole(one.derivatives["multiply_adds"])), _whole(one.derivatives["multiply_adds"])),
            Cell(percent(one.elasticities["multiply_adds"])),
            Cell(exact(_whole(one.derivatives["params"])), _whole(one.derivatives["params"])),
            Cell(percent(one.elasticities["params"])),
        )
        for one in found[:most]
    )
    notes = ["elasticity: by how much of one percent the total changes when the cell changes by one percent"]
    if len(found) > most:
        notes.append(f"{most} of {len(found)} cells shown, the most elastic first; `-f json` has all")
    return Table("Which filter count is worth cutting", columns, rows, (), tuple(notes))


def _whole(value: Fraction | int) -> int:
    return round(value)


def markdown_text(answer: Answer) -> str:
    """The answer as Markdown; formulas stand in code spans."""
    parts = []
    for forms in answer.specs:
        lines = [f"### {markdown.escaped(title_of(forms.analysis))}", ""]
        lines += [f"- {_code(line)}" for line in legend(forms)]
        lines += ["", "| what | closed form |", "| --- | --- |"]
        lines += [
            f"| {METRICS[metric].label} | {_code(forms.sizes.text(forms.totals.counts[metric]))} |"
            for metric in CLOSED_METRICS
        ]
        lines += ["", *(f"- {_code(growth_words(forms, metric))}" for metric in ("multiply_adds", "params"))]
        if shown := groups(forms, answer.by):
            lines += ["", f"| {answer.by} | params | multiply-adds |", "| --- | --- | --- |"]
            lines += [
                f"| {markdown.escaped(group.name)} | {_code(forms.sizes.text(group.counts['params']))} "
                f"| {_code(forms.sizes.text(group.counts['multiply_adds']))} |"
                for group in shown
            ]
        parts.append("\n".join(lines) + "\n")
    if answer.differences:
        parts.append("\n".join(f"- {_code(line.strip())}" for line in _difference_lines(answer)) + "\n")
    if answer.sensitivities:
        parts.append(markdown.draw(sensitivity_table(answer.sensitivities)))
    return "\n".join(parts)


def _code(line: str) -> str:
    """A code span; a backtick or a bar of a hostile name cannot end it."""
    return f"`{visible(line).replace('`', chr(39)).replace('|', '/')}`"


# -- programs ----------------------------------------------------------------------------------------------------------


def latex(answer: Answer) -> str:
    """Aligned equations for a paper."""
    parts = []
    for forms in answer.specs:
        lines = [f"% {visible(title(forms))}", r"\begin{align*}"]
        for group in (forms.totals, *groups(forms, answer.by)):
            for metric in CLOSED_METRICS if group is forms.totals else ("params", "multiply_adds"):
                name = LatexWriter({}).name(f"{METRICS[metric].label}" + (f", {group.name}" if group.row else " "))
                lines.append(rf"  {name} &= {forms.sizes.latex(group.counts[metric])} \\")
        lines += [rf"  {name} &= {definition} \\" for name, definition in forms.sizes.latex_definitions()]
        lines += [
            rf"  {LatexWriter({}).name(one.name)} &= {forms.sizes.latex(one.value)} \\" for one in forms.assumptions
        ]
        parts.append("\n".join([*lines, r"\end{align*}"]) + "\n")
    return "\n".join(parts)


def python(answer: Answer) -> str:
    """Functions of the free symbols that return exact counts."""
    parts = []
    for forms in answer.specs:
        names = forms.identifiers
        arguments = ", ".join(names.values())
        lines = [f"# {visible(title(forms))}", *(f"# assuming {one.text}" for one in forms.assumptions)]
        for group in (forms.totals, *groups(forms, answer.by)):
            for metric in CLOSED_METRICS:
                name = identifier(f"{group.name}_{metric}") if group.row else metric
                lines += ["", f"def {name}({arguments}):", f"    return {_python(forms, group.counts[metric])}"]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _python(forms: ClosedForms, form: Polynomial) -> str:
    return python_text(forms.in_symbols(form), forms.identifiers)


def document(answer: Answer) -> str:
    """JSON: one object for one spec; for two, both and their difference."""
    documents = [_document(forms) for forms in answer.specs]
    result: dict[str, Any] = documents[0]
    if answer.differences:
        _, second = answer.specs
        result = {
            "formulas": documents,
            "difference": [_difference_entry(difference, second) for difference in answer.differences],
        }
    if answer.sensitivities:
        result["sensitivities"] = [
            {
                "cell": one.cell,
                "value": one.value,
                **{
                    metric: {"derivative": quantity(slope), "elasticity": round(float(one.elasticities[metric]), 6)}
                    for metric, slope in one.derivatives.items()
                },
            }
            for one in answer.sensitivities
        ]
    return indented(result)


def _document(forms: ClosedForms) -> dict[str, Any]:
    analysis = forms.analysis
    names = forms.identifiers
    return {
        "name": analysis.name,
        "source": analysis.source,
        "variant": analysis.variant,
        "free": list(names.values()),
        "symbols": {chosen: name for name, chosen in names.items()},
        "assumptions": [one.text for one in forms.assumptions],
        "totals": _entries(forms, forms.totals),
        "growth": {metric: growth_words(forms, metric) for metric in CLOSED_METRICS},
        "rows": [{"name": group.name, **_entries(forms, group)} for group in forms.rows],
        "layers": [{"name": group.name, "row": group.row, **_entries(forms, group)} for group in forms.layers],
    }


def _entries(forms: ClosedForms, group: Forms) -> dict[str, dict[str, str]]:
    return {metric: _entry(forms, group.counts[metric]) for metric in CLOSED_METRICS}


def _entry(forms: ClosedForms, form: Polynomial) -> dict[str, str]:
    original = forms.in_symbols(form)
    return {"python": python_text(original, forms.identifiers), "latex": LatexWriter().text(original)}


def _difference_entry(difference: Difference, forms: ClosedForms) -> dict[str, Any]:
    return {
        "name": difference.name,
        "over": difference.over or None,
        **{
            metric: {**_entry(forms, difference.forms[metric]), "signs": _signs(difference, metric)}
            for metric in CLOSED_METRICS
        },
    }


def _signs(difference: Difference, metric: str) -> list[Mapping[str, Any]] | None:
    regions = difference.regions[metric]
    if regions is None:
        return None
    return [
        {
            "from": quantity(Fraction(region.start, difference.step)),
            "to": None if region.stop is None else quantity(Fraction(region.stop, difference.step)),
            "sign": region.sign,
        }
        for region in regions
    ]


FORMATS = {"text": text, "markdown": markdown_text, "latex": latex, "python": python, "json": document}
"""Format -> what writes it."""
