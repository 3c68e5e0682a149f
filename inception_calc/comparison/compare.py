"""Analyses -> comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from inception_calc.analysis import Analysis, Group, LayerCost, Totals, analyze, with_operators
from inception_calc.analysis.metrics import COMPARABLE
from inception_calc.analysis.model import summed
from inception_calc.comparison.match import Pair, are_of_two_kinds, counts, match_layers, rows_of, sizes_of
from inception_calc.comparison.model import Account, Cause, Change, Comparison, Part, Subject
from inception_calc.comparison.settings import Difference, describe, difference, input_difference
from inception_calc.dims import Dim
from inception_calc.files.references import is_onnx
from inception_calc.graph import GraphRow
from inception_calc.problems import InputError, Location, Problem, Undecided

if TYPE_CHECKING:
    from inception_calc.spec_file import LoadedSpec

GROUPINGS = ("total", "row", "layer", "kind")


def subject_of(spec: str | LoadedSpec, operators: Mapping[str, str] | None = None, **setting: Any) -> Subject:
    """The network behind a SPEC, or of a spec that was loaded, at a setting of `analyze`.

    `operators` says how custom operators of ONNX files are counted.
    """
    if isinstance(spec, str) and is_onnx(spec):
        return Subject(spec, analyze(with_operators(spec, operators or {}), **setting), setting=setting)
    from inception_calc.analysis.spec_source import sizes_judged  # other files do without what reads specs
    from inception_calc.spec_file import load

    with sizes_judged():
        loaded = load(spec) if isinstance(spec, str) else spec
    name = spec if isinstance(spec, str) else f"{loaded.source}@{loaded.variant}"
    return Subject(name, analyze(loaded, **setting), loaded, setting=setting)


def compare(subjects: Sequence[Subject | LoadedSpec | str], by: str = "row") -> Comparison:
    """All subjects against the first one, the reference; `by` is total, row, layer or kind.

    A subject is a SPEC as on the command line, a loaded spec, or a `Subject`, which `subject_of` makes at another
    setting. Raises `InputError` for fewer than two, `Undecided` where they were counted by different conventions.
    """
    found = tuple(subject if isinstance(subject, Subject) else subject_of(subject) for subject in subjects)
    if len(found) < 2:
        raise InputError(Problem("bad-usage", "a comparison needs two specs", None, "add one, or --variants A,B"))
    reference = found[0]
    for other in found[1:]:
        if other.convention != reference.convention:
            raise Undecided(
                Problem(
                    "other-convention",
                    f"'{reference.name}' and '{other.name}' count multiply-adds differently: "
                    f"{reference.convention}; {other.convention}",
                )
            )
    return Comparison(
        found,
        {name: tuple(ratio(reference, subject, name) for subject in found) for name in COMPARABLE},
        tuple(change for index, other in enumerate(found[1:], 1) for change in changes(reference, other, index)),
        by,
        () if by == "total" else parts(found, by),
        () if by == "total" else tuple(account_between(reference, other) for other in found[1:]),
    )


def account_between(reference: Subject, other: Subject) -> Account:
    """The edits between two specs; of files of other kinds there are none to tell."""
    if reference.loaded is None or other.loaded is None:
        return Account(unknown="not both are specs")
    from inception_calc.comparison.causes import account_of

    return account_of(reference, other)


def ratio(reference: Subject, subject: Subject, metric: str) -> Fraction | None:
    """A subject's value over the reference's; None where one is not known, or only at least, or the reference is 0."""
    if any((known := s.analysis.graph.known) and known.gaps for s in (reference, subject)):
        return None
    value, whole = (COMPARABLE[metric].of(s.analysis) for s in (subject, reference))
    return Fraction(value, whole) if isinstance(value, int) and isinstance(whole, int) and whole else None


# ---------------------------------------------------------------------------------------------------------------------
# Changes, layer by layer


def followers(cause: Cause, subject: Subject) -> list[Change]:
    """The layers of a network that only see another input because of an edit."""
    from inception_calc.analysis.spec_source import spec_behind  # only specs have causes

    without = Subject("", cause.without, spec_behind(cause.without.origin))
    return [change for change in changes(without, subject) if change.kind == "moved along"]


@dataclass(frozen=True, slots=True)
class _Sides:
    """The reference, the other subject, and its rows with the row that each one was before."""

    reference: Subject
    other: Subject
    index: int
    rows: Mapping[str, tuple[GraphRow, GraphRow]]


def changes(reference: Subject, other: Subject, index: int = 1) -> list[Change]:
    """Every layer that differs, in the order of `other`."""
    old = {row.name: row for row in reference.analysis.graph.rows}
    names = rows_of(reference.analysis, other.analysis)
    rows = {row.name: (old[names[row.name]], row) for row in other.analysis.graph.rows if row.name in names}
    sides = _Sides(reference, other, index, rows)
    found = (_change(pair, sides) for pair in match_layers(reference.analysis, other.analysis))
    return [change for change in found if change is not None]


def _change(pair: Pair, sides: _Sides) -> Change | None:
    before, after = pair
    reference, other = sides.reference, sides.other
    if are_of_two_kinds(reference.analysis, other.analysis) and _say_the_same(before, after):
        return None
    if before is None or after is None:
        cost, subject = (before, reference) if after is None else (after, other)
        assert cost is not None
        text = describe(cost.layer, subject.analysis.graph)
        kind, was, now = ("added", None, text) if before is None else ("removed", text, None)
        field, location = "layer", subject.analysis.origin.place_of_layer(cost.layer)
    else:
        cost = after
        location = other.analysis.origin.place_of_layer(after.layer)
        graphs = reference.analysis.graph, other.analysis.graph
        two_kinds = are_of_two_kinds(reference.analysis, other.analysis)
        is_moved = two_kinds and before.params == after.params
        changed = None if is_moved else difference(before.layer, after.layer, *graphs, shared=two_kinds)
        is_alike = two_kinds and [*map(sizes_of, before.inputs)] == [*map(sizes_of, after.inputs)]
        entered = None if is_alike else input_difference(before.layer, after.layer, *graphs)
        if two_kinds and changed is None and before.multiply_adds == after.multiply_adds:
            changed = _own_arrays(before, after)
        if changed is not None:
            kind, (field, was, now) = "changed", changed
            column = _column(changed, sides, after) if field == "filters" else None
            if column is not None:
                field, location = column
            if entered is not None and field != "operator":  # which describes both sides in full
                field, was, now = (", ".join(pair) for pair in zip((field, was, now), entered, strict=True))
        elif entered is not None:
            kind, (field, was, now) = "moved along", entered
        elif before.layer.name != after.layer.name:
            kind, field, was, now = "renamed", "name", before.layer.name, after.layer.name
        elif _costs(before) != _costs(after):  # the batch, or who else reads the output
            kind, field, was, now = "moved along", "input", None, None
        else:
            return None
    totals = tuple(None if side is None else summed((side,), side.layer.depth, side.layer.depth) for side in pair)
    return Change(
        kind,
        cost.layer.row,
        cost.layer.name,
        field,
        was,
        now,
        _difference(before, after, "multiply_adds"),
        _difference(before, after, "params"),
        location,
        sides.index,
        totals,  # type: ignore[arg-type]
        before.layer.name if before and after and before.layer.name != after.layer.name else None,
    )


def _own_arrays(before: LayerCost, after: LayerCost) -> Difference | None:
    """Biases that one of two layers with the same kernel has."""
    counts = [f"{cost.biases:,}" if isinstance(cost.biases, int) else str(cost.biases) for cost in (before, after)]
    return Difference("biases", *counts) if counts[0] != counts[1] else None


def _costs(cost: LayerCost) -> tuple[Dim, ...]:
    return cost.params, cost.multiply_adds, cost.element_ops, cost.activation_elements


def _say_the_same(before: LayerCost | None, after: LayerCost | None) -> bool:
    """Whether layers of files of two kinds cost the same; what one of them needs no layer for costs nothing."""
    if before is not None and after is not None:
        return counts(before) == counts(after)
    alone = after if before is None else before
    return alone is not None and not any(counts(alone)[1:])


def _difference(before: LayerCost | None, after: LayerCost | None, name: str) -> Dim:
    return (getattr(after, name) if after else 0) - (getattr(before, name) if before else 0)


def _column(changed: Difference, sides: _Sides, after: LayerCost) -> tuple[str, Location] | None:
    """The block's column that set a layer's filters, and where the row writes it; None where no single one did."""
    loaded = sides.other.loaded
    if after.layer.row not in sides.rows or loaded is None:
        return None
    old, row = sides.rows[after.layer.row]
    fitting = [
        column
        for column, value in row.cells.items()
        if column in old.cells and (str(old.cells[column]), str(value)) == changed[1:]
    ]
    last = after.layer.name.rpartition("/")[2]
    column = last if last in fitting else fitting[0] if len(fitting) == 1 else None
    if column is None:
        return None
    from inception_calc.graph.cells import path_of_cell

    path = path_of_cell(loaded.spec, row.name, column)
    return column, loaded.location(*path, at_key=isinstance(path[-1], str))


# ---------------------------------------------------------------------------------------------------------------------
# Parts side by side


def parts(subjects: Sequence[Subject], by: str) -> tuple[Part, ...]:
    """Rows, layers or kinds with their totals in every subject; renamed ones stand under the reference's name."""
    reference = subjects[0].analysis
    columns = [_totals(reference, by)]
    for subject in subjects[1:]:
        names = _names(reference, subject.analysis, by)
        columns.append({names.get(name, name): totals for name, totals in _totals(subject.analysis, by).items()})
    order = dict.fromkeys(name for column in columns for name in column)
    return tuple(Part(name, tuple(column.get(name) for column in columns)) for name in order)


def _totals(analysis: Analysis, by: str) -> dict[str, Totals]:
    groups: Mapping[str, Iterable[Group]] = {
        "row": analysis.rows if by == "row" else (),
        "layer": analysis.single_layers if by == "layer" else (),
        "kind": analysis.kinds if by == "kind" else (),
    }
    return {group.name: group.totals for group in groups[by]}


def _names(before: Analysis, after: Analysis, by: str) -> dict[str, str]:
    """Name afterwards -> name before, where they were matched."""
    if by == "row":
        return rows_of(before, after)
    if by == "layer":
        pairs = match_layers(before, after)
        return {pair.after.layer.name: pair.before.layer.name for pair in pairs if pair.before and pair.after}
    return {}
