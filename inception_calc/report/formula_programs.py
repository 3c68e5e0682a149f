"""Closed forms for programs: LaTeX, Python, JSON."""

from collections.abc import Iterable, Mapping
from typing import Any

from inception_calc.analysis.metrics import METRICS
from inception_calc.dims.polynomial import Polynomial
from inception_calc.dims.printing import LatexWriter, python_text
from inception_calc.formula import CLOSED_METRICS, ClosedForms, Difference, Forms
from inception_calc.formula.closed import identifiers, names_of_sizes
from inception_calc.report.formula import SHOWN, Answer, groups, growth_words, sizes_within, title
from inception_calc.report.formula_domain import domain_entry, latex_domain, python_condition
from inception_calc.report.json_values import indented, quantity
from inception_calc.report.notes import known_notes
from inception_calc.report.table_json import known_entry
from inception_calc.report.text import visible

PAPER = LatexWriter({})


def latex(answer: Answer) -> str:
    """Aligned equations for a paper."""
    parts = []
    sizes = answer.sizes
    for forms in answer.specs:
        lines = []
        for group in (forms.totals, *groups(forms, answer.by)):
            for metric in CLOSED_METRICS if group is forms.totals else SHOWN:
                name = PAPER.name(METRICS[metric].label + (f", {group.name}" if group.row else " "))
                lines.append(f"{name} &= {sizes.latex(group.counts[metric])}")
        lines += [f"{name} &= {definition}" for name, definition in sizes_within(forms, sizes).latex_definitions()]
        lines += [f"{PAPER.name(one.name)} &= {sizes.latex(one.value)}" for one in forms.assumptions]
        lines += latex_domain(forms, sizes)
        parts.append(_aligned([title(forms), *known_notes(forms.analysis.graph.known)], lines))
    if answer.differences:
        lines = [
            f"{PAPER.name(f'{METRICS[metric].label}, {one.name}')} &= {sizes.latex(one.forms[metric])}"
            for one in answer.shown_differences
            for metric in SHOWN
        ]
        used = sizes.within(one.forms[metric] for one in answer.shown_differences for metric in SHOWN)
        lines += [f"{name} &= {definition}" for name, definition in used.latex_definitions()]
        parts.append(_aligned([_difference_title(answer)], lines))
    return "\n".join(parts)


def _aligned(headings: Iterable[str], equations: Iterable[str]) -> str:
    comments = "".join(f"% {visible(heading)}\n" for heading in headings)
    body = "".join(f"  {equation} \\\\\n" for equation in equations)
    return f"{comments}\\begin{{align*}}\n{body}\\end{{align*}}\n"


def _difference_title(answer: Answer) -> str:
    first, second = map(title, answer.specs)
    return f"{second} less {first}"


def _latex(forms: ClosedForms, form: Polynomial) -> str:
    """In the free symbols alone."""
    return LatexWriter(forms.letters).text(form)


def _python(forms: ClosedForms, form: Polynomial) -> str:
    """In the free symbols alone."""
    return python_text(forms.in_symbols(form), forms.identifiers)


def python(answer: Answer) -> str:
    """Functions of the free symbols that return exact counts; for two specs, and for their difference, each its own.

    The last one of a spec says where they hold.
    """
    wanted: list[tuple[str, ClosedForms, list[tuple[str, str]]]] = []
    for forms in answer.specs:
        before = f"{title(forms)} " if answer.differences else ""
        functions = [
            (f"{before}{f'{group.name} ' if group.row else ''}{metric}", _python(forms, group.counts[metric]))
            for group in (forms.totals, *groups(forms, answer.by))
            for metric in CLOSED_METRICS
        ]
        functions.append((f"{before}can be built", python_condition(forms)))
        wanted.append((title(forms), forms, functions))
    if answer.differences:
        functions = [
            (
                f"difference {'' if index == 0 else f'{one.name} '}{metric}",
                python_text(one.forms[metric], answer.specs[1].identifiers),
            )
            for index, one in enumerate(answer.differences)
            for metric in CLOSED_METRICS
        ]
        wanted.append((_difference_title(answer), answer.specs[1], functions))
    names = identifiers(name for _, _, functions in wanted for name, _ in functions)
    parts = []
    for heading, forms, functions in wanted:
        lines = [f"# {visible(heading)}", *(f"# assuming {one.text}" for one in forms.assumptions)]
        lines += [f"# {visible(note)}" for note in known_notes(forms.analysis.graph.known)]
        arguments = ", ".join(forms.identifiers.values())
        for name, expression in functions:
            lines += ["", f"def {names[name]}({arguments}):", f"    return {expression}"]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


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
    sizes = names_of_sizes([forms])
    return {
        "name": analysis.name,
        "source": analysis.source,
        "variant": analysis.variant,
        "free": list(names.values()),
        "symbols": {chosen: name for name, chosen in names.items()},
        **_known(forms),
        **domain_entry(forms),
        "totals": _entries(forms, forms.totals),
        "growth": {metric: growth_words(forms, metric, sizes) for metric in CLOSED_METRICS},
        "rows": [{"name": group.name, **_entries(forms, group)} for group in forms.rows],
        "layers": [{"name": group.name, "row": group.row, **_entries(forms, group)} for group in forms.layers],
    }


def _known(forms: ClosedForms) -> dict[str, Any]:
    """What was assumed by the user and, of a file that others wrote, by the walk; what is not known of that."""
    known = forms.analysis.graph.known
    entry = {} if known is None else known_entry(known)
    return {**entry, "assumptions": [*(one.text for one in forms.assumptions), *entry.get("assumptions", ())]}


def _entries(forms: ClosedForms, group: Forms) -> dict[str, dict[str, str]]:
    return {metric: _entry(forms, forms.in_symbols(group.counts[metric])) for metric in CLOSED_METRICS}


def _entry(forms: ClosedForms, form: Polynomial) -> dict[str, str]:
    return {"python": python_text(form, forms.identifiers), "latex": _latex(forms, form)}


def _difference_entry(difference: Difference, forms: ClosedForms) -> dict[str, Any]:
    return {
        "name": difference.name,
        "over": difference.over or None,
        **{
            metric: {
                **_entry(forms, difference.forms[metric]),
                "signs": _signs(difference, metric),
                "changes": _changes(difference, metric),
            }
            for metric in CLOSED_METRICS
        },
    }


def _signs(difference: Difference, metric: str) -> list[Mapping[str, Any]] | None:
    regions, values = difference.regions[metric], difference.values
    if regions is None:
        return None
    return [
        {
            "from": quantity(values.value(region.start)),
            "to": None if region.stop is None else quantity(values.value(region.stop)),
            "sign": region.sign,
        }
        for region in regions
    ]


def _changes(difference: Difference, metric: str) -> list[Mapping[str, Any]] | None:
    changes = difference.changes[metric]
    return None if changes is None else [{"exact": root.text, "about": root.decimal} for root in changes]
