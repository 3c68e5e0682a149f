"""Networks -> the document of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inception_calc.analysis import Analysis
from inception_calc.formula.varied import Asked, varied
from inception_calc.page.differences import difference_entries
from inception_calc.page.document import Subject, network_entry
from inception_calc.page.printed import printed_entry
from inception_calc.pictures.register import SPECS
from inception_calc.pictures.roofline import Roof
from inception_calc.pictures.waterfall import subjects_of
from inception_calc.report.text import visible


def document_of(
    analyses: Sequence[tuple[Analysis, Mapping[str, int]]],
    asked: Asked,
    budgets: Mapping[str, tuple[dict[str, Any], ...]] | None = None,
    roof: Roof | None = None,
) -> dict[str, Any]:
    """The document of some networks, each with the values that were chosen for sizes that its file leaves free."""
    networks = []
    for analysis, chosen in analyses:
        found, why = varied(analysis, asked, chosen)
        budget = (budgets or {}).get(analysis.source, ())
        entry = network_entry(Subject(analysis, found, why, printed_entry(analysis), budget))
        if chosen:
            values = ", ".join(f"{visible(name)} = {value}" for name, value in chosen.items())
            entry["notes"].insert(0, f"the file leaves sizes free; here {values}")
        networks.append(entry)
    titles = [entry["title"] for entry in networks]
    for entry in networks:
        if titles.count(entry["title"]) > 1:
            entry["title"] += f" ({entry['source']})"
    subjects = subjects_of([analysis for analysis, _ in analyses], asked.setting)
    return {
        "networks": networks,
        "differences": difference_entries(subjects) if len(subjects) > 1 else [],
        "roof": None if roof is None else roof._replace(said=visible(roof.said))._asdict(),
        "pictures": {name: spec() for name, spec in SPECS.items()},
    }
