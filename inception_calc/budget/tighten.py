"""`check --tighten`: limits that went stale are rewritten in place, and the rows that selectors hold are counted.

Every other byte of the file stays. The new text is read before it is written: it says what was meant, or nothing is
written at all.
"""

from collections.abc import Iterator
from typing import NamedTuple

from inception_calc.budget.judgement import Report
from inception_calc.budget.models import Budget
from inception_calc.budget.read import Budgets, read_text
from inception_calc.budget.selector import COUNT
from inception_calc.files.whole import whole_file
from inception_calc.problems import InputError, Location, Problem
from inception_calc.spec_file.nodes import Mapping, Node, Scalar
from inception_calc.spec_file.places import find

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Edit(NamedTuple):
    """A text of the budget file that another one takes the place of; an empty one where something is put in."""

    line: int
    """From 1, as the column."""
    column: int
    before: str
    after: str
    said: str


def tighten(budgets: Budgets, report: Report) -> list[str]:
    """Writes the proposed limits and the numbers of rows that are held; one line in words for each."""
    edits = sorted([*_limits(report), *_counts(budgets, report)], key=lambda edit: edit[:2])
    if not edits:
        return []
    lines = budgets.path.read_bytes().decode("utf-8").split("\n")
    for edit in reversed(edits):  # from the end, so that earlier places stay right
        _apply(lines, edit, budgets)
    text = "\n".join(lines)
    _check_reads(text, budgets, report)
    with whole_file(budgets.path, even_if_read=True) as file:
        file.write(text.encode("utf-8"))
    return [edit.said for edit in edits]


def _limits(report: Report) -> Iterator[Edit]:
    for judgement in report.judgements:
        place = judgement.limit_location
        if judgement.proposal and place is not None:
            change = f"{judgement.metric}: {judgement.limit_text} -> {judgement.proposal}"
            said = f"{place.file}:{place.line}: {judgement.id}: {change}"
            yield Edit(place.line, place.column, judgement.limit_text, judgement.proposal, said)


def held_by(report: Report, budget: Budget) -> int | None:
    """How many parts a budget holds in all its specs; None where it is not known, or where it lost some."""
    holdings = [held for held in report.held if held.id == budget.id]
    unknown = any(j.id == budget.id and j.problem is not None for j in report.judgements)
    if not holdings or unknown or any(held.lost for held in holdings):
        return None
    return sum(len(held.names) for held in holdings) or None


def _counts(budgets: Budgets, report: Report) -> Iterator[Edit]:
    """A number for each selector that pins none, and a larger one where it holds more by now."""
    for index, budget in enumerate(budgets.file.budgets):
        selector, held = budget.selector, held_by(report, budget)
        if selector is None or held is None or held <= (selector.pinned or 0):
            continue
        key = "rows" if budget.rows is not None else "layers"
        place = budgets.location("budgets", index, key, COUNT)
        node = _node(budgets, "budgets", index, key)
        if selector.pinned is not None and place is not None:
            said = f"{place.file}:{place.line}: {budget.id}: {COUNT}: {selector.pinned} -> {held}"
            yield Edit(place.line, place.column, str(selector.pinned), str(held), said)
        elif isinstance(node, Mapping):
            yield _put_in(node, budget, held)


def _put_in(node: Mapping, budget: Budget, held: int) -> Edit:
    """A count behind the last value of a selector, in braces or on a line of its own."""
    last = list(node.values.values())[-1]
    key = list(node.keys.values())[-1]
    said = f"{node.document.file}:{last.line + 1}: {budget.id}: {COUNT}: {held}"
    if node.document.line(node.line)[node.column : node.column + 1] == "{":
        return Edit(last.line + 1, last.column + 1 + _width(last), "", f", {COUNT}: {held}", said)
    return Edit(last.line + 2, 1, "", f"{' ' * key.column}{COUNT}: {held}\n", said)


def _width(node: Node) -> int:
    return node.width() if isinstance(node, Scalar) else 0


def _node(budgets: Budgets, *path: str | int) -> Node | None:
    return None if budgets.root is None else find(budgets.root, path)[0]


def _apply(lines: list[str], edit: Edit, budgets: Budgets) -> None:
    if edit.after.endswith("\n"):  # a line of its own, which ends as its neighbour does
        end = "\r" if lines[edit.line - 2].endswith("\r") else ""
        lines.insert(edit.line - 1, edit.after[:-1] + end)
        return
    start = edit.column - 1 + (edit.line == 1 and lines[0].startswith(BOM))  # the reader does not count it
    line = lines[edit.line - 1]
    end_column = start + len(edit.before)
    if line[start:end_column] != edit.before:
        place = Location(budgets.source, edit.line, edit.column, max(1, len(edit.before)), line)
        what = f"the limit '{edit.before}' does not stand here any more"
        raise InputError(Problem("moved", what, place, "run it again"))
    lines[edit.line - 1] = line[:start] + edit.after + line[end_column:]


def _check_reads(text: str, budgets: Budgets, report: Report) -> None:
    """Raises `InputError` where the new text would not say what was meant: an odd way of writing YAML."""
    meant = [_meant(budget, report) for budget in budgets.file.budgets]
    try:
        found = read_text(text.removeprefix(BOM), budgets.path, budgets.source).file.budgets
    except InputError:
        found = ()
    if [(b.id, b.selector, {n: m.text for n, m in b.max.items()}) for b in found] != meant:
        what = "this file is written in a way that cannot be rewritten in place"
        raise InputError(Problem("odd-yaml", f"'{budgets.source}': {what}", None, "write the limits by hand"))


def _meant(budget: Budget, report: Report) -> tuple[object, ...]:
    selector, held = budget.selector, held_by(report, budget)
    if selector is not None and held is not None:
        selector = selector._replace(pinned=max(held, selector.pinned or 0))
    new = {j.metric: j.proposal for j in report.judgements if j.id == budget.id and j.proposal}
    return budget.id, selector, {name: new.get(name, limit.text) for name, limit in budget.max.items()}
