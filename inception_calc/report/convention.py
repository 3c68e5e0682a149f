"""What another tool prints for the same network: a table with one column for each cause of the gap, and one line."""

from fractions import Fraction
from math import floor, log10
from typing import Any

from inception_calc.analysis.measures import Measures
from inception_calc.conventions.model import Converted
from inception_calc.dims import Dim
from inception_calc.problems import listed
from inception_calc.report.json_values import number
from inception_calc.report.notes import network_notes
from inception_calc.report.table import Cell, Column, Table
from inception_calc.report.text import exact, short
from inception_calc.report.view import View, chosen_groups

SOFTMAX = "the softmax after the last layer is left out: torch's networks leave it to the loss"


def convention_table(converted: Converted, view: View, title: str) -> Table:
    """Multiply-adds of each group, what each cause adds, and what the tool counts."""
    write = exact if view.units == "exact" else short
    causes = list(converted.causes)
    tool = converted.convention.tool
    columns = (
        Column("row", view.by, importance=9),
        Column("multiply_adds", "multiply-adds", numeric=True, importance=8),
        *(Column(cause.replace(" ", "_"), cause, numeric=True, importance=5) for cause in causes),
        Column(f"as_{tool}", f"as {tool}", numeric=True, importance=9),
    )
    rows = []
    for group in chosen_groups(Measures(converted.analysis), view):
        ours = group.totals.multiply_adds
        extras = [converted.extra_of(group.layers, cause) for cause in causes]
        numbers = [ours, *extras, ours + sum(extras)]
        rows.append((Cell(group.name, group.name), *(Cell(write(n), n) if n != 0 else Cell("", n) for n in numbers)))
    totals = [converted.analysis.totals.multiply_adds, *converted.causes.values(), converted.multiply_adds]
    notes = [gap_line(converted), *converted.convention.says]
    if converted.analysis.graph.known is None and any(
        cost.layer.op.op == "softmax" for cost in converted.analysis.layers
    ):
        notes.append(SOFTMAX)
    return Table(
        f"{title}, as {tool} {converted.convention.version} counts",
        columns,
        tuple(rows),
        ((Cell("total", "total"), *(Cell(write(n), n) for n in totals)),),
        (*notes, *network_notes(converted.analysis)),
        (("name", converted.analysis.name), ("variant", converted.analysis.variant), ("tool", tool)),
    )


def gap_line(converted: Converted) -> str:
    """`fvcore 0.1.5 prints 1,504,878,688, +0.43 % of 1,498,376,192: batch norm +6,452,320 (+0.43 %), ...`."""
    ours, theirs = converted.analysis.totals.multiply_adds, converted.multiply_adds
    tool = f"{converted.convention.tool} {converted.convention.version}"
    says = f"{tool} prints {exact(theirs)}"
    if converted.stops:
        says = f"{tool} prints nothing, for {converted.stops}; with what it knows it would print {exact(theirs)}"
    if not converted.causes:
        return f"{says}, as we do"
    parts = [f"{cause} {_signed(n)}{_share(n, ours, ' ({})')}" for cause, n in converted.causes.items()]
    gap = _share(theirs - ours, ours, ", {}")
    return f"{says}, ours is {exact(ours)}{gap}: {listed(parts)}"


def _signed(count: Dim) -> str:
    return exact(count) if isinstance(count, int) and count < 0 else f"+{exact(count)}"


def convention_entry(converted: Converted) -> dict[str, Any]:
    """The JSON of a converted analysis: exact integers, or formulas as texts."""
    return {
        "tool": converted.convention.tool,
        "version": converted.convention.version,
        "multiply_adds": None if converted.stops else number(converted.multiply_adds),
        "gap": {cause: number(count) for cause, count in converted.causes.items()},
        "explained": gap_line(converted),
    }


def _share(part: Dim, whole: Dim, form: str) -> str:
    """`+0.43 %`, `-2.1 %`, two digits where that would be nothing; empty where a symbol is free."""
    if not isinstance(part, int) or not isinstance(whole, int) or not whole:
        return ""
    percent = Fraction(100 * part, whole)
    digits = 2 if abs(percent) >= Fraction(1, 100) or not percent else 1 - floor(log10(abs(percent)))
    return form.format(f"{float(percent):+.{digits}f} %")
