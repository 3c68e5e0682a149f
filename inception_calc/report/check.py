"""A check as text, tables and pages: every finding with what explains it, and one line for each limit."""

from fractions import Fraction

from inception_calc.budget.judgement import FAIL, PASS, UNDECIDED, WARN, Judgement, Report
from inception_calc.report.check_words import (
    both,
    detail_lines,
    head_line,
    label_of,
    number_text,
    subject_of,
    summary_line,
    told,
)
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


def html_text(report: Report) -> str:
    """One page: the verdict, each finding as a section with what explains it, the table."""
    from inception_calc.report.html import SECTIONS, STYLE, draw, escaped, page

    title = f"inception-calc: {summary_line(report)}"
    parts = [f"<h1>{escaped(title)}</h1>"]
    for judgement in told(report):
        parts.append(f'<section class="{judgement.verdict}">\n<h2>{escaped(head_line(judgement))}</h2>')
        if lines := "".join(f"<li>{escaped(line)}</li>" for line in detail_lines(judgement)):
            parts.append(f"<ul>{lines}</ul>")
        parts.append("</section>")
    return page(title, "\n".join([*parts, draw(check_table(report))]), f"{STYLE}\n{SECTIONS}")


def latex_text(report: Report) -> str:
    """The table, and each finding as an item of a list below it: a list may run over pages, a table may not."""
    from inception_calc.report.latex import draw_all, listing

    findings = [(head_line(judgement), list(detail_lines(judgement))) for judgement in told(report)]
    return draw_all([check_table(report)]) + (f"\n{listing(findings)}" if findings else "")
