"""What the source prints, with the audit's verdict on each number, for the table of a page."""

from __future__ import annotations

from typing import Any

from inception_calc.analysis import Analysis
from inception_calc.audit import PrintedEntry
from inception_calc.report.audit_words import short_how, value_text
from inception_calc.report.text import visible


def printed_entry(analysis: Analysis) -> dict[str, Any] | None:
    """Row -> column -> text and verdict, and what is printed of the whole; None where a source prints nothing.

    The verdicts are on the spec as its source prints it, whatever the setting is.
    """
    if analysis.graph.known is not None or not (analysis.prints or analysis.printed):
        return None
    from inception_calc.analysis.spec_source import spec_of
    from inception_calc.audit.auditor import Auditor
    from inception_calc.audit.references import Library

    found = Auditor(Library(), spec_of(analysis.origin)).audit()
    rows: dict[str, dict[str, Any]] = {}
    for entry in found.printed:
        if entry.row:
            rows.setdefault(visible(entry.row), {})[visible(entry.what)] = _cell(entry)
    whole = [{"what": visible(entry.what), **_cell(entry)} for entry in found.printed if not entry.row]
    for row in analysis.graph.rows:  # what is printed and no count: an error rate
        for what, text in zip(analysis.prints, row.printed, strict=False):
            if text and visible(what) not in rows.get(visible(row.name), {}):
                rows.setdefault(visible(row.name), {})[visible(what)] = {
                    "text": visible(text),
                    "verdict": "",
                    "how": "",
                }
    return {"columns": [visible(what) for what in analysis.prints], "rows": rows, "whole": whole}


def _cell(entry: PrintedEntry) -> dict[str, Any]:
    return {
        "text": visible(entry.printed),
        "verdict": entry.verdict,
        "how": visible(short_how(entry.finding, entry.printed, entry.computed)),
        "computed": value_text(entry.computed),
    }
