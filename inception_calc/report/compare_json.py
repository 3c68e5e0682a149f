"""A comparison in JSON (docs/compare.md)."""

import json
from typing import Any

from inception_calc.analysis import Analysis, Totals
from inception_calc.analysis.metrics import COMPARABLE, RARE
from inception_calc.comparison import Comparison
from inception_calc.dims import same
from inception_calc.report.compare_causes import account_entry
from inception_calc.report.json_values import listed_lines, number, numbers
from inception_calc.report.table_json import known_entry


def comparison_document(comparison: Comparison) -> str:
    """The JSON of `compare`: subjects, ratios, what was edited, parts, changes."""
    subjects = [
        {
            "name": subject.name,
            "source": subject.analysis.source,
            "variant": subject.analysis.variant,
            "convention": {"multiply_adds": subject.convention},
            "totals": totals_of(subject.analysis),
            **({} if (known := subject.analysis.graph.known) is None else known_entry(known)),
        }
        for subject in comparison.subjects
    ]
    ratios = {
        name: [None if ratio is None else float(ratio) for ratio in found] for name, found in comparison.ratios.items()
    }
    parts = [
        {"name": part.name, "totals": [None if totals is None else _part(totals) for totals in part.totals]}
        for part in comparison.parts
    ]
    accounts = [
        account_entry(index, account, comparison.subjects[index])
        for index, account in enumerate(comparison.accounts, 1)
    ]
    changes = [
        {
            "subject": change.subject,
            "kind": change.kind,
            "row": change.row,
            "layer": change.layer,
            "field": change.field,
            "before": change.before,
            "after": change.after,
            "renamed_from": change.renamed_from,
            "multiply_adds": number(change.multiply_adds),
            "params": number(change.params),
            "file": change.location.file if change.location else None,
            "line": (change.location.line or None) if change.location else None,
        }
        for change in comparison.changes
    ]
    lines = (
        f'\n "subjects": {listed_lines(subjects, 1)}',
        f'\n "ratios": {json.dumps(ratios)}',
        f'\n "accounts": {listed_lines(accounts, 1)}',
        f'\n "by": {json.dumps(comparison.by)}',
        f'\n "parts": {listed_lines(parts, 1)}',
        f'\n "changes": {listed_lines(changes, 1)}',
    )
    return f"{{{','.join(lines)}\n}}\n"


def totals_of(analysis: Analysis) -> dict[str, Any]:
    """Every metric of a network that is known."""
    return _said({name: metric.of(analysis) for name, metric in COMPARABLE.items()})


def _part(totals: Totals) -> dict[str, Any]:
    return _said({name: metric.of_totals(totals) for name, metric in COMPARABLE.items()})


def _said(counts: dict[str, Any]) -> dict[str, Any]:
    """All numbers, rare ones where there are some."""
    return numbers({name: count for name, count in counts.items() if name not in RARE or same(count, 0) is not True})
