"""A check for machines: one entry for each limit and thing it was held against, in JSON and in spreadsheets alike."""

import json
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from inception_calc.budget.judgement import Judgement, Others, Report, Where
from inception_calc.budget.selection import Held
from inception_calc.report.cause_words import edit_entry
from inception_calc.report.check_words import code_of, what_of, why_text
from inception_calc.report.compare_json import totals_of
from inception_calc.report.json_values import listed_lines
from inception_calc.report.table import EMPTY, Cell, Column, Table
from inception_calc.report.table_json import known_entry

KEYS = (
    "id", "verdict", "status", "code", "spec", "part", "name", "kind", "metric", "unit", "value", "limit", "written",
    "margin", "base", "change", "where", "others", "what", "file", "line", "column",
    "limit_file", "limit_line", "limit_column", "fix", "message", "proposal", "node", "at_least",
)  # fmt: skip
"""The keys of an entry, which are the columns of CSV and TSV."""
SOMETIMES = ("fix", "message", "proposal", "node", "at_least")
"""Keys that JSON leaves out where there is nothing to say."""


def check_document(report: Report) -> str:
    """The JSON of `check` (docs/check.md)."""
    head: dict[str, Any] = {
        "verdict": report.verdict,
        "source": report.source,
        "base": {"name": report.base, "why": report.base_why} if report.base else None,
        "convention": {"multiply_adds": report.convention},
        "notes": list(report.notes),
        "specs": [
            {
                "spec": name,
                "variant": analysis.variant,
                "totals": totals_of(analysis),
                **(known_entry(analysis.graph.known) if analysis.graph.known else {}),
            }
            for name, analysis in report.specs
        ],
        "selectors": [_held(held) for held in report.held],
    }
    lines = [f"\n {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    budgets = f'\n "budgets": {listed_lines(map(_json_entry, report.judgements), 1)}'
    return f"{{{','.join([lines[0], budgets, *lines[1:]])}\n}}\n"


def records_table(report: Report) -> Table:
    """What JSON says, one line for each entry, the notes below: the table of CSV and TSV."""
    rows = [tuple(_cell(value) for value in entry(judgement).values()) for judgement in report.judgements]
    notes = [{"status": "note", "what": note} for note in report.notes]
    rows += [tuple(_cell(note.get(key)) for key in KEYS) for note in notes]
    facts = (
        ("source", report.source),
        ("base_name", report.base),
        ("base_why", report.base_why),
        ("convention", report.convention),
    )
    return Table(f"budgets of {report.source}", tuple(Column(key, key) for key in KEYS), tuple(rows), facts=facts)


def entry(judgement: Judgement) -> dict[str, Any]:
    """A judgement by the names of KEYS, as values: numbers are exact."""
    place = judgement.location
    limit_place = judgement.limit_location
    return {
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
        "value": judgement.value,
        "limit": judgement.limit,
        "written": judgement.limit_text or None,
        "margin": judgement.margin,
        "base": judgement.base,
        "change": judgement.change,
        "where": judgement.where,
        "others": judgement.others,
        "what": what_of(judgement),
        "file": place.file if place else None,
        "line": (place.line or None) if place else None,
        "column": (place.column or None) if place else None,
        "limit_file": limit_place.file if limit_place else None,
        "limit_line": limit_place.line if limit_place else None,
        "limit_column": limit_place.column if limit_place else None,
        "fix": (judgement.problem.fix if judgement.problem is not None else "") or None,
        "message": judgement.message or None,
        "proposal": judgement.proposal or None,
        "node": (place.node or None) if place else None,
        "at_least": judgement.at_least or None,
    }


def _where(where: Where) -> dict[str, Any]:
    place = where.location
    return {
        "layer": where.layer,
        "line": (place.line or None) if place else None,
        "file": place.file if place else None,
        "amount": where.amount,
        "why": why_text(where),
        "edits": [] if where.cause is None else [edit_entry(edit) for edit in where.cause.edits],
        "follows": [{"layer": layer, "amount": amount} for layer, amount in where.follows],
    }


def _held(held: Held) -> dict[str, Any]:
    """What a selector holds, and what is different at the base."""
    return {
        "id": held.id,
        "spec": held.spec,
        "kind": held.kind,
        "held": list(held.names),
        "count": held.pinned,
        "base": held.base or None,
        "lost": [
            *({"name": old, "now": [now], "judged": True} for old, now in held.found),
            *({"name": old, "now": list(now), "judged": False} for old, now in held.unclear),
            *({"name": old, "now": [], "judged": False} for old in held.gone),
        ],
        "joined": list(held.joined),
    }


def _json_entry(judgement: Judgement) -> dict[str, Any]:
    found = entry(judgement).items()
    return {key: _json(value) for key, value in found if value is not None or key not in SOMETIMES}


def _json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_where(where) for where in value]
    if isinstance(value, Others):
        return asdict(value)
    if not isinstance(value, Fraction):
        return value
    return int(value) if value.denominator == 1 else float(value)


def _cell(value: Any) -> Cell:
    """A value of an entry as a cell; the layers that explain a number as one text."""
    if value is None:
        return EMPTY
    if isinstance(value, Others):
        return Cell(value="; ".join(f"{key} {number}" for key, number in asdict(value).items()))
    return Cell(value="; ".join(map(_where_text, value)) if isinstance(value, tuple) else value)


def _where_text(where: Where) -> str:
    """`4e +645440 3x3: 320 -> 640 (specs/googlenet.yaml:54) with 5a/1x1 +81920`."""
    number = "" if where.amount is None else f"{where.amount:{'+' if where.change or where.cause else ''}}"
    place = f"({where.location.by_line})" if where.location else ""
    follows = ", ".join(f"{layer} {amount:+}" for layer, amount in where.follows)
    parts = (where.layer, number, why_text(where), place, f"with {follows}" if follows else "")
    return " ".join(part for part in parts if part)
