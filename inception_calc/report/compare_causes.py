"""The edits behind a comparison: a table with what each costs in all and what follows from it, and the same in JSON."""

from collections.abc import Mapping
from typing import Any

from inception_calc.comparison import Account, Cause, Comparison, Subject
from inception_calc.comparison.compare import followers
from inception_calc.dims import Dim
from inception_calc.problems import counted, listed
from inception_calc.report.cause_words import SHARED, cause_text, edit_entry, edit_text, followers_text
from inception_calc.report.json_values import number, numbers
from inception_calc.report.table import EMPTY, Cell, Column, Table
from inception_calc.report.text import signed

MEANS = "an edit costs what would be saved if it alone were taken back"


def causes_table(comparison: Comparison, top: int, facts: tuple[tuple[str, str], ...]) -> Table:
    """What was edited, the largest cost first, each with the whole cost that follows from it; then what is left."""
    several = len(comparison.subjects) > 2
    rows: list[tuple[Cell, ...]] = []
    notes = [MEANS]
    for subject, account in zip(comparison.subjects[1:], comparison.accounts, strict=True):
        found = [_cause_cells(cause, subject) for cause in account.causes[:top]]
        if account.shared.keys() & {"multiply_adds", "params"}:
            words = Cell("all edits", "all edits"), Cell(SHARED, SHARED)
            found.append((*words, *_amounts(account.shared), EMPTY, EMPTY))
        rows += [(Cell(subject.name, subject.name), *cells) if several else cells for cells in found]
        of = f" of {subject.name}" if several else ""
        if len(account.causes) > top:
            notes.append(f"{top} of {len(account.causes)} edits{of} shown; --top shows more")
    columns = [
        Column("edit", "edit", importance=9),
        Column("change", "change", importance=8, prose=True),
        Column("multiply_adds", "multiply-adds", True, 9),
        Column("params", "params", True, 7),
        Column("follows", "consequences", importance=5, prose=True),
        Column("place", "place", importance=8),
    ]
    if several:
        columns.insert(0, Column("subject", "spec", importance=9))
    return Table("edits", tuple(columns), tuple(rows), (), (*notes, *silent_notes(comparison)), facts)


def _cause_cells(cause: Cause, subject: Subject) -> tuple[Cell, ...]:
    edit = cause.edit
    place = edit.before_location if edit.kind == "removed" else edit.location
    where = place.by_line if place else ""
    text = cause_text(cause)
    follows = followers_text(followers(cause, subject))
    return (
        Cell(edit.name, edit.name),
        Cell(text, text),
        *_amounts(cause.costs),
        Cell(follows, follows),
        Cell(where, where),
    )


def _amounts(costs: Mapping[str, Dim]) -> tuple[Cell, Cell]:
    first, second = (costs.get(name, 0) for name in ("multiply_adds", "params"))
    return Cell(signed(first), first), Cell(signed(second), second)


def silent_notes(comparison: Comparison) -> list[str]:
    """The edits that change no layer."""
    notes = []
    for subject, account in zip(comparison.subjects[1:], comparison.accounts, strict=False):
        if account.silent:
            of = f" of {subject.name}" if len(comparison.subjects) > 2 else ""
            told = listed([f"{edit.name} ({edit_text(edit)})" for edit in account.silent], all_in="-f json")
            notes.append(f"{counted(len(account.silent), 'edit')}{of} without any effect: {told}")
    return notes


def account_entry(index: int, account: Account, subject: Subject) -> dict[str, Any]:
    """What one subject's difference comes from."""
    return {
        "subject": index,
        "causes": [
            {
                "edits": [edit_entry(edit) for edit in cause.edits],
                "why": cause_text(cause),
                "multiply_adds": number(cause.cost("multiply_adds")),
                "params": number(cause.cost("params")),
                "costs": numbers(dict(cause.costs)),
                "follows": [
                    {
                        "layer": change.layer,
                        "multiply_adds": number(change.multiply_adds),
                        "params": number(change.params),
                    }
                    for change in followers(cause, subject)
                ],
            }
            for cause in account.causes
        ],
        "shared": numbers(dict(account.shared)),
        "silent": [edit_entry(edit) for edit in account.silent],
        "unknown": account.unknown or None,
    }
