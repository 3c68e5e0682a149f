"""Closed forms for people: text and Markdown. `report/formula_programs.py` has the formats for programs."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from inception_calc.analysis.metrics import METRICS
from inception_calc.dims.named_sizes import NamedSizes
from inception_calc.dims.polynomial import FRACTIONAL
from inception_calc.dims.progression import Progression
from inception_calc.dims.roots import Root
from inception_calc.dims.signs import Region
from inception_calc.formula import CLOSED_METRICS, ClosedForms, Difference, Forms, Sensitivity, growth
from inception_calc.formula.closed import names_of_sizes
from inception_calc.problems import listed
from inception_calc.report import plain
from inception_calc.report.cost_table import title_of
from inception_calc.report.fold import folded
from inception_calc.report.formula_domain import domain_words
from inception_calc.report.markdown import code, draw, escaped
from inception_calc.report.notes import known_notes
from inception_calc.report.output import FILE
from inception_calc.report.screen import Screen
from inception_calc.report.table import Cell, Column, Table
from inception_calc.report.text import exact, percent, visible, with_variant

SHOWN = ("multiply_adds", "params")
"""What parts and differences show; the whole shows all that has a closed form."""
MOST_CELLS = 10
"""Cells that the text shows; JSON has all."""
FREE = "--free"
"""What has all symbols of a list that is shortened: the words stand in JSON too."""
DEGREES = {1: "linear", 2: "quadratic", 3: "cubic"}


class Answer(NamedTuple):
    """What `formula` was asked."""

    specs: Sequence[ClosedForms]
    by: str = "row"
    sensitivities: Sequence[Sensitivity] = ()
    differences: Sequence[Difference] = ()

    @property
    def sizes(self) -> NamedSizes:
        """Names for the sizes of all that is shown: each stands for one size, in both specs and their difference."""
        return names_of_sizes(self.specs, (one.forms[metric] for one in self.differences for metric in SHOWN))

    @property
    def shown_differences(self) -> Sequence[Difference]:
        """The whole, and with rows those that differ."""
        whole, *of_rows = self.differences
        rows = of_rows if self.by != "total" else ()
        return [whole, *(row for row in rows if any(row.forms[metric].terms for metric in SHOWN))]


def title(forms: ClosedForms) -> str:
    """`GoogLeNet @naive`, as differences call it."""
    return with_variant(forms.analysis.name, forms.analysis.variant)


def groups(forms: ClosedForms, by: str) -> tuple[Forms, ...]:
    """The rows or layers that are shown below the total."""
    return {"total": (), "row": forms.rows, "layer": forms.layers}[by]


# -- words -------------------------------------------------------------------------------------------------------------


def sizes_within(forms: ClosedForms, sizes: NamedSizes) -> NamedSizes:
    """The names that the closed forms of one spec need."""
    return sizes.within(form for group in (forms.totals, *forms.rows) for form in group.counts.values())


def legend(forms: ClosedForms, sizes: NamedSizes) -> list[str]:
    """What is free, what is assumed, what the names of sizes mean, where all of it holds."""
    letters = [name if forms.called(name) == name else f"{name} ({forms.called(name)})" for name in forms.free]
    lines = [f"free: {listed(letters, all_in='-f json')}" if letters else "nothing is free"]
    lines += known_notes(forms.analysis.graph.known)
    lines += [f"assuming {one.text}: {one.name} = {sizes.text(one.value)}" for one in forms.assumptions]
    lines += [f"{name} = {text}" for name, text in sizes_within(forms, sizes).definitions()]
    return [*lines, *filter(None, [domain_words(forms, sizes)])]


def growth_words(forms: ClosedForms, metric: str, sizes: NamedSizes) -> str:
    """The degree in each free symbol and the leading term, in words."""
    multiples = {one.name: one.multiple for one in forms.assumptions}
    names = tuple(multiples.get(name, name) for name in forms.free)
    form = forms.totals.counts[metric]
    found = growth(form, names)
    if found.leading is None:
        return f"{METRICS[metric].label}: a smaller or larger of two values decides, so there is no single leading term"
    letters = {name: forms.called(name) for name in names}
    growing = [
        f"{DEGREES.get(degree, f'of degree {degree}')} in "
        + listed((letters[name] for name in names if found.degrees[name] == degree), all_in=FREE)
        for degree in sorted(set(found.degrees.values()) - {0}, reverse=True)
    ]
    if not growing:
        return f"{METRICS[metric].label} do not depend on {listed(letters.values(), 'or', FREE)}"
    still = [letters[name] for name in names if found.degrees[name] == 0]
    words = f"{METRICS[metric].label} are {listed(growing)}"
    words += f", and do not depend on {listed(still, 'or', FREE)}" if still else ""
    return words if form == found.leading else f"{words}; the leading term is {sizes.text(found.leading)}"


def sign_words(difference: Difference, metric: str, specs: Sequence[ClosedForms]) -> str:
    """Where the second costs less, in words."""
    heading = METRICS[metric].label
    first, second = map(title, specs)
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
    name = specs[1].called(difference.over)
    changes = difference.changes[metric] or ()
    between = f"; as many at {name} = {listed(map(_root_text, changes), all_in='-f json')}" if changes else ""
    if len(regions) == 1:
        return f"{heading}: {second} has {words[regions[0].sign]} at every {difference.over}{between}"
    parts = [f"{words[region.sign]} {_range(region, name, difference.values)}" for region in regions]
    return f"{heading}: {second} has {', '.join(parts)}{between}"


def _range(region: Region, name: str, values: Progression) -> str:
    low = values.value(region.start)
    if region.stop is None:
        return f"from {name} = {low} on"
    high = values.value(region.stop)
    if low == high:
        return f"at {name} = {low}"
    return f"up to {name} = {high}" if region.start == 1 else f"from {name} = {low} to {high}"


def _root_text(root: Root) -> str:
    decimals = f"{root.decimal:.6g}"
    exact_enough = not root.radicand and Fraction(decimals) == Fraction(root.text)
    return f"{root.text} ({'' if exact_enough else 'about '}{decimals})"


# -- text and Markdown -------------------------------------------------------------------------------------------------


def text(answer: Answer, screen: Screen = FILE) -> str:
    """The answer as plain text; on a terminal no wider than it."""
    parts: list[str] = []
    sizes = answer.sizes
    for forms in answer.specs:
        lines = [title_of(forms.analysis), *legend(forms, sizes), "", *_equations(forms.totals, sizes)]
        lines += ["", *(growth_words(forms, metric, sizes) for metric in SHOWN)]
        shown = groups(forms, answer.by)
        for metric in SHOWN if shown else ():
            lines += ["", f"{METRICS[metric].label} of each {answer.by}"]
            costing = [group for group in shown if group.counts[metric].terms]
            width = max((len(visible(group.name)) for group in costing), default=0)
            lines += [f"  {visible(group.name).ljust(width)}  {sizes.text(group.counts[metric])}" for group in costing]
        parts.append("\n".join(map(visible, lines)) + "\n")
    if answer.differences:
        parts.append("\n".join(map(visible, _difference_lines(answer, sizes))) + "\n")
    page = folded("\n".join(parts), screen)
    return f"{page}\n{_drawn(sensitivity_table(answer.sensitivities), screen)}" if answer.sensitivities else page


def _drawn(table: Table, screen: Screen) -> str:
    if not screen.is_rich:
        return plain.draw(table)
    from inception_calc.report.rich_table import draw_on

    return draw_on(screen, [table])


def _equations(group: Forms, sizes: NamedSizes) -> list[str]:
    texts = {METRICS[metric].label: sizes.text(group.counts[metric]) for metric in CLOSED_METRICS}
    width = max(map(len, texts))
    return [f"{label.ljust(width)} = {text}" for label, text in texts.items()]


def _difference_lines(answer: Answer, sizes: NamedSizes) -> list[str]:
    first, second = answer.specs
    shown = answer.shown_differences
    whole = shown[0]
    every = (one.forms[metric] for one in shown for metric in SHOWN)
    definitions = sizes.within(every).definitions()
    lines = [f"{title(second)} less {title(first)}", *(f"{name} = {text}" for name, text in definitions)]
    if whole.over == FRACTIONAL:
        steps = f"steps of {whole.values.step}" if whole.values.step != 1 else "whole steps"
        lines.append(f"{second.called(whole.over)} goes in {steps}, at which every filter count of both is whole")
    for difference in shown:
        lines.append(difference.name)
        for metric in SHOWN:
            lines.append(f"  {METRICS[metric].label} = {sizes.text(difference.forms[metric])}")
            lines.append(f"    {sign_words(difference, metric, answer.specs)}")
    return lines


def sensitivity_table(found: Sequence[Sensitivity], most: int = MOST_CELLS) -> Table:
    """What one more of each cell costs, and how far one percent of it moves the total."""
    columns = (
        Column("cell", "cell", importance=9),
        Column("value", "value", numeric=True),
        Column("multiply_adds", "derivative of multiply-adds", numeric=True, importance=8),
        Column("elasticity", "elasticity", numeric=True, importance=9),
        Column("params", "derivative of params", numeric=True, importance=3),
        Column("params_elasticity", "elasticity of params", numeric=True, importance=4),
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
    notes = [
        "derivative: the cost of one more, to first order",
        "elasticity: by how much of one percent the total changes when the cell changes by one percent",
    ]
    if len(found) > most:
        notes.append(f"{most} of {len(found)} cells shown, the most elastic first; `-f json` has all")
    return Table("Which filter count is worth cutting", columns, rows, (), tuple(notes))


def _whole(value: Fraction | int) -> int:
    return round(value)


def markdown_text(answer: Answer) -> str:
    """The answer as Markdown; formulas stand in code spans."""
    parts = []
    sizes = answer.sizes
    for forms in answer.specs:
        lines = [f"### {escaped(title_of(forms.analysis))}", ""]
        lines += [f"- {code(line)}" for line in legend(forms, sizes)]
        lines += ["", "| what | closed form |", "| --- | --- |"]
        lines += [
            f"| {METRICS[metric].label} | {code(sizes.text(forms.totals.counts[metric]), in_cell=True)} |"
            for metric in CLOSED_METRICS
        ]
        lines += ["", *(f"- {code(growth_words(forms, metric, sizes))}" for metric in SHOWN)]
        if shown := groups(forms, answer.by):
            lines += ["", f"| {answer.by} | params | multiply-adds |", "| --- | --- | --- |"]
            lines += [
                f"| {escaped(group.name)} | {code(sizes.text(group.counts['params']), in_cell=True)} "
                f"| {code(sizes.text(group.counts['multiply_adds']), in_cell=True)} |"
                for group in shown
            ]
        parts.append("\n".join(lines) + "\n")
    if answer.differences:
        parts.append("\n".join(f"- {code(line.strip())}" for line in _difference_lines(answer, sizes)) + "\n")
    if answer.sensitivities:
        parts.append(draw(sensitivity_table(answer.sensitivities)))
    return "\n".join(parts)
