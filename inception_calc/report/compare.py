"""A comparison as tables."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from inception_calc.analysis import Totals
from inception_calc.analysis.metrics import COMPARABLE
from inception_calc.comparison import Change, Comparison, Part
from inception_calc.problems import counted
from inception_calc.report.compare_causes import causes_table, silent_notes
from inception_calc.report.notes import known_facts, known_notes
from inception_calc.report.table import EMPTY, Cell, Column, Table
from inception_calc.report.text import percent, short, signed

SHOWN = ("params", "multiply_adds")
"""The metrics that tables show; JSON has all."""


def comparison_tables(comparison: Comparison, top: int) -> list[Table]:
    """The totals side by side, what was edited, and the parts that differ; layer by layer where edits are not known."""
    tables = [summary_table(comparison)]
    if comparison.by == "total" or not comparison.changes:
        return tables
    if any(account.causes for account in comparison.accounts):
        tables.append(causes_table(comparison, top, facts_of(comparison)))
    tables += [parts_table(comparison, metric) for metric in SHOWN if _differs(comparison, metric)]
    if comparison.by == "layer" or any(account.unknown for account in comparison.accounts):
        tables.append(changes_table(comparison, top))
    return tables


def facts_of(comparison: Comparison) -> tuple[tuple[str, str], ...]:
    """What machine formats repeat on each line."""
    known = known_facts((subject.name, subject.analysis.graph.known) for subject in comparison.subjects)
    return (*known, ("convention", comparison.subjects[0].convention))


def summary_table(comparison: Comparison) -> Table:
    """One line for each subject: params and multiply-adds, each with its ratio, and what is saved."""
    subjects = comparison.subjects
    rows = []
    for index, subject in enumerate(subjects):
        cells = [Cell(subject.name, subject.name)]
        for metric in SHOWN:
            value = getattr(subject.analysis.totals, metric)
            cells += [Cell(short(value), value), _ratio_cell(comparison.ratios[metric][index])]
        rows.append((*cells, _saving_cell(comparison.ratios["multiply_adds"][index]) if index else EMPTY))
    columns = (
        Column("subject", "spec", importance=9),
        Column("params", "params", True, 9),
        Column("params_ratio", "ratio", True, 7),
        Column("multiply_adds", "multiply-adds", True, 9),
        Column("multiply_adds_ratio", "ratio", True, 8),
        Column("saving", "saving", True, 8),
    )
    notes = [] if comparison.changes else ["no layer differs", *silent_notes(comparison)]
    for subject in subjects:
        if subject.analysis.graph.known is not None:
            notes += [f"{subject.name}: {note}" for note in known_notes(subject.analysis.graph.known)]
    title = f"{subjects[0].name} against {', '.join(subject.name for subject in subjects[1:])}"
    return Table(title, columns, tuple(rows), (), tuple(notes), facts_of(comparison), is_of_one=True)


def _ratio_cell(ratio: Fraction | None) -> Cell:
    return Cell("", None) if ratio is None else Cell(ratio_text(ratio), f"{float(ratio):.6f}")


def ratio_text(ratio: Fraction) -> str:
    """Three decimals, more only where they would hide that a ratio is not 0 or 1."""
    for digits in (3, 6, 9):
        text = f"{float(ratio):.{digits}f}"
        if (Fraction(text) in (0, 1)) == (ratio in (0, 1)):
            return text
    return f"{float(ratio):.12g}"


def _saving_cell(ratio: Fraction | None) -> Cell:
    """What is saved, negative where it costs more; its bar is as long as that is of the reference."""
    if ratio is None:
        return EMPTY
    text = percent(1 - ratio) if ratio <= 1 else f"-{percent(ratio - 1)}"
    return Cell(text, text, ratio - 1)


def parts_table(comparison: Comparison, metric: str) -> Table:
    """The parts whose `metric` differs, largest difference first."""
    subjects, label = comparison.subjects, COMPARABLE[metric].label
    differing = [part for part in comparison.parts if _part_differs(part, metric)]
    differing.sort(key=lambda part: -_size(_differences(part, metric)))
    whole = sum(_size(_differences(part, metric)) for part in differing)
    rows = []
    for part in differing:
        values = [_value(totals, metric) for totals in part.totals]
        cells = [Cell("-" if value is None else short(value), value) for value in values]
        difference = _differences(part, metric)[-1]
        share = Fraction(difference, whole) if whole and isinstance(difference, int) else None
        rows.append((Cell(part.name, part.name), *cells, Cell(signed(difference), difference, share)))
    columns = (
        Column(comparison.by, comparison.by, importance=9),
        *(Column(f"{metric}_{index}", subject.name, True, 8) for index, subject in enumerate(subjects)),
        Column(f"{metric}_difference", "difference", True, 9),
    )
    same = len(comparison.parts) - len(differing)
    notes = [f"{same} of {len(comparison.parts)} {comparison.by}s have the same {label}"] if same else []
    if len(subjects) > 2:
        notes.append(f"the difference is that of {subjects[-1].name}")
    return Table(f"{label} by {comparison.by}", columns, tuple(rows), (), tuple(notes), facts_of(comparison))


def changes_table(comparison: Comparison, top: int) -> Table:
    """What was changed, the largest effect first; layers that only moved along and cost the same are left out."""
    meant = [change for change in comparison.changes if change.kind != "moved along" or _effect(change) != (0, 0)]
    order = sorted(meant, key=_effect, reverse=True)[:top]
    several = len(comparison.subjects) > 2
    rows = []
    for change in order:
        place = change.location.by_line if change.location else ""
        cells = [
            Cell(change.layer, change.layer),
            Cell(change_text(change), change_text(change)),
            Cell(signed(change.multiply_adds), change.multiply_adds),
            Cell(signed(change.params), change.params),
            Cell(place, place),
        ]
        name = comparison.subjects[change.subject].name
        rows.append((Cell(name, name), *cells) if several else tuple(cells))
    columns = [
        Column("layer", "layer", importance=9),
        Column("change", "change", importance=8, prose=True),
        Column("multiply_adds", "multiply-adds", True, 9),
        Column("params", "params", True, 7),
        Column("place", "place", importance=6),
    ]
    if several:
        columns.insert(0, Column("subject", "spec", importance=9))
    notes = [] if len(order) == len(meant) else [f"{len(order)} of {len(meant)} changes shown; --top shows more"]
    notes += [
        f"layer by layer: {why}" for why in dict.fromkeys(account.unknown for account in comparison.accounts) if why
    ]
    if silent := len(comparison.changes) - len(meant):
        notes.append(f"another input at the same cost: {counted(silent, 'more layer')}")
    return Table("changes", tuple(columns), tuple(rows), (), tuple(notes), facts_of(comparison))


def change_text(change: Change) -> str:
    """`3x3: 192 -> 160`, `added: convolution 1x1/1, 64 channels out`, `renamed from 4a/3x3`."""
    if change.kind in ("added", "removed"):
        return f"{change.kind}: {change.after or change.before}"
    if change.kind == "renamed":
        return f"renamed from {change.before}"
    renamed = f", renamed from {change.renamed_from}" if change.renamed_from else ""
    if change.before is None:
        return f"follows from another layer{renamed}"
    return f"{change.field}: {change.before} -> {change.after}{renamed}"


def _effect(change: Change) -> tuple[int, int]:
    sizes = [abs(value) if isinstance(value, int) else 10**30 for value in (change.multiply_adds, change.params)]
    return sizes[0], sizes[1]


def _differs(comparison: Comparison, metric: str) -> bool:
    return any(_part_differs(part, metric) for part in comparison.parts)


def _part_differs(part: Part, metric: str) -> bool:
    """A part that one network does not have differs, whatever it costs."""
    return None in part.totals or any(difference != 0 for difference in _differences(part, metric))


def _value(totals: Totals | None, metric: str) -> Any:
    return None if totals is None else COMPARABLE[metric].of_totals(totals)


def _differences(part: Part, metric: str) -> list[Any]:
    first, *others = (_value(totals, metric) or 0 for totals in part.totals)
    return [other - first for other in others]


def _size(differences: Sequence[Any]) -> int:
    return max(abs(value) if isinstance(value, int) else 10**30 for value in differences)
