"""A check as text, tables, Markdown and JSON."""

import json
from fractions import Fraction
from typing import Any

from inception_calc.budget.judgement import FAIL, PASS, UNDECIDED, WARN, Judgement, Report, Where
from inception_calc.report.check_words import (
    both,
    code_of,
    detail_lines,
    head_line,
    label_of,
    number_text,
    subject_of,
    summary_line,
    told,
    what_of,
    why_text,
)
from inception_calc.report.compare import totals_of
from inception_calc.report.json_values import listed_lines
from inception_calc.report.markdown import escaped
from inception_calc.report.screen import Screen
from inception_calc.report.table import Cell, Column, Table
from inception_calc.report.text import visible

COLUMNS = (
    Column("verdict", "verdict", importance=9),
    Column("budget", "budget", importance=9),
    Column("subject", "spec", importance=8),
    Column("metric", "metric", importance=9),
    Column("value", "value", True, 9),
    Column("limit", "limit", True, 9),
    Column("margin", "margin", True, 6),
    Column("base", "base", True, 5),
    Column("change", "change", True, 7),
    Column("held", "held", True, 4),
)
STYLES = {FAIL: "bold red", UNDECIDED: "bold magenta", WARN: "yellow", PASS: "green"}


def check_table(report: Report) -> Table:
    """One line for each limit, with the worst of what it was held against."""
    groups: dict[tuple[str, str, str], list[Judgement]] = {}
    for judgement in report.judgements:
        groups.setdefault((judgement.id, judgement.section, judgement.metric), []).append(judgement)
    rows = tuple(_row(found[0], found) for found in groups.values())
    notes = (summary_line(report), *report.notes)
    return Table(f"budgets of {report.source}", COLUMNS, rows, (), notes, (("convention", report.convention),))


def _row(worst: Judgement, found: list[Judgement]) -> tuple[Cell, ...]:
    unit, like = worst.unit, worst.limit_text
    value, limit = "", worst.limit_text
    if worst.value is not None:
        value = number_text(worst.value, unit, like)
        if worst.limit is not None:
            value, limit = both(worst.value, worst.limit, unit, like)
    held = sum(judgement.verdict in (PASS, WARN) for judgement in found)
    change = _signed(worst.change, unit, like)
    metric = label_of(worst.metric) if worst.metric else ""
    return (
        Cell(_word(worst), worst.verdict),
        Cell(worst.id, worst.id),
        Cell(subject_of(worst), subject_of(worst)),
        Cell(f"{metric} {worst.limit_text}" if worst.section == "change" else metric, worst.metric),
        _number(value, worst.value),
        _number(limit, worst.limit),
        _number(_signed(worst.margin, unit, like), worst.margin),
        _number(number_text(worst.base, unit, like) if worst.base is not None else "", worst.base),
        _number(change, worst.change),
        Cell(f"{held} of {len(found)}", f"{held}/{len(found)}"),
    )


def _word(judgement: Judgement) -> str:
    quiet = judgement.status in ("within", "over", "risen", "undecided")
    return judgement.verdict if quiet else f"{judgement.verdict} ({judgement.status})"


def _number(text: str, value: Fraction | int | None) -> Cell:
    exact = value if isinstance(value, int) else None if value is None else _plain(value)
    return Cell(text, exact)


def _signed(value: Fraction | int | None, unit: str, like: str) -> str:
    if value is None:
        return ""
    sign = "+" if value > 0 else "-" if value < 0 else ""
    return sign + number_text(max(value, -value), unit, like)


def _plain(value: Fraction) -> int | str:
    return int(value) if value.denominator == 1 else f"{float(value):.9g}"


def plain_text(report: Report, screen: Screen) -> str:
    """Every finding with what explains it, then the table."""
    from inception_calc.report.plain import draw

    parts = ["\n".join(_finding(judgement)) for judgement in told(report)]
    parts.append(draw(check_table(report)).rstrip("\n"))
    return screen.spell("\n\n".join(parts) + "\n")


def _finding(judgement: Judgement) -> list[str]:
    return [visible(head_line(judgement)), *(f"   {visible(line)}" for line in detail_lines(judgement))]


def rich_text(report: Report, screen: Screen) -> str:
    """The same, in colours where the screen has them."""
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    from inception_calc.report.rich_table import draw_on

    system = "standard" if screen.colour else None
    console = Console(file=StringIO(), force_terminal=screen.colour, color_system=system, width=100_000)  # type: ignore[arg-type]
    with console.capture() as capture:
        for judgement in told(report):
            head, *details = _finding(judgement)
            console.print(Text(screen.spell(head), style=STYLES[judgement.verdict]))
            for line in details:
                console.print(Text(screen.spell(line), style="dim"))
            console.print()
    table = check_table(report)
    return capture.get() + draw_on(screen, [table if screen.unicode else table.spelled(screen.spell)])


def markdown_text(report: Report) -> str:
    """For job summaries and comments: the verdict, the table, each finding as a list."""
    from inception_calc.report.markdown import draw

    parts = [f"## inception-calc: {escaped(summary_line(report))}", "", draw(check_table(report))]
    for judgement in told(report):
        parts.append(f"- **{escaped(head_line(judgement))}**")
        parts += [f"  - {escaped(line)}" for line in detail_lines(judgement)]
    return "\n".join(parts).rstrip("\n") + "\n"


def check_document(report: Report) -> str:
    """The JSON of `check` (docs/check.md)."""
    head: dict[str, Any] = {
        "verdict": report.verdict,
        "source": report.source,
        "base": {"name": report.base, "why": report.base_why} if report.base else None,
        "convention": {"multiply_adds": report.convention},
        "notes": list(report.notes),
        "specs": [
            {"spec": name, "variant": analysis.variant, "totals": totals_of(analysis)}
            for name, analysis in report.specs
        ],
    }
    lines = [f"\n {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    budgets = f'\n "budgets": {listed_lines(map(_entry, report.judgements), 1)}'
    return f"{{{','.join([lines[0], budgets, *lines[1:]])}\n}}\n"


def _entry(judgement: Judgement) -> dict[str, Any]:
    place = judgement.location
    limit_place = judgement.limit_location
    entry: dict[str, Any] = {
        "id": judgement.id,
        "verdict": judgement.verdict,
        "status": judgement.status,
        "code": code_of(judgement),
        "spec": judgement.spec,
        "part": judgement.part,
        "name": judgement.name or None,
        "kind": judgement.section or None,
        "metric": judgement.metric or None,
        "unit": judgement.unit,
        "value": _json(judgement.value),
        "limit": _json(judgement.limit),
        "written": judgement.limit_text or None,
        "margin": _json(judgement.margin),
        "base": _json(judgement.base),
        "change": _json(judgement.change),
        "where": [_where(where) for where in judgement.where],
        "what": what_of(judgement),
        "file": place.file if place else None,
        "line": place.line if place else None,
        "limit_file": limit_place.file if limit_place else None,
        "limit_line": limit_place.line if limit_place else None,
    }
    if judgement.problem is not None and judgement.problem.fix:
        entry["fix"] = judgement.problem.fix
    if judgement.message:
        entry["message"] = judgement.message
    if judgement.proposal:
        entry["proposal"] = judgement.proposal
    return entry


def _json(value: Fraction | int | None) -> int | float | None:
    if value is None or isinstance(value, int):
        return value
    return int(value) if value.denominator == 1 else float(value)


def _where(where: Where) -> dict[str, Any]:
    place = where.location
    return {
        "layer": where.layer,
        "line": place.line if place else None,
        "file": place.file if place else None,
        "amount": where.amount,
        "why": why_text(where),
    }
